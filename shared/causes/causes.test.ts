import { describe, expect, it } from 'vitest';
import { CAUSE_CODES } from '../model/cause.ts';
import type { CauseCode } from '../model/cause.ts';
import { CAUSES, causeOf } from './list.ts';

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

/** Causes that no setting of the systems people run brings about: rules of firewalls, forged packets, scans. */
const WITHOUT_SETTINGS: readonly CauseCode[] = [
  'firewall-reject',
  'host-firewall-reject',
  'icmp-refused',
  'injected',
  'half-open-scan',
  'backscatter',
  'unacceptable-segment',
  'unknown',
];

/** Causes that the defaults of many systems bring about. */
const OF_MANY_SYSTEMS: readonly CauseCode[] = [
  'idle-timeout',
  'keepalive-timeout',
  'data-after-close',
  'stale-connection',
  'stateful-device-lost-flow',
  'nat-state-lost',
  'listen-overflow',
  'connection-age-limit',
];

/** A number with its unit, a list of values, or words. */
const UNIT =
  /\b(ms|s|min|h|days?|bytes|KiB|MiB|GiB|connections|requests|handshakes|times|probes|to \d+|TLSv1\.\d|127\.0\.0\.1(:\d+)?)\b|^(\d: |\d$)/;

describe('settings that cure causes', () => {
  const all = [...new Set(CAUSES.flatMap(({ settings }) => settings ?? []))];

  it.each(CAUSE_CODES.filter((code) => !WITHOUT_SETTINGS.includes(code)))('%s has some', (code) => {
    const settings = causeOf(code).settings ?? [];
    expect(settings.length).toBeGreaterThanOrEqual(2);
    expect(new Set(settings).size).toBe(settings.length);
  });

  it.each(WITHOUT_SETTINGS)('%s has none', (code) => {
    expect(causeOf(code).settings).toBeUndefined();
  });

  it.each(OF_MANY_SYSTEMS)('%s names the systems that people run', (code) => {
    const systems = new Set((causeOf(code).settings ?? []).map(({ system }) => system));
    expect(systems.size).toBeGreaterThanOrEqual(9);
  });

  it('each is written once', () => {
    const names = all.map(({ system, setting }) => `${system}: ${setting}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it('each has a document of the system itself behind it', () => {
    for (const { source } of all) {
      expect(source).toMatch(/^https:\/\/[a-z0-9.-]+\/\S*$/);
      expect(source).not.toMatch(/stackoverflow|medium\.com|wikipedia|blog/);
    }
  });

  it('each default that is a number has its unit', () => {
    const bare = all.filter((one) => /\d/.test(one.default) && !UNIT.test(one.default));
    expect(bare.map(({ system, setting, default: value }) => `${system} ${setting} ${value}`)).toEqual([]);
  });

  it('each is told in a line', () => {
    for (const { system, setting, default: value, since } of all) {
      expect(system.length).toBeLessThanOrEqual(40);
      expect(setting.length).toBeLessThanOrEqual(62);
      expect(value.length).toBeLessThanOrEqual(80);
      expect(since ?? '').not.toMatch(/\.$/);
    }
  });
});
