/**
 * What a fleet answers is the same whichever store keeps it: all questions over the same worlds, in memory, in a folder, on one ClickHouse server and
 * on two shards. The store in memory takes a question by its word; it is what the others are held against.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FleetResetId, FleetScope } from '../../shared/model/fleet.ts';
import { ingest } from '../../main/fleet/clickhouse/ingest.ts';
import { openClickHouse } from '../../main/fleet/clickhouse/open.ts';
import { loadDuckDb } from '../../main/fleet/duckdb/load-duckdb.ts';
import { openFolder } from '../../main/fleet/duckdb/folder-store.ts';
import { joinReset, joinScope } from '../../main/fleet/join/join.ts';
import { Asking } from '../../main/fleet/questions/asking.ts';
import { coverageOf } from '../../main/fleet/questions/coverage.ts';
import { findingsOf } from '../../main/fleet/questions/findings.ts';
import { resetsOf } from '../../main/fleet/questions/resets.ts';
import { summaryOf } from '../../main/fleet/questions/summary.ts';
import { talkersOf } from '../../main/fleet/questions/talkers.ts';
import { timelineOf } from '../../main/fleet/questions/timeline.ts';
import type { FleetStore } from '../../main/fleet/store.ts';
import { MemoryStore } from '../../main/fleet/testing/memory-store.ts';
import { CLICKHOUSE_SERVER, startServers, type TestServers } from './support/clickhouse-servers.ts';
import { worldsTogether } from './support/worlds-together.ts';
import { writeFolder } from './support/write-folder.ts';

const WORLDS = 8;
const { signal } = new AbortController();
const root = new URL('../..', import.meta.url).pathname;
const tables = worldsTogether(1, WORLDS);
const reference = new MemoryStore(tables);

const BEGIN = Math.min(...tables.resets.map(({ time }) => Number((time as bigint) / 1_000_000n)));
const SCOPES: readonly FleetScope[] = [
  {},
  { fromMs: BEGIN - (BEGIN % 300_000), toMs: BEGIN - (BEGIN % 300_000) + 600_000 },
  { fromMs: BEGIN + 20_001, toMs: BEGIN + 90_002 },
  { fromMs: 0, toMs: 1000 },
  { host: 'host-1' },
  { site: 'site 3', onlyMatters: true },
  { server: '192.0.2.', serverPort: 443, origin: 'middlebox' },
  { client: '198.18.', cause: 'idle-timeout' },
];

interface Asked {
  readonly what: string;
  readonly ask: (asking: Asking) => Promise<unknown>;
}

/** Scopes whose resets are held against all hosts as well, by some dozen questions each. */
const JOINED_SCOPES = 3;

const QUESTIONS: readonly Asked[] = SCOPES.flatMap((scope, at): Asked[] =>
  (
    [
      ['coverage', (asking) => coverageOf(asking, scope)],
      ['findings', (asking) => findingsOf(asking, scope, 20)],
      ['timeline of many stretches', (asking) => timelineOf(asking, scope, 200)],
      ['timeline of few stretches', (asking) => timelineOf(asking, scope, 2)],
      ['talkers', (asking) => talkersOf(asking, scope, 5)],
      ['resets', (asking) => resetsOf(asking, scope, 30)],
      ['joins', (asking) => joinScope(asking, scope, 40)],
    ] satisfies readonly (readonly [string, Asked['ask']])[]
  )
    .filter(([name]) => name !== 'joins' || at < JOINED_SCOPES)
    .map(([name, ask]) => ({ what: `${name} of ${JSON.stringify(scope)}`, ask })),
);

/** Every so many-th reset by itself. */
const IDS: readonly FleetResetId[] = tables.resets
  .filter((_, at) => at % 40 === 0)
  .map(({ capture, segment, reset }) => ({
    capture: String(capture),
    segment: Number(segment),
    reset: Number(reset),
  }));

const expected = new Map<string, unknown>();
beforeAll(async () => {
  for (const { what, ask } of QUESTIONS)
    expected.set(what, comparable(await ask(new Asking(reference, signal))));
});

/** Sums of fractions differ in their last digits by the order in which they are added; a store is named, and has so many shards. */
function comparable(answer: unknown): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value: unknown) =>
      key === 'shards' || key === 'name'
        ? undefined
        : typeof value === 'number' && !Number.isInteger(value)
          ? Number(value.toPrecision(10))
          : value,
    ),
  );
}

async function holdAgainst(store: FleetStore): Promise<void> {
  for (const { what, ask } of QUESTIONS) {
    const answer = comparable(await ask(new Asking(store, signal)));
    expect({ what, answer }).toEqual({ what, answer: expected.get(what) });
  }
  for (const id of IDS) {
    const answer = comparable(await joinReset(new Asking(store, signal), id));
    expect({ id, answer }).toEqual({
      id,
      answer: comparable(await joinReset(new Asking(reference, signal), id)),
    });
  }
  const summary = comparable(await summaryOf(new Asking(store, signal), 'folder'));
  expect(summary).toEqual(comparable(await summaryOf(new Asking(reference, signal), 'folder')));
}

it('asks what has answers of all kinds', async () => {
  const { counts } = await joinScope(new Asking(reference, signal), {}, 1000);
  for (const verdict of ['forged', 'sent', 'open'] as const) expect(counts[verdict]).toBeGreaterThan(5);
  const { total } = await findingsOf(new Asking(reference, signal), {}, 1);
  expect(total).toBeGreaterThan(5);
});

it('answers all questions the same, in whatever order rows lie', async () => {
  const turned = Object.fromEntries(Object.entries(tables).map(([kind, rows]) => [kind, rows.toReversed()]));
  await holdAgainst(new MemoryStore(turned));
});

describe('a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-answers-'));
  const temporary = mkdtempSync(join(tmpdir(), 'resetscope-answers-'));
  afterAll(() => {
    for (const path of [folder, temporary]) rmSync(path, { recursive: true, force: true });
  });

  it('answers all questions as the store in memory does', async () => {
    await writeFolder(folder, tables);
    const store = await openFolder({ folder, duckdb: loadDuckDb([root]), temporary });
    await holdAgainst(store);
    await store.close();
  });
});

describe.skipIf(CLICKHOUSE_SERVER === null)('ClickHouse (clickhouse-server)', () => {
  let servers: TestServers;
  beforeAll(async () => {
    servers = await startServers(2);
  });
  afterAll(() => servers.close());

  it.each(['one', 'all'] as const)('answers all questions as the store in memory does: %s', async (which) => {
    const place = servers[which](`answers_${which}`);
    await ingest(reference, place, { signal, host: 'test' });
    const store = await openClickHouse(place, signal);
    await holdAgainst(store);
    await store.close();
  });
});
