import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from '../model/failure.ts';
import type { Verdict } from '../model/verdict.ts';
import { CAUSE_CODES } from '../model/cause.ts';
import { failureCommands, resetCommands } from './commands.ts';

const ROW = { client: '192.0.2.1:40000', server: '198.51.100.7:443' };
const VERDICT = {
  claimed: 'server',
  origin: { kind: 'unknown' },
  cause: { code: 'idle-timeout' },
  matters: true,
  path: { capturePoint: 'client', vantages: [] as readonly object[] },
} as Verdict;

const verdict = (changes: object): Verdict => ({ ...VERDICT, ...changes });

describe('commands of a verdict', () => {
  it('prove who made it where that is open, at the host in whose name it came', () => {
    const [proof] = resetCommands(ROW, VERDICT);
    expect(proof.where).toBe('server');
    expect(proof.command).toBe(
      "tcpdump -nn -i any -Q out 'tcp[tcpflags] & tcp-rst != 0 and dst host 192.0.2.1'",
    );
  });

  it('prove nothing that a capture nearer to that host has shown', () => {
    const vantages = [{ file: 1, at: 1, sees: 'absent' }];
    const commands = resetCommands(ROW, verdict({ path: { capturePoint: 'client', vantages } }));
    expect(commands.some(({ command }) => command.startsWith('tcpdump'))).toBe(false);
    expect(commands[0].command).toContain('traceroute');
  });

  it('have nothing to prove of a host that did it', () => {
    const commands = resetCommands(
      ROW,
      verdict({ origin: { kind: 'endpoint' }, cause: { code: 'connection-refused' } }),
    );
    expect(commands.map(({ command }) => command)).toContain("ss -ltnp 'sport = :443'");
    expect(commands.some(({ command }) => command.startsWith('tcpdump'))).toBe(false);
  });

  it('read flags behind the fixed header of IPv6', () => {
    const [proof] = resetCommands({ client: '[2001:db8::1]:40000', server: '[2001:db8::2]:443' }, VERDICT);
    expect(proof.command).toContain('ip6[53] & 4 != 0');
  });

  it('cure nothing that does not matter', () => {
    expect(resetCommands(ROW, verdict({ matters: false, origin: { kind: 'endpoint' } }))).toEqual([]);
  });

  it('hold nothing that is no address', () => {
    expect(resetCommands({ client: '$(reboot):1', server: ROW.server }, VERDICT)).toEqual([]);
    expect(resetCommands({ client: ROW.client, server: "10.0.0.1';x:443" }, VERDICT)).toEqual([]);
  });

  it.each(CAUSE_CODES)('of %s are few lines without a break', (code) => {
    for (const { command, purpose } of resetCommands(ROW, verdict({ cause: { code } }))) {
      expect(command).toMatch(/^[\x20-\x7e]+$/);
      expect(purpose).toMatch(/\.$/);
    }
  });
});

it.each(FAILURE_KINDS)('commands of the failure %s name its server or its port', (kind) => {
  const commands = failureCommands({ ...ROW, kind, protocol: 'tcp' });
  expect(commands.length).toBeGreaterThan(0);
  expect(commands.map(({ command }) => command).join('\n')).toMatch(/443|198\.51\.100\.7|192\.0\.2\.1/);
});
