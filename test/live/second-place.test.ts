/** Two places at once: a client and, over a stand-in for ssh, its server, with a router between them that resets. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { kill } from 'node:process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../support/run-cli.ts';
import { until } from '../support/patience.ts';
import { AppServer } from './support/app-server.ts';
import { expectReadable, keptFiles } from './support/kept-files.ts';
import { LiveCommand } from './support/live-command.ts';
import { descendantsOf, expectGone } from './support/processes.ts';
import { CLIENT, RoutedPath, SERVER, SSH_PORT } from './support/routed-path.ts';
import { CABLE, canCapture, makeWorld } from './support/setup.ts';

const SECOND = { source: 'ssh', host: 'server', interface: CABLE, filter: '' } as const;

describe.skipIf(!canCapture)('live capture at two places', () => {
  const world = makeWorld();
  let path: RoutedPath;
  let count = 0;
  let folder = '';
  beforeEach(async () => {
    folder = join(world.folder, `two-${count++}`);
    path = new RoutedPath(world.folder);
    await path.listens();
  });
  afterEach(() => {
    path.remove();
  });

  const command = (...more: string[]): LiveCommand =>
    new LiveCommand(path.client, ['-i', CABLE, '-w', `${folder}/`, ...more], { env: { PATH: path.path } });
  const atBoth = (): LiveCommand => command('--also-host', 'server', '--also-interface', CABLE);

  /** Files of the first and of the second place. */
  async function rings(): Promise<readonly [string[], string[]]> {
    const files = await keptFiles(folder);
    const isSecond = (file: string): boolean => file.includes('/second/');
    return [files.filter((file) => !isSecond(file)), files.filter(isSecond)];
  }

  it('joins what both have at the end, without the connection that brought it here', async () => {
    const capture = await atBoth().captures();
    await path.resetByRouter();
    await capture.until(() => capture.resets.length === 1, 'the reset of the first place');
    expect(capture.status).toMatchObject({ second: { phase: 'capturing', source: 'ssh', error: null } });
    expect(await capture.interrupt()).toEqual({ code: 0, signal: null });
    expect(capture.status).toMatchObject({ phase: 'stopped', error: null, second: { phase: 'stopped' } });

    const [joined] = capture.joined;
    expect(joined.places.map(({ joined }) => joined)).toEqual([true, true]);
    const [pair] = joined.pairs;
    expect(pair).toMatchObject({ class: 'same', connections: 1 });
    // The reset was made between the two, out of a packet that did not come through.
    const isServerFirst = joined.files[pair.files[0]].path.includes('/second/');
    const [client, server] = [pair.onlyFirst, pair.onlySecond];
    expect(isServerFirst ? [server, client] : [client, server]).toEqual([2, 0]);
    expect(pair.matched).toBeGreaterThanOrEqual(7);
    expect(joined.resets).toHaveLength(1);
    // Born between the two: the server, whose address it carries, never sent it.
    const atClient = joined.places.find(({ name }) => name === CABLE)?.file;
    const atServer = joined.places.find(({ name }) => name === 'server')?.file;
    expect(joined.resets[0]).toMatchObject({
      claimed: 'server',
      origin: { kind: 'middlebox' },
      seenAt: [{ place: atClient }],
      absentAt: [{ file: atServer, lies: 'before' }],
      born: { between: expect.arrayContaining([atServer, atClient]) as number[] },
    });
    expect(capture.stderr).toMatch(
      new RegExp(
        `capturing: .*not \\(\\(host ${CLIENT} and tcp port \\d+ and host ${SERVER} and tcp port ${SSH_PORT}`,
        'u',
      ),
    );
    const [first, second] = await rings();
    expect(joined.files.map(({ path }) => path).sort()).toEqual([...first, ...second].sort());
    expect((await expectReadable(first)).resets).toHaveLength(1);
    for (const files of [first, second]) {
      const filter = `tcp.port == ${SSH_PORT}`;
      const { stdout } = await runCli(['packets', '--json', '--filter', filter, ...files]);
      expect((JSON.parse(stdout) as { total: number }).total).toBe(0);
    }
  });

  it('goes on at the first when the second dies, says so, and uses what there is', async () => {
    const capture = await atBoth().captures();
    await path.resetByRouter();
    await capture.until(() => capture.resets.length === 1, 'the reset of the first place');
    path.killCapture();
    await capture.until(() => capture.statuses.at(-1)?.second?.phase === 'failed', 'the second to end');
    expect(capture.status).toMatchObject({ phase: 'capturing', second: { error: { code: 'remote' } } });
    expect(capture.stderr).toContain('the second place ended early, the first goes on: server: ');
    expect(await capture.interrupt()).toEqual({ code: 2, signal: null });
    expect(capture.joined[0].places.map(({ joined }) => joined)).toEqual([true, true]);
  });

  it('ends at both when their disk is full, with files that are whole', async () => {
    mkdirSync(folder);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4194304', 'tmpfs', folder]);
    try {
      // What the command line keeps free is more than this disk has.
      const app = await AppServer.start({
        namespace: path.client,
        captures: folder,
        folder: world.folder,
        args: ['--allow-ssh', 'server'],
        env: { PATH: path.path },
      });
      try {
        await app.capture({ second: SECOND });
        path.flood(6000);
        const status = await app.untilStatus(({ phase }) => phase === 'failed', 'the end of the capture');
        expect(status).toMatchObject({ error: { code: 'disk-full' } });
        expect(status.second?.phase).toMatch(/stopped|failed/u);
        for (const files of await rings()) expect((await expectReadable(files)).packets).toBeGreaterThan(0);
      } finally {
        await app.stop();
      }
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('ends at once, and keeps nothing, when it is stopped while the second is being started', async () => {
    const capture = command('--also-host', 'nobody');
    await capture.until(() => capture.stderr.includes('second place: '), 'the second to be started');
    const processes = await descendantsOf(capture.pid);
    expect(await capture.interrupt()).toEqual({ code: 3, signal: null });
    await expectGone(processes);
    expect(await keptFiles(folder)).toEqual([]);
  });

  it('leaves nothing behind when the command is killed, and files that are whole', async () => {
    const capture = await atBoth().captures();
    await path.resetByRouter();
    await capture.until(() => capture.resets.length === 1, 'the reset of the first place');
    const processes = await descendantsOf(capture.pid);
    kill(capture.pid, 'SIGKILL');
    await capture.ended;
    await expectGone(processes);
    const [first, second] = await rings();
    for (const files of [first, second]) expect((await expectReadable(files)).packets).toBeGreaterThan(0);
  });

  it('has both as one case in the app when the process that captures is killed', async () => {
    const app = await AppServer.start({
      namespace: path.client,
      captures: folder,
      folder: world.folder,
      args: ['--allow-ssh', 'server'],
      env: { PATH: path.path },
    });
    try {
      await expect(app.capture({ second: { ...SECOND, host: 'other' } })).rejects.toThrow(
        /other over ssh was not allowed.*--allow-ssh other/u,
      );
      await app.capture({ second: SECOND });
      await path.resetByRouter();
      await app.untilStatus((status) => (status.second?.packets ?? 0) >= 7, 'packets of the second');
      await app.untilResets(1);
      kill(await app.capturerPid(), 'SIGKILL');
      await until(async () => (await app.call('capture.join', {})) !== null, 'both as one case');
      expect(await app.status()).toMatchObject({
        phase: 'failed',
        error: { code: 'source-died' },
        second: { phase: 'failed' },
      });
      await until(async () => (await app.call('capture.progress', {})).phase === 'done', 'all verdicts');
      expect((await app.call('capture.join', {}))?.vantages).toHaveLength(2);
      expect(await app.call('capture.list', {})).toHaveLength(1);
    } finally {
      await app.stop();
    }
  });
});
