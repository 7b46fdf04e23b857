/** The doctor's command, run as it stands on a machine that is root's alone: who may run the helper then, and who not. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HelperFile, lookAtHelper } from '../../main/capture/live/doctor/helper-file.ts';
import {
  dangers,
  refusalProblem,
  type RightsFacts,
  witnessProblem,
} from '../../main/capture/live/doctor/helper-rights.ts';
import { runProgram } from '../../main/capture/live/doctor/run-program.ts';
import { canCapture, PLAIN, WITNESS } from './support/programs.ts';

const GETCAP = '/usr/sbin/getcap';
const NOBODY = ['setpriv', '--reuid=nobody', '--regid=nogroup', '--inh-caps=-all'];
/** In a mount namespace with an /etc of its own, so that no group of this machine changes; sudo is for others. */
const ON_A_COPY = ['--mount', '--propagation', 'private', 'sh', '-e', '-c'];

describe.skipIf(!canCapture)('the command that gives the helper its rights', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'resetscope-rights-'));
    chmodSync(folder, 0o755);
    execFileSync('cp', ['-a', '/etc', join(folder, 'etc')]);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  const run = (script: string): string =>
    execFileSync(
      'unshare',
      [...ON_A_COPY, `mount --bind '${folder}/etc' /etc; sudo() { "$@"; }; ${script}`],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
    );

  /** As somebody of no group, and as a member of those in /etc/group. */
  function codesOf(program: string): string {
    // setpriv itself still has root's right to run everything; what it starts has not.
    const list = `env '${program}' list >'${folder}/list' 2>/dev/null`;
    return run(
      [
        'code=0',
        `${NOBODY.join(' ')} --clear-groups ${list} || code=$?; echo "stranger $code"`,
        'code=0',
        `${NOBODY.join(' ')} --init-groups ${list} || code=$?; echo "member $code"`,
        `grep -c EN10MB '${folder}/list' || true`,
      ].join('\n'),
    );
  }

  function bare(from: string, name: string): string {
    const program = join(folder, name);
    copyFileSync(from, program);
    chmodSync(program, 0o755);
    return program;
  }

  const look = async (path: string): Promise<HelperFile> =>
    (await lookAtHelper(path, 'nobody', GETCAP, runProgram)) as HelperFile;
  const factsOf = (helper: HelperFile, witnessHelper: HelperFile): RightsFacts => {
    return { helper, witnessHelper, userName: 'nobody', hasDpkg: true };
  };

  it('lets members of its group capture, and nobody else run it', async () => {
    const paths = [bare(PLAIN, 'resetscope-capd'), bare(WITNESS, 'resetscope-capd-witness')];
    const [helper, witness] = await Promise.all(paths.map(look));
    const facts = factsOf(helper, witness);
    const problems = [refusalProblem(helper, facts), witnessProblem(facts, 'make')];
    for (const [i, { command }] of problems.entries()) {
      // Twice: whoever runs it again has lost nothing.
      run(`${command}\n${command}`);
      expect(codesOf(paths[i])).toBe('stranger 126\nmember 0\n1\n');
    }
    const [right, rightWitness] = await Promise.all(paths.map(look));
    expect(right.capabilities.toSorted()).toEqual(['cap_net_admin', 'cap_net_raw']);
    expect(rightWitness.capabilities).toContain('cap_sys_admin');
    expect(dangers(factsOf(right, rightWitness))).toEqual([]);
  });

  it('cures a helper that everybody may run, or that has the rights of the witness', async () => {
    const witness = await look(WITNESS);
    const rights = 'cap_net_raw,cap_net_admin,cap_sys_admin,cap_dac_override=eip';
    const spoilt: readonly (readonly [string, (path: string) => void])[] = [
      ['setcap', (path) => execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', path])],
      ['set-uid', (path) => chmodSync(path, 0o4755)],
      [
        'mighty',
        (path) => {
          chmodSync(path, 0o750);
          execFileSync('setcap', [rights, path]);
        },
      ],
    ];
    for (const [name, spoil] of spoilt) {
      const path = bare(PLAIN, name);
      spoil(path);
      const found = dangers(factsOf(await look(path), witness));
      expect(found, name).toMatchObject([{ weight: 'danger' }]);
      run(`${found[0].command}`);
      expect(codesOf(path)).toBe('stranger 126\nmember 0\n1\n');
      expect(dangers(factsOf(await look(path), witness))).toEqual([]);
    }
  });
});
