import { describe, expect, it } from 'vitest';
import { CAUSE_CODES } from '../model/cause.ts';
import { causeOf } from './list.ts';

describe('texts of causes', () => {
  it.each(CAUSE_CODES)('%s is told in full', (code) => {
    const text = causeOf(code);
    expect(text.title.length).toBeLessThan(50);
    expect(text.what.split(/\.\s/).length).toBeLessThanOrEqual(3);
    for (const part of [text.what, text.seen, text.fatal, text.unlike, text.dataLoss, text.confirm])
      expect(part).toMatch(/[.)]$/);
    expect(text.client.length).toBeGreaterThan(0);
    expect(text.server.length).toBeGreaterThan(0);
  });

  it.each(CAUSE_CODES)('%s is set apart from a timeout or a polite close', (code) => {
    expect(causeOf(code).unlike).toMatch(/time ?out|times out|timed out|silence|FIN|SYN|packet/i);
  });

  it.each(CAUSE_CODES)('%s names a command or setting to look at', (code) => {
    const { client, server, confirm } = causeOf(code);
    expect([...client, ...server, confirm].join(' ')).toMatch(
      /\b(ss|nstat|sysctl|conntrack|tcpdump|nft|nc|openssl|journalctl|arping|ping|nginx|HAProxy|SO_LINGER|net\.ipv4)\b/,
    );
  });

  it('has a title of its own for each cause', () => {
    const titles = CAUSE_CODES.map((code) => causeOf(code).title);
    expect(new Set(titles).size).toBe(titles.length);
  });

  it('names the errors that programs report', () => {
    expect(causeOf('aborted').seen).toContain('10054');
    expect(causeOf('connection-refused').seen).toContain('ECONNREFUSED');
  });
});
