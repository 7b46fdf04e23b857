/** `resetscope fleet ingest`: what it says, and what its exit code says to a timer that runs it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CliIo } from '../../main/cli/io.ts';
import { type CliRun, runCli, type RunIo } from '../support/run-cli.ts';
import { CLICKHOUSE_SERVER, startServers, type TestServers } from './support/clickhouse-servers.ts';
import { randomTables } from './support/random-tables.ts';
import { writeFolder } from './support/write-folder.ts';

const root = new URL('../..', import.meta.url).pathname;
const tables = randomTables(3, 60);
const units = tables.captures.length;

let home = '';
let folder = '';
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'resetscope-ingest-'));
  folder = join(home, 'fleet');
  mkdirSync(folder);
  await writeFolder(folder, tables);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const take = (from: string, place: string, io: RunIo = {}): Promise<CliRun> =>
  runCli(['fleet', 'ingest', from, '--store', place], { duckDbPlaces: [root], ...io });

describe('it is refused', () => {
  it.each([
    ['without a folder', '/nonexistent', 'clickhouse://127.0.0.1/fleet', 'There is no folder /nonexistent'],
    ['into a folder', '', '/tmp', '--store is clickhouse://HOST/DATABASE'],
    ['into a place without a database', '', 'clickhouse://127.0.0.1', 'clickhouse://'],
  ])('%s', async (_, from, place, words) => {
    const { exitCode, stdout, stderr } = await take(from === '' ? folder : from, place);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain(words);
  });

  it('where no server listens, by the name of the server', async () => {
    const { exitCode, stderr } = await take(folder, 'clickhouse://127.0.0.1:1/fleet');
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'no ClickHouse server of the place answers: 127.0.0.1:1 (nothing listens there)',
    );
  });
});

describe.skipIf(CLICKHOUSE_SERVER === null)('it takes in (clickhouse-server)', () => {
  let servers: TestServers;
  beforeAll(async () => {
    servers = await startServers(1);
  });
  afterAll(() => servers.close());

  it('what is new, and says how much; nothing twice', async () => {
    const place = servers.one('new');
    const first = await take(folder, place);
    expect(first.exitCode).toBe(0);
    expect(first.stdout).toContain(`${units} units taken in, 0 replaced, 0 there already.`);
    const second = await take(folder, place);
    expect(second).toMatchObject({
      exitCode: 0,
      stdout: `0 units taken in, 0 replaced, ${units} there already.\n`,
    });
  });

  it('what can be read, names the file that cannot, and ends with the exit code of losses', async () => {
    const broken = join(home, 'broken');
    mkdirSync(broken);
    await writeFolder(broken, tables);
    const names = readdirSync(join(broken, 'flows'), { recursive: true, encoding: 'utf8' });
    const path = join(broken, 'flows', names.find((name) => name.endsWith('.parquet')) ?? '');
    writeFileSync(path, 'nothing');
    const { exitCode, stdout, stderr } = await take(broken, servers.one('broken'));
    expect(exitCode).toBe(2);
    expect(stdout).toContain(`${units} units taken in`);
    expect(stderr).toContain(path);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('all of it after a run that %s ended', async (by, code) => {
    const place = servers.one(by.toLowerCase());
    const onInterrupt: CliIo['onInterrupt'] = (listener) => {
      setImmediate(listener, by);
      return () => undefined;
    };
    const ended = await take(folder, place, { onInterrupt });
    expect(ended).toMatchObject({ exitCode: code, stdout: '' });
    expect(ended.stderr).toContain('interrupted; the next run takes up where this one was');
    expect(await take(folder, place)).toMatchObject({ exitCode: 0 });
  });
});
