/** What cannot be captured is not begun, and is told with what helps. */
import { chmodSync, chownSync, copyFileSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { CaptureDiagnosis } from '../../shared/model/live.ts';
import { PLAIN, WITNESS } from '../native/support/programs.ts';
import { noteFault, stopwatch } from './support/fault-log.ts';
import { expectReadable, keptFiles } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { CABLE, canCapture, DIST, makeWorld } from './support/setup.ts';
import { makeOwnReset, makeResets } from './support/traffic.ts';

const AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--inh-caps=-all'];
const NOBODY = [...AS_NOBODY, '--clear-groups'];
/** A group that no file of this machine has; groups need no name. */
const GROUP = 64_242;
const MEMBER = [...AS_NOBODY, `--groups=${GROUP}`];

/** Others may not look into every checkout. */
const othersMayRead =
  canCapture &&
  spawnSync(NOBODY[0], [...NOBODY.slice(1), 'test', '-r', join(DIST, 'cli/index.js')]).status === 0;

describe.skipIf(!canCapture)('live capture under faults: a refusal', () => {
  const world = makeWorld();

  it.each([
    ['a bad filter', ['-i', CABLE, '-f', 'tcp prot 80'], /syntax error/],
    ['an unknown interface', ['-i', 'nope0'], /'?nope0'?/],
  ])('of %s starts nothing', async (what, args, message) => {
    const folder = join(world.folder, what);
    const elapsed = stopwatch();
    const capture = new LiveCommand(world.network.here, [...args, '-w', `${folder}/`]);
    expect(await capture.ended).toEqual({ code: 3, signal: null });
    const toldMs = elapsed();
    expect(capture.stderr).toMatch(message);
    expect(capture.stderr).not.toMatch(/capturing: |\n\s+at /);
    expect(existsSync(folder) ? await keptFiles(folder) : []).toEqual([]);
    noteFault({
      fault: what,
      happened: 'exit code 3, nothing started, no file',
      told: `${capture.stderr.trim().split('\n')[0]} (after ${toldMs} ms, start of Node included)`,
      lost: 'nothing',
    });
  });
});

describe.skipIf(!othersMayRead)('live capture under faults: as nobody', () => {
  const world = makeWorld();
  let bin = '';
  beforeAll(() => {
    chmodSync(world.folder, 0o777);
    bin = join(world.folder, 'bin');
    mkdirSync(bin);
  });

  /** A copy of the helper that comes first on the path, with these rights of the file, for one group only or for all. */
  function install(capabilities: string, { from = PLAIN, isForGroup = true } = {}): NodeJS.ProcessEnv {
    const program = join(bin, basename(from));
    copyFileSync(from, program);
    chownSync(program, 0, GROUP);
    chmodSync(program, isForGroup ? 0o750 : 0o755);
    execFileSync('setcap', [`${capabilities}=eip`, program]);
    return { PATH: `${bin}:${process.env.PATH}`, HOME: world.folder };
  }

  function doctorOf(
    prefix: readonly string[],
    env: NodeJS.ProcessEnv,
    dist = DIST,
  ): CaptureDiagnosis & { status: number | null } {
    const cli = [process.execPath, join(dist, 'cli/index.js'), 'doctor', '--json'];
    const { status, stdout } = spawnSync('ip', ['netns', 'exec', world.network.here, ...prefix, ...cli], {
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
    return { ...(JSON.parse(stdout) as CaptureDiagnosis), status };
  }

  it('without a right it says who may, and by which command', async () => {
    const folder = join(world.folder, 'refused');
    const start = { prefix: NOBODY, env: { HOME: world.folder } };
    const capture = new LiveCommand(world.network.here, ['-i', CABLE, '-w', `${folder}/`], start);
    expect(await capture.ended).toEqual({ code: 3, signal: null });
    expect(capture.stderr).toContain('Nothing here has the right to capture packets.');
    const { canCapture: can, problems, status } = doctorOf(NOBODY, { HOME: world.folder });
    expect(status).toBe(1);
    expect(can).toBe(false);
    const [problem] = problems.filter(({ weight }) => weight === 'blocks');
    expect(problem.command).toMatch(/setcap .*cap_net_raw/);
    // The same words where it was refused.
    expect(capture.stderr).toContain(problem.title);
    expect(capture.stderr).toContain(problem.command);
    expect(existsSync(folder) ? await keptFiles(folder) : []).toEqual([]);
    noteFault({
      fault: 'no permission',
      happened: 'exit code 3, nothing started',
      told: `Nothing here has the right to capture packets. ${problem.title}: ${problem.command}`,
      lost: 'nothing',
    });
  });

  it('outside of the group of the helper it names the group, and the command', async () => {
    const env = install('cap_net_raw,cap_net_admin');
    // The one in the build, which anybody may run, would come before it.
    const dist = join(world.folder, 'dist');
    cpSync(DIST, dist, { recursive: true, filter: (path) => basename(path) !== 'native' });
    const { sources, problems } = doctorOf(NOBODY, env, dist);
    expect(sources[0]).toMatchObject({
      kind: 'helper',
      usable: false,
      why: 'only members of its group may run it',
    });
    expect(problems[0]).toMatchObject({
      code: 'helper-group',
      title: `You are not in the group ${GROUP}`,
      command: `sudo usermod -aG ${GROUP} nobody`,
      weight: 'blocks',
    });
    expect(doctorOf(MEMBER, env, dist)).toMatchObject({ status: 0, canCapture: true });
  });

  it('with a helper that everybody may run it is warned of a danger', () => {
    const env = install('cap_net_raw,cap_net_admin', { isForGroup: false });
    const { canCapture: can, problems } = doctorOf(NOBODY, env);
    expect(can).toBe(true);
    expect(problems[0]).toMatchObject({ code: 'helper-for-everybody', weight: 'danger' });
    expect(problems[0].command).toContain(`sudo chmod 750 ${join(bin, 'resetscope-capd')} && `);
  });

  it('with rights of the helper alone it captures, and names the origin', async () => {
    const env = install('cap_net_raw,cap_net_admin');
    const folder = join(world.folder, 'allowed');
    const args = ['-i', CABLE, '-w', `${folder}/`];
    const capture = await new LiveCommand(world.network.here, args, { prefix: MEMBER, env }).captures();
    makeResets(world.network);
    await capture.until(() => capture.resets.length === 1, 'a reset');
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    expect(capture.resets).toMatchObject([
      {
        claimed: 'server',
        origin: { kind: 'endpoint' },
        cause: { code: 'connection-refused' },
        witness: null,
      },
    ]);
    expect(capture.status).toMatchObject({ source: 'helper', witness: { state: 'unavailable' } });
    expect(capture.status.witness.why).toMatch(/denied|not permitted/);
    expect((await expectReadable(await keptFiles(folder))).resets.length).toBe(1);
    noteFault({
      fault: 'ordinary user, helper with cap_net_raw, cap_net_admin',
      happened: `captured; a reset made meanwhile: ${capture.resets[0].origin.label}, ${capture.resets[0].cause.code}`,
      told: `the kernel is not asked: ${capture.status.witness.why}`,
      lost: 'nothing',
    });
  });

  it('with the right to ask the kernel witness, it has its word', async () => {
    install('cap_net_raw,cap_net_admin');
    const env = install('cap_net_raw,cap_net_admin,cap_sys_admin,cap_dac_override', { from: WITNESS });
    const args = ['-i', CABLE, '-w', `${join(world.folder, 'witnessed')}/`];
    const capture = await new LiveCommand(world.network.here, args, { prefix: MEMBER, env }).captures();
    expect(capture.stderr).toContain('resetscope-capd-witness capture');
    makeOwnReset(world.network);
    await capture.until(() => capture.resets.length === 1, 'a reset');
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    expect(capture.resets).toMatchObject([
      { origin: { kind: 'endpoint' }, witness: { word: 'sent', reason: 'NO_SOCKET' } },
    ]);
    noteFault({
      fault: 'ordinary user, helper with the witness too',
      happened: `captured; the kernel's word: ${capture.resets[0].witness?.word}, ${capture.resets[0].witness?.reason}`,
      told: '',
      lost: 'nothing',
    });
  });
});
