/**
 * What `analyze --parquet` writes of real captures: the same each time, as much as the tables for people have, nothing of the original where it
 * is anonymised, readable by DuckDB; and that a run which is killed leaves no half unit.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FlowRecord } from '../../shared/base/units.ts';
import { parseAddress } from '../../shared/format/address.ts';
import { FLEET_KINDS, FLEET_TABLES, type FleetKind } from '../../shared/fleet/tables.ts';
import type { TableName } from '../../shared/model/table.ts';
import { stayingBits } from '../../main/engine/anonymise/special-addresses.ts';
import { Analysis } from '../../main/host/analysis.ts';
import { fleetKey, PUBLIC_FLEET_KEY } from '../../main/host/fleet/keys.ts';
import { writeAnalysis, type AgentOptions } from '../../main/host/fleet/write-analysis.ts';
import { TableExport } from '../../main/host/tables/table-export.ts';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { writePcap } from '../support/capture-writer.ts';
import { Conversation, interleave } from '../support/conversation.ts';
import { fleetRows, filesBelow } from '../support/fleet-tables.ts';
import { eventually } from '../support/patience.ts';

const root = new URL('../..', import.meta.url);
const { signal } = new AbortController();
const PATIENCE_MS = 600_000;
/** Larger ones take long and tell nothing else. */
const LARGEST = 1 << 20;
/** Under one in some thousand keys an address of a private network comes out as itself; under this one none does. */
const KEY = fleetKey(Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 255));
/** Shorter names come about by chance. */
const SHORTEST_NAME = 7;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-fleet-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function capturesIn(place: string | undefined): string[] {
  if (place === undefined) return [];
  return readdirSync(place, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:pcap|pcapng|trace)$/u.test(name))
    .map((name) => join(place, name))
    .filter((path) => statSync(path).size < LARGEST)
    .sort();
}

const LESSONS = capturesIn(new URL('main/lessons', root).pathname);
/** Every so many-th of those that there may be hundreds of. */
const everyOther = (paths: readonly string[], step: number): string[] =>
  paths.filter((_, i) => i % step === 0);
const CAPTURES = [
  ...everyOther(LESSONS, 5),
  ...everyOther(capturesIn(fieldFolder()), 2),
  ...everyOther(capturesIn(corpusFolder()), 8),
];

async function analysed<T>(path: string, use: (analysis: Analysis) => Promise<T>): Promise<T> {
  const analysis = new Analysis();
  try {
    await analysis.run([path], { signal });
    return await use(analysis);
  } finally {
    await analysis.close();
  }
}

const write = (analysis: Analysis, into: string, options: Partial<AgentOptions> = {}) =>
  writeAnalysis(
    analysis,
    {
      ...{ folder: join(folder, into), site: 'lab', host: 'h', key: PUBLIC_FLEET_KEY, isAnonymised: false },
      ...{ clock: null, keepsCases: false, ...options },
    },
    signal,
  );

const bytesIn = (into: string) =>
  filesBelow(join(folder, into)).map((name) => [
    name,
    readFileSync(join(folder, into, name)).toString('base64'),
  ]);

async function rowsForPeople(analysis: Analysis, table: TableName): Promise<Record<string, unknown>[]> {
  const made = new TableExport(analysis, { kind: 'table', table, format: 'ndjson', filter: '' });
  const pieces: Uint8Array[] = [];
  for await (const piece of made.pieces(signal)) pieces.push(piece);
  const lines = Buffer.concat(pieces).toString().split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('tables of real captures', () => {
  it(
    'are the same each time, and say of every row what the tables for people say',
    async () => {
      expect(CAPTURES.length).toBeGreaterThan(0);
      for (const path of CAPTURES) {
        const name = basename(path);
        await analysed(path, async (analysis) => {
          await write(analysis, name);
          const before = bytesIn(name);
          await write(analysis, name);
          expect(bytesIn(name), name).toEqual(before);
          for (const [table, columns] of [
            [
              'flows',
              ['flow', 'client_port', 'server_address', 'server_name', 'state', 'ending', 'client_bytes'],
            ],
            ['resets', ['reset', 'frame', 'flow', 'origin', 'cause', 'matters', 'summary', 'count']],
            ['failures', ['flow', 'frame', 'kind', 'side', 'summary']],
          ] as const) {
            const told = (await fleetRows(join(folder, name), table)).map((row) =>
              columns.map((one) => text(row[one])),
            );
            const people = (await rowsForPeople(analysis, table)).map((row) =>
              columns.map((one) => text(row[one])),
            );
            expect(told.sort(byText), `${table} of ${name}`).toEqual(people.sort(byText));
          }
        });
        rmSync(join(folder, name), { recursive: true, force: true });
      }
    },
    PATIENCE_MS,
  );

  it(
    'have nothing of the original where they are anonymised',
    async () => {
      let secrets = 0;
      for (const path of CAPTURES) {
        const name = basename(path);
        await analysed(path, async (analysis) => {
          await write(analysis, name, { key: KEY, isAnonymised: true });
          const cells: string[] = filesBelow(join(folder, name));
          for (const kind of FLEET_KINDS)
            for (const row of await fleetRows(join(folder, name), kind))
              cells.push(...Object.values(row).filter((cell) => typeof cell === 'string'));
          const told = cells.join('\n').toLowerCase();
          for (const secret of secretsOf(analysis)) {
            secrets++;
            expect(holds(told, secret) ? `${name}: ${secret}` : '').toBe('');
          }
        });
        rmSync(join(folder, name), { recursive: true, force: true });
      }
      expect(secrets).toBeGreaterThan(0);
    },
    PATIENCE_MS,
  );
});

const byText = (a: readonly string[], b: readonly string[]): number => (a.join('\n') < b.join('\n') ? -1 : 1);

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value as string);
}

/** Addresses that are none of the kinds that stay, and names, as the capture has them. */
function secretsOf({ session }: Analysis): Set<string> {
  const secrets = new Set<string>();
  for (const number of session.liveFlows()) {
    const flow = number as FlowRecord;
    for (const side of [0, 1] as const) {
      const address = session.flowView.address(flow, side);
      if (isReplaced(address)) secrets.add(address);
    }
    for (const name of [session.serverName(flow), session.name(flow, 0), session.name(flow, 1)]) {
      if (name === undefined || name.length < SHORTEST_NAME || parseAddress(name) !== undefined) continue;
      // What is left when the labels that stay are gone.
      if (name.split('.').some((label) => label.length >= SHORTEST_NAME && !KEPT.test(label)))
        secrets.add(name.toLowerCase());
    }
  }
  return secrets;
}

const KEPT = /^(?:example|invalid|localhost|in-addr|_.*|\d+)$/iu;

/** Whether most of the last byte may turn: else an address may come out as itself. */
function isReplaced(address: string): boolean {
  const parsed = parseAddress(address);
  if (parsed === undefined) return false;
  const bytes = new Uint8Array(parsed.family === 4 ? 4 : 16);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < bytes.length / 4; i++) view.setInt32(4 * i, parsed.words[i]);
  return stayingBits(bytes).reduce((sum, stays) => sum + stays, 0) <= bytes.length * 8 - 20;
}

/** As a whole, not as the end of another number. */
function holds(told: string, secret: string): boolean {
  for (let at = told.indexOf(secret); at >= 0; at = told.indexOf(secret, at + 1)) {
    const around = [told[at - 1] ?? '', told[at + secret.length] ?? ''];
    if (!around.some((one) => /[\w:]/u.test(one))) return true;
  }
  return false;
}

const duckdb = await import('@duckdb/node-api').catch(() => undefined);

describe.skipIf(duckdb === undefined)('DuckDB', () => {
  it('reads the tables with the types that they have', async () => {
    const talk = new Conversation().handshake().clientSends('hello').segment('server', { flags: 'R' });
    const silent = new Conversation({ client: { port: 5 } }).syn().wait(1).retransmit('client').wait(40);
    const path = join(folder, 'a.pcap');
    writeFileSync(path, writePcap({ packets: interleave(talk, silent), nanos: true }));
    await analysed(path, (analysis) => write(analysis, 'tables', { keepsCases: true }));
    const instance = await duckdb?.DuckDBInstance.create(':memory:');
    const connection = await instance?.connect();
    const TYPES = { text: 'VARCHAR', int: 'BIGINT', key: 'BIGINT', real: 'DOUBLE', flag: 'BOOLEAN' };
    const kinds: readonly FleetKind[] = FLEET_KINDS.filter((kind) => kind !== 'open_flows');
    for (const kind of kinds) {
      const files = join(folder, 'tables', kind, '*/*/*.parquet');
      const told = await connection?.runAndReadAll(
        `DESCRIBE SELECT * FROM read_parquet('${files}', hive_partitioning = false)`,
      );
      const columns = told?.getRowObjects().map((row) => [row['column_name'], row['column_type']]);
      expect(columns).toEqual(
        FLEET_TABLES[kind].map(({ name, type }) => [
          name,
          type === 'time' ? expect.stringMatching(/^TIMESTAMP/u) : TYPES[type],
        ]),
      );
      const count = await connection?.runAndReadAll(`SELECT count(*) AS n FROM read_parquet('${files}')`);
      expect(count?.getRowObjects()[0]['n']).toBe(
        BigInt((await fleetRows(join(folder, 'tables'), kind)).length),
      );
    }
    connection?.closeSync();
    instance?.closeSync();
  });
});

describe('the command line', () => {
  let dist = '';
  beforeAll(async () => {
    const build = (await import(new URL('scripts/build.mjs', root).href)) as {
      ensureBuilt(options: { targets: string[] }): Promise<string[]>;
    };
    await build.ensureBuilt({ targets: ['programs'] });
    dist = new URL('dist/cli/index.js', root).pathname;
  });
  const running: number[] = [];
  afterAll(() => {
    for (const pid of running) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  });

  const analyze = (...argv: string[]) => {
    const child = spawn(process.execPath, [dist, 'analyze', ...argv], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    if (child.pid !== undefined) running.push(child.pid);
    let stderr = '';
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    return { child, done: once(child, 'close').then(([code]) => ({ code: code as number | null, stderr })) };
  };

  it('leaves no unit where it is killed, and a whole one when it runs again', async () => {
    const path = join(folder, 'many.pcap');
    const talks = Array.from({ length: 4000 }, (_, i) =>
      new Conversation({
        client: { address: `10.${i >> 14}.${(i >> 6) & 255}.${1 + (i & 63)}`, port: 1024 + (i % 60_000) },
        startNs: 1_780_000_000_000_000_000n + BigInt(i) * 1_000_000n,
      })
        .syn()
        .rst({ from: 'server', style: 'reply' }),
    );
    writeFileSync(path, writePcap({ packets: talks.flatMap(({ packets }) => packets), nanos: true }));
    const tables = join(folder, 'tables');
    const first = analyze(path, '--parquet', tables, '--site', 'lab');
    const names = (): string[] => filesBelow(folder).map((name) => basename(name));
    await eventually(() => {
      expect(names().some((name) => name.startsWith('.tmp-'))).toBe(true);
    });
    first.child.kill('SIGKILL');
    await first.done;
    expect(names().filter((name) => name.endsWith('.parquet'))).toEqual([]);
    const { code, stderr } = await analyze(path, '--parquet', tables, '--site', 'lab').done;
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('4,000 flows') as string,
    });
    expect(await fleetRows(tables, 'flows')).toHaveLength(4000);
    expect(await fleetRows(tables, 'captures')).toHaveLength(1);
  });

  it.each([
    [['--site', 'x'], /'--site' is of tables for a fleet: say with '--parquet <folder>'/u],
    [['--cases'], /'--cases' is of tables/u],
    [['--parquet', 'T', '--anonymise'], /--anonymise needs a key of your own/u],
    [['--parquet', 'T', '--fleet-key', '/nonexistent'], /the fleet key \/nonexistent cannot be read/u],
    [['--parquet', 'T', '--clock-bound', 'much'], /It is a number of seconds/u],
    [['--parquet', '/proc/tables'], /\/proc\/tables cannot be written/u],
    [['--parquet', '/dev/null'], /\/dev\/null/u],
  ])('refuses %j before anything is read', async (options, why) => {
    const argv = options.map((one) => (one === 'T' ? join(folder, 'tables') : one));
    const { code, stderr } = await analyze(join(folder, 'absent.pcap'), ...argv).done;
    expect(code).toBe(1);
    expect(stderr).toMatch(why);
  });
});
