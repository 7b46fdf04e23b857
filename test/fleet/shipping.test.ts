/** Tables go from a spool to where a fleet is kept as docs/fleet-shipping.md says: whole, once, and with rows of captures last. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';

const run = promisify(execFile);
const SHIP = new URL('../../packaging/linux/resetscope-ship', import.meta.url).pathname;
const has = (program: string): boolean =>
  spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
const UNITS = ['0011223344556677-00000', '0011223344556677-00001'];
const STATE = '.resetscope-spool.json';

let folder = '';
let spool = '';
let fleet = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-ship-'));
  spool = join(folder, 'spool');
  fleet = join(folder, 'fleet');
  mkdirSync(fleet);
  for (const unit of UNITS) putUnit(unit);
  put('.resetscope-spool.json', '{}');
  put('open_flows/day=2026-11-29/site=x/0011223344556677.parquet', 'open');
  put('flows/day=2026-11-29/site=x/.tmp-7.partial', 'half');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(name: string, text: string): void {
  const path = join(spool, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function putUnit(unit: string): void {
  for (const kind of ['flows', 'resets', 'captures'])
    put(`${kind}/day=2026-11-29/site=x/${unit}.parquet`, `${kind} ${unit}`);
  put(`cases/day=2026-11-29/site=x/${unit}-7.pcapng`, `case ${unit}`);
}

/** Files with what they hold, by their names. */
function filesOf(place: string): Record<string, string> {
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    files.sort().map((path) => [path.slice(place.length + 1), readFileSync(path, 'utf8')]),
  );
}

function shipped(files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(files).filter(([name]) => !name.split('/').some((part) => part.startsWith('.'))),
  );
}

/** The units that are whole in a folder have all of their files. */
function expectNoHalves(place: string): void {
  const names = Object.keys(filesOf(place));
  for (const row of names.filter((name) => name.startsWith('captures/'))) {
    const unit = /(\w+-\d+)\.parquet$/u.exec(row)?.[1] ?? '';
    expect(names.filter((name) => name.includes(unit))).toHaveLength(4);
  }
}

/** Stands in front of a program: does something first, the first time that it is called. */
function before(program: string, script: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const real = spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim();
  const path = join(bin, program);
  const once = `if [ ! -e '${folder}/done' ]; then touch '${folder}/done'; ${script}; fi`;
  writeFileSync(path, `#!/bin/sh\n${once}\nexec ${real} "$@"\n`);
  chmodSync(path, 0o755);
  return { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

describe.skipIf(!has('rsync'))('a spool that rsync takes away', () => {
  it('arrives whole, leaves nothing but what is being written, and what comes later joins it', async () => {
    const all = shipped(filesOf(spool));
    await run(SHIP, [spool, `${fleet}/`]);
    expect(filesOf(fleet)).toEqual(all);
    expect(Object.keys(filesOf(spool)).sort()).toEqual([STATE, 'flows/day=2026-11-29/site=x/.tmp-7.partial']);
    // The same unit written anew, and the open flows of its next segment, take the place of those before.
    putUnit(UNITS[1]);
    put(`flows/day=2026-11-29/site=x/${UNITS[1]}.parquet`, 'flows made anew');
    put('open_flows/day=2026-11-29/site=x/0011223344556677.parquet', 'none open');
    await run(SHIP, [spool, `${fleet}/`]);
    expect(filesOf(fleet)).toEqual({
      ...all,
      [`flows/day=2026-11-29/site=x/${UNITS[1]}.parquet`]: 'flows made anew',
      'open_flows/day=2026-11-29/site=x/0011223344556677.parquet': 'none open',
    });
  });

  it('goes over a network too, to a daemon', async () => {
    const port = await freePort();
    const config = join(folder, 'rsyncd.conf');
    const own = process.getuid?.() === 0 ? 'uid = 0\ngid = 0\n' : '';
    writeFileSync(
      config,
      `address = 127.0.0.1\nuse chroot = no\n${own}[fleet]\npath = ${fleet}\nread only = no\n`,
    );
    const daemon: ChildProcess = spawn(
      'rsync',
      ['--daemon', '--no-detach', `--config=${config}`, `--port=${port}`],
      { stdio: 'ignore' },
    );
    try {
      const url = `rsync://127.0.0.1:${port}/fleet`;
      await until(() => spawnSync('rsync', [url], { stdio: 'ignore' }).status === 0, 'the daemon');
      const all = shipped(filesOf(spool));
      await run(SHIP, [spool, `${url}/`]);
      expect(filesOf(fleet)).toEqual(all);
    } finally {
      daemon.kill();
      await once(daemon, 'close');
    }
  });

  it('says of no unit that it is whole which was written while others were on their way', async () => {
    const unit = '8899aabbccddeeff-00000';
    const files = ['flows', 'resets', 'captures'].map(
      (kind) => `${kind}/day=2026-11-29/site=x/${unit}.parquet`,
    );
    const writes = [...files, `cases/day=2026-11-29/site=x/${unit}-7.pcapng`].map(
      (name) => `echo new >'${join(spool, name)}'`,
    );
    // Of the first program that moves files, so that the list of those that are whole is made already.
    const env = before('rsync', writes.join('; '));
    await run(SHIP, [spool, `${fleet}/`], { env });
    expect(
      Object.keys(filesOf(fleet)).some((name) => name.startsWith('captures/') && name.includes(unit)),
    ).toBe(false);
    await run(SHIP, [spool, `${fleet}/`]);
    expect(Object.keys(filesOf(fleet)).filter((name) => name.includes(unit))).toHaveLength(4);
  });

  it('is told of as whole after a run that was cut short only by the one that makes up for it', async () => {
    // The last program that moves files finds no way to the folder.
    const env = before('rsync', `mv '${fleet}' '${fleet}-away'; exit 12`);
    await expect(run(SHIP, [spool, `${fleet}/`], { env })).rejects.toMatchObject({ code: 12 });
    const captures = Object.keys(filesOf(spool)).filter((name) => name.startsWith('captures/'));
    expect(captures).toHaveLength(UNITS.length);
    expect(Object.keys(filesOf(`${fleet}-away`))).toEqual([]);
    await run('mv', [`${fleet}-away`, fleet]);
    await run(SHIP, [spool, `${fleet}/`]);
    expectNoHalves(fleet);
    expect(Object.keys(filesOf(fleet)).filter((name) => name.startsWith('captures/'))).toHaveLength(2);
  });
});

describe.skipIf(!has('rclone'))('a spool that rclone takes away', () => {
  it('arrives whole, and leaves nothing but what is being written', async () => {
    const all = shipped(filesOf(spool));
    const env = { ...process.env, RCLONE_CONFIG: join(folder, 'rclone.conf') };
    await run(SHIP, [spool, `rclone::local:${fleet}`], { env });
    expect(filesOf(fleet)).toEqual(all);
    expect(Object.keys(filesOf(spool)).sort()).toEqual([STATE, 'flows/day=2026-11-29/site=x/.tmp-7.partial']);
  });
});

it('says how it is used where it is not used so', async () => {
  await expect(run(SHIP, [spool])).rejects.toMatchObject({
    code: 64,
    stderr: expect.stringContaining('usage: resetscope-ship SPOOL TARGET') as string,
  });
});
