/** What the capture helper may do, as whom, and what is left of that once it captures. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, copyFileSync, mkdtempSync, openSync, readdirSync } from 'node:fs';
import { readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WITNESS_CAPABILITIES } from '../../main/capture/live/doctor/helper-file.ts';
import { ofKind, WITNESS_STARTED, WITNESS_UNAVAILABLE } from './support/blocks.ts';
import { CABLE, Network, THERE, udpProgram } from './support/network.ts';
import { canCapture, HOSTILE_COMPILER, PLAIN, SANITIZED, WITNESS } from './support/programs.ts';
import { RunningCapture } from './support/running.ts';

const CALLED_WITNESS = ['bash', '-c', 'exec -a resetscope-capd-witness "$@"', 'bash'];
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=-all'];

describe.skipIf(!canCapture)('privileges of the capture helper', () => {
  let network: Network;
  let folder: string;
  beforeAll(() => {
    network = new Network();
    folder = mkdtempSync(join(tmpdir(), 'resetscope-native-'));
    chmodSync(folder, 0o755);
  });
  afterAll(() => {
    network.remove();
    rmSync(folder, { recursive: true });
  });

  /** A copy that anybody may run. */
  function copy(from: string, name: string): string {
    const program = join(folder, name);
    copyFileSync(from, program);
    chmodSync(program, 0o755);
    return program;
  }

  const expectNothingLeft = (capture: RunningCapture): void => {
    const fields = ['CapInh', 'CapPrm', 'CapEff', 'CapAmb', 'NoNewPrivs', 'Seccomp'];
    expect(fields.map((field) => [field, capture.status(field)])).toEqual([
      ['CapInh', '0000000000000000'],
      ['CapPrm', '0000000000000000'],
      ['CapEff', '0000000000000000'],
      ['CapAmb', '0000000000000000'],
      ['NoNewPrivs', '1'],
      ['Seccomp', '2'],
    ]);
  };

  async function expectItWorks(capture: RunningCapture): Promise<void> {
    await capture.captures();
    expectNothingLeft(capture);
    network.python(network.here, udpProgram(THERE, 4100, 10, 10));
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    expect(ofKind(capture.blocks(), 'packet').length).toBe(10);
  }

  const ARGS = ['--interface', CABLE, '--filter', 'udp port 4100'];

  it.each([
    ['the program as it ships', PLAIN],
    ['the sanitized one', SANITIZED],
  ])('are gone once it captures: root with %s', async (_name, program) => {
    const capture = await new RunningCapture(network.here, ARGS, { program }).captures();
    // What a program that it could start would have at most.
    expect(capture.status('CapBnd')).toBe('0000000000000000');
    await expectItWorks(capture);
  });

  it.each([
    ['as it ships', PLAIN],
    ['sanitized', SANITIZED],
  ])('are missing for an ordinary user (%s)', async (name, from) => {
    const program = copy(from, `unprivileged-${name}`);
    const capture = new RunningCapture(network.here, ARGS, { program, prefix: NOBODY });
    expect(await capture.ended).toEqual({
      code: 77,
      signal: null,
      stderr:
        `resetscope-capd: no-permission: '${CABLE}' may not be captured on: ` +
        'this needs root, or cap_net_raw and cap_net_admin\n',
    });
  });

  it('of the file are enough for an ordinary user', async () => {
    const program = copy(PLAIN, 'with-capabilities');
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', program]);
    const capture = new RunningCapture(network.here, [...ARGS, '--witness'], { program, prefix: NOBODY });
    await expectItWorks(capture);
    expect(ofKind(capture.blocks(), 'witness')).toMatchObject([
      { event: WITNESS_UNAVAILABLE, detail: expect.stringMatching(/denied|not permitted/) as string },
    ]);
  });

  it.each<[string, readonly string[]]>([
    ['whoever set that up', []],
    // The name that a program is told is its parent's choice.
    ['whatever it is called', CALLED_WITNESS],
  ])('of the witness are not for the ordinary helper, %s', async (_name, called) => {
    const program = copy(PLAIN, 'mighty');
    execFileSync('setcap', [`${WITNESS_CAPABILITIES.join(',')}=eip`, program]);
    const capture = new RunningCapture(network.here, [...ARGS, '--witness'], {
      program,
      prefix: [...NOBODY, ...called],
    });
    await expectItWorks(capture);
    expect(ofKind(capture.blocks(), 'witness')).toMatchObject([
      { event: WITNESS_UNAVAILABLE, detail: expect.stringContaining('only root') as string },
    ]);
  });

  it('of the witness are for the copy that is made for it', async () => {
    const program = copy(WITNESS, 'resetscope-capd-witness');
    execFileSync('setcap', [`${WITNESS_CAPABILITIES.join(',')}=eip`, program]);
    const capture = new RunningCapture(network.here, [...ARGS, '--witness'], { program, prefix: NOBODY });
    await expectItWorks(capture);
    expect(ofKind(capture.blocks(), 'witness')).toMatchObject([{ event: WITNESS_STARTED }]);
  });

  it.each<[string, readonly string[]]>([
    ['of a capture', ['capture', ...ARGS.slice(0, 2)]],
    ['of a check', ['check']],
  ])('are gone before a filter is looked at: %s', (_name, command) => {
    const victim = mkdtempSync(join(folder, 'victim-'));
    const ring = mkdtempSync(join(folder, 'ring-'));
    writeFileSync(join(victim, 'there'), 'as it was');
    const inFolder = ['--folder', '3', '--file-base', 'a', '--file-bytes', '1048576'];
    const args = [...command, '--filter', victim, ...(command[0] === 'capture' ? inFolder : [])];
    const directory = openSync(ring, 'r');
    const { stderr } = spawnSync(
      'ip',
      ['netns', 'exec', network.here, 'env', `LD_PRELOAD=${HOSTILE_COMPILER}`, PLAIN, ...args],
      { stdio: ['pipe', 'pipe', 'pipe', directory], encoding: 'utf8' },
    );
    closeSync(directory);
    const told = new Map(stderr.split('\n').map((line) => line.split(/:\s+/) as [string, string]));
    const tries = [
      ...['make', 'make by the call of the capture', 'write', 'truncate', 'chmod', 'chown', 'rename', 'link'],
      ...['symlink', 'mkdir', 'unlink', 'socket', 'fork', 'exec', 'kill'],
    ];
    for (const what of tries) expect(told.get(what), what).toMatch(/not permitted|denied/);
    for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb'])
      expect(told.get(set)).toMatch(/^0+$/);
    expect(told.get('NoNewPrivs')).toBe('1');
    expect(told.get('Seccomp')).toBe('2');
    expect(readFileSync(join(victim, 'there'), 'utf8')).toBe('as it was');
    expect(readdirSync(victim)).toEqual(['there']);
  });

  it('do not come with descriptors of others', async () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'not for the helper');
    const program = copy(WITNESS, 'resetscope-capd-witness');
    const prefix = ['bash', '-c', `exec 7<${secret} 200<${secret}; exec "$@"`, 'bash'];
    const capture = new RunningCapture(network.here, [...ARGS, '--witness'], { program, prefix });
    await capture.captures();
    expect(ofKind(capture.blocksSoFar(), 'witness')).toMatchObject([{ event: WITNESS_STARTED }]);
    const pids = [capture.child.pid, ...childrenOf(capture.child.pid)];
    // The janitor is one of them.
    expect(pids.length).toBe(2);
    const open = pids.flatMap((pid) =>
      readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`)),
    );
    expect(open).not.toContain(secret);
    await expectItWorks(capture);
  });

  it('of a set-uid program go with its user id', async () => {
    const program = copy(PLAIN, 'set-uid');
    chmodSync(program, 0o4755);
    const capture = new RunningCapture(network.here, ARGS, { program, prefix: NOBODY });
    await capture.captures();
    expect(capture.status('Uid')).toBe('65534\t65534\t65534\t65534');
    expect(capture.status('Gid')).toBe('65534\t65534\t65534\t65534');
    expect(capture.status('Groups')).toBe('');
    await expectItWorks(capture);
  });

  it('do not let it be looked into', async () => {
    const program = copy(PLAIN, 'looked-into');
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', program]);
    const capture = await new RunningCapture(network.here, ARGS, { program, prefix: NOBODY }).captures();
    const look = (): string =>
      execFileSync(NOBODY[0], [...NOBODY.slice(1), 'ls', `/proc/${capture.child.pid}/fd`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    expect(look).toThrow();
    await capture.finish();
  });
});

function childrenOf(pid: number | undefined): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
