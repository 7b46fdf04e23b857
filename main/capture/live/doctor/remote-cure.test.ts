import { expect, it } from 'vitest';
import { remoteCure } from './remote-cure.ts';

it.each([
  [
    'no-permission',
    "ann@web: tcpdump: eth0: You don't have permission",
    'remote-permission',
    /^ssh -t ann@web .*setcap/u,
  ],
  ['remote', 'ann@web: sh: 8: exec: tcpdump: not found', 'remote-tcpdump', null],
  ['remote', 'ann@web: ann@web: Permission denied (publickey).', 'remote-login', /^ssh ann@web true$/u],
  ['remote', 'ann@web: Host key verification failed.', 'remote-login', /^ssh ann@web true$/u],
] as const)('knows what helps against %s, %s', (code, message, problem, command) => {
  const cure = remoteCure({ code, message }, 'ann@web');
  expect(cure).toMatchObject({ code: problem, weight: 'blocks' });
  expect(cure?.title).toContain('ann@web');
  if (command === null) expect(cure?.command).toBeNull();
  else expect(cure?.command).toMatch(command);
});

it('claims nothing where it does not know', () => {
  expect(remoteCure({ code: 'remote', message: 'web: Connection refused' }, 'web')).toBeNull();
  expect(remoteCure({ code: 'no-such-interface', message: 'web: eth9: No such device' }, 'web')).toBeNull();
});

it('puts no name of a host into a shell unquoted', () => {
  const cure = remoteCure({ code: 'remote', message: 'Permission denied' }, 'a;b');
  expect(cure?.command).toBe("ssh 'a;b' true");
});
