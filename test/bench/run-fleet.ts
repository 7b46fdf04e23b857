/**
 * Command line of the bench of a fleet: `run-fleet ask PLACE RUNS FLEET-PROCESS`, `run-fleet clickhouse FOLDER RUNS FLEET-PROCESS` or
 * `run-fleet hashes`; prints what it measured as JSON.
 */
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FleetService } from '../../main/fleet/fleet-service.ts';
import { ingest } from '../../main/fleet/clickhouse/ingest.ts';
import { openStore } from '../../main/fleet/open-store.ts';
import { FleetClient } from '../../main/host/fleet/fleet-client.ts';
import { forkFleet } from '../../main/host/fork-engine.ts';
import { startServers } from '../fleet/support/clickhouse-servers.ts';

const NEVER = new AbortController().signal;
/** Resets that are joined: one, some as a person looks through, and many. */
const JOINS = [1, 50];
/** What takes longer is asked once more and no oftener. */
const SLOW_MS = 10_000;
/** Clock ticks of /proc, the same on all of Linux. */
const MS_PER_TICK = 10;
const HASHES = 300_000;

interface Measured {
  readonly name: string;
  /** Milliseconds: asked for the first time, and again. */
  readonly first: number;
  readonly again: readonly number[];
  /** Milliseconds of all threads of the process that answers, of the same runs. */
  readonly cpu: readonly number[];
  readonly rows: number;
}

async function ask(place: string, runs: number, fleetProcess: string): Promise<object> {
  const servers = childrenOf(process.pid);
  const client = new FleetClient(forkFleet(fleetProcess));
  try {
    const began = performance.now();
    const summary = await client.open(place, NEVER);
    const opened = performance.now() - began;
    const measured: Measured[] = [];
    for (const [name, question] of questionsFor(client, summary.toMs ?? 0)) {
      const times: number[] = [];
      const cpu: number[] = [];
      let rows = 0;
      for (let run = 0; run <= runs && (run < 2 || times[0] < SLOW_MS); run++) {
        const spent = childCpuMs();
        const begin = performance.now();
        rows = await question();
        times.push(performance.now() - begin);
        cpu.push(childCpuMs() - spent);
      }
      measured.push({ name, first: times[0], again: times.slice(1), cpu: cpu.slice(1), rows });
    }
    return {
      opened,
      flows: summary.flows,
      resets: summary.resets,
      measured,
      peakKibibytes: Math.max(
        ...childrenOf(process.pid)
          .filter((pid) => !servers.includes(pid))
          .map(peakKibibytes),
      ),
    };
  } finally {
    await client.close();
  }
}

type Question = () => Promise<number>;

/** Texts of the two aims first: a needle, and groupings. */
function questionsFor(client: FleetService, toMs: number): (readonly [string, Question])[] {
  const sql =
    (statement: string): Question =>
    async () =>
      (await client.sql(statement, 1000, NEVER)).rows.length;
  return [
    [
      'needle: flows of one server and port',
      sql(
        `SELECT count(*), min(time), max(time) FROM flows WHERE server_address = '10.1.0.30' AND server_port = 6379`,
      ),
    ],
    [
      'needle: its newest 100 flows, whole rows',
      sql(
        `SELECT * FROM flows WHERE server_address = '10.1.0.30' AND server_port = 6379 ORDER BY time DESC LIMIT 100`,
      ),
    ],
    [
      'needle: resets of one server',
      async () => (await client.resets({ server: '10.1.0.30', serverPort: 6379 }, 100, NEVER)).resets.length,
    ],
    ['grouping: findings', async () => (await client.findings({}, 100, NEVER)).findings.length],
    [
      'grouping: resets over time and sites',
      async () => (await client.timeline({}, 96, NEVER)).buckets.length,
    ],
    ['grouping: top talkers', async () => (await client.talkers({}, 100, NEVER)).talkers.length],
    [
      'grouping: all flows by server',
      sql(
        'SELECT server_address, server_port, count(*) AS n, sum(server_bytes) AS sent FROM flows GROUP BY server_address, server_port ORDER BY n DESC LIMIT 100',
      ),
    ],
    ['coverage', async () => (await client.coverage({}, NEVER)).hosts.length],
    [
      'newest resets that mattered, of an hour',
      async () =>
        (
          await client.resets(
            { fromMs: toMs - 7_200_000, toMs: toMs - 3_600_000, onlyMatters: true },
            100,
            NEVER,
          )
        ).resets.length,
    ],
    ...JOINS.map((count): readonly [string, Question] => [
      `join of ${count} reset${count === 1 ? '' : 's'}`,
      async () =>
        (await client.join({ cause: 'injected', toMs: toMs - 3_600_000 }, count, NEVER)).joins.length,
    ]),
  ];
}

async function clickhouse(folder: string, runs: number, fleetProcess: string): Promise<object> {
  const servers = await startServers(1);
  const temporary = mkdtempSync(join(tmpdir(), 'resetscope-bench-'));
  try {
    const [server] = servers.servers;
    const place = servers.one('bench');
    const source = await openStore(folder, { duckdb: [process.cwd()], temporary }, NEVER);
    const begin = performance.now();
    const { rows } = await ingest(source, place, { signal: NEVER, host: 'bench' });
    const seconds = (performance.now() - begin) / 1000;
    await source.close();
    const asked = await ask(place, runs, fleetProcess);
    const parts = await fetch(
      `http://127.0.0.1:${server.httpPort}/?query=${encodeURIComponent("SELECT table, sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND database = 'bench' GROUP BY table")}`,
    ).then((answer) => answer.text());
    const tables = parts
      .trim()
      .split('\n')
      .map((line) => line.split('\t'))
      .map(([table, count, bytes]) => ({ table, rows: Number(count), bytes: Number(bytes) }));
    return { seconds, rows, tables, asked, serverKibibytes: peakKibibytes(server.pid) };
  } finally {
    await servers.close();
    rmSync(temporary, { recursive: true, force: true });
  }
}

/** How fast one core tries initial sequence numbers, as somebody would who has the key. */
function hashes(): object {
  const key = randomBytes(32);
  const data = Buffer.alloc(16);
  const begin = performance.now();
  for (let i = 0; i < HASHES; i++) {
    data.writeUInt32BE(i, 12);
    createHmac('sha256', key).update(data).digest();
  }
  return { perSecond: HASHES / ((performance.now() - begin) / 1000) };
}

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}

function childCpuMs(): number {
  return childrenOf(process.pid).reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  }, 0);
}

function peakKibibytes(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

const [mode, place = '', runs = '3', fleetProcess = ''] = process.argv.slice(2);
const work = { ask, clickhouse, hashes: () => Promise.resolve(hashes()) }[mode];
if (work === undefined) throw new Error(`There is no mode ${mode}`);
process.stdout.write(`${JSON.stringify(await work(place, Number(runs), fleetProcess))}\n`);
