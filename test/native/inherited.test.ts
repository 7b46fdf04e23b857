/** What the helper keeps of what its parent chose for it: nothing but the standard streams and the folder. */
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { INHERITED, isBuilt, SANITIZED, SANITIZER_ENV } from './support/programs.ts';

/** Starts what follows with descriptors of its own and SIGPROF blocked. */
const PARENT = `import os, resource, signal, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
for fd in (3, 7, 8, 1000, 4095): os.dup2(0, fd, inheritable=True)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGPROF})
os.execv(sys.argv[1], sys.argv[1:])`;

function startedBy(...command: readonly string[]): string {
  return execFileSync('/usr/bin/python3', ['-S', '-E', '-c', PARENT, ...command], {
    encoding: 'utf8',
    env: { ...SANITIZER_ENV, PCAP_SOMETHING: '1', HOSTALIASES: '/tmp/aliases' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

describe.skipIf(!isBuilt)('what the capture helper inherits', () => {
  it.each([
    ['-1', 'open: 0 1 2'],
    ['3', 'open: 0 1 2 3'],
    ['8', 'open: 0 1 2 8'],
    ['4095', 'open: 0 1 2 4095'],
    // One that is not open is not opened.
    ['9', 'open: 0 1 2'],
  ])('are no descriptors but %s, no environment, no blocked signals', (kept, open) => {
    expect(startedBy(INHERITED, kept)).toBe(`${open}\nenvironment: empty\nblocked: 0\n`);
  });

  it('does not take the time limit from its compiler', () => {
    // Hundreds of ports: the optimizer takes minutes.
    const ports = Array.from({ length: 900 }, (_, i) => `port ${i * 7 + 1}`).join(' or ');
    expect(() => startedBy(SANITIZED, 'check', '--filter', ports)).toThrow(/more than 5 s to compile/);
  });
});
