import { describe, expect, it } from 'vitest';
import { adviceOn } from './advice.ts';
import { asDisplayFilter } from './capture-syntax.ts';
import { parseFilter } from './parse.ts';

function advised(text: string): string | undefined {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return adviceOn(text, parsed.value)?.text;
}

describe('advice on a filter that can be read', () => {
  it.each([
    ['tcp.flags.syn', 'tcp.flags.syn == 1'],
    ['tcp.flags.syn && !tcp.flags.ack', 'tcp.flags.syn == 1 && !tcp.flags.ack == 1'],
    ['host 192.0.2.1', 'ip.addr == 192.0.2.1'],
    ['tcp port 443', 'tcp.port == 443'],
    ['tcp.port in {80 443}', 'tcp.port in {80, 443}'],
  ])('%s', (text, better) => {
    expect(advised(text)).toBe(better);
    expect(parseFilter(better).ok).toBe(true);
    expect(advised(better)).toBeUndefined();
  });

  it.each(['', 'tcp', 'tcp.flags', 'tcp.flags.syn == 0', 'host:www.example.net', 'port:443', 'acme port'])(
    'there is none on %s',
    (text) => {
      expect(advised(text)).toBeUndefined();
    },
  );
});

describe('a capture filter', () => {
  it.each([
    ['port 53', 'tcp.port == 53 or udp.port == 53'],
    ['src host 10.0.0.1 and udp dst port 53', 'ip.src == 10.0.0.1 and udp.dstport == 53'],
    ['host 10.0.0.1 && port 80', 'ip.addr == 10.0.0.1 and (tcp.port == 80 or udp.port == 80)'],
    ['not tcp port 22 and net 10.0.0.0/8', 'not (tcp.port == 22) and ip.addr == 10.0.0.0/8'],
    ['host 2001:db8::1 or tcp portrange 8000-8080', 'ipv6.addr == 2001:db8::1 or tcp.port in {8000..8080}'],
  ])('%s', (text, display) => {
    expect(asDisplayFilter(text)).toBe(display);
    expect(parseFilter(display).ok).toBe(true);
  });

  it.each([
    '',
    'host',
    'host www.example.net',
    'port https',
    'host 10.0.0.1 and',
    'host 10.0.0.1 and port 80 or port 81',
    'ip.addr == 10.0.0.1',
    `${'port 1 or '.repeat(40)}port 2`,
  ])('is none: %s', (text) => {
    expect(asDisplayFilter(text)).toBeNull();
  });

  it('is what the error offers where it cannot be read', () => {
    const parsed = parseFilter('host 10.0.0.1 and tcp port 80');
    expect(parsed).toMatchObject({
      ok: false,
      error: { suggestion: { text: 'ip.addr == 10.0.0.1 and tcp.port == 80' } },
    });
  });

  it.each(['tcp.completeness', '!tcp.completeness', 'tcp.completeness == 31', 'tcp.completeness and ip'])(
    'is near names where a field is not read, and no search for its name: %s',
    (text) => {
      const parsed = parseFilter(text);
      expect(parsed).toMatchObject({ ok: false, error: { suggestion: null } });
      expect(!parsed.ok && parsed.error.message).toMatch(
        /^Resetscope does not read the field “tcp\.completeness”; near names: tcp\./,
      );
    },
  );

  it.each([
    ['tcp.port = 80', 'tcp.port == 80'],
    ['tcp.port=>80', 'tcp.port>=80'],
  ])('%s is offered as it is written here', (text, better) => {
    expect(parseFilter(text)).toMatchObject({ ok: false, error: { suggestion: { text: better } } });
  });
});
