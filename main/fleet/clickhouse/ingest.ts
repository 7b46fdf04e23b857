/**
 * Takes a folder's tables into ClickHouse, unit by unit.
 *
 * Invariants
 * - A unit's row in the table of captures is inserted last and taken out first: what the table covers is whole.
 * - A unit that is noted as done is there once. One that is noted as begun is taken out and inserted anew, by whichever run comes next.
 * - Nothing is taken in while a shard is out of reach: its rows would be missing without a word.
 */
import { createHash, randomUUID } from 'node:crypto';
import { FLEET_KINDS, FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import {
  type Condition,
  type Expression,
  FleetError,
  type FleetStore,
  type Lines,
  type MissingPart,
  type Row,
  type UnitId,
} from '../store.ts';
import { type Cluster, lookAround, type Peer } from './cluster.ts';
import { insertLines, linesOfRows } from './insert.ts';
import { IngestRun, type LedgerEntry, readLedger, unitKey, writeLedger } from './ledger.ts';
import { createDatabase, migrate } from './migrate.ts';
import { deleteCaptures, deleteUnits } from './mutations.ts';
import { serversOf } from './open.ts';
import { type ClickHousePlace, parseClickHousePlace } from './place.ts';
import { replicationOf } from './replication.ts';
import { isEverywhere, orderOf } from './schema.ts';
import { type ClickHouseServer, fleetErrorOf, HttpServer, ServerError } from './server.ts';

/** Rows that are in memory at once. */
const BATCH_ROWS = 50_000;
/** Units of one batch, and their rows: they are noted together, and a folder’s large files are read once for each batch. */
const BATCH_UNITS = 2000;
const ROWS_OF_BATCH = 1_000_000;
const MAX_UNITS = 10_000_000;
/** The flows that were open at the end of a capture are noted as this segment of it. */
const OPEN = -1;

export interface IngestOptions {
  readonly signal: AbortSignal;
  /** The machine that takes in, for those who find it at work. */
  readonly host: string;
  onProgress?(progress: IngestProgress): void;
}

export interface IngestProgress {
  readonly units: number;
  /** That are to be taken in. */
  readonly ofUnits: number;
  readonly rows: number;
}

export interface IngestResult {
  /** New ones, and ones that replaced an older form of themselves or a half of it. */
  readonly added: number;
  readonly replaced: number;
  readonly unchanged: number;
  readonly rows: Readonly<Record<FleetKind, number>>;
  /** What was made or changed in the tables, for people. */
  readonly migrated: readonly string[];
  /** What of the folder could not be read. */
  readonly missing: readonly MissingPart[];
}

/** @throws FleetError; the signal's reason */
export async function ingest(
  source: FleetStore,
  place: string,
  options: IngestOptions,
  password: string = process.env.RESETSCOPE_CLICKHOUSE_PASSWORD ?? '',
): Promise<IngestResult> {
  const parsed = parseClickHousePlace(place, password);
  const servers = serversOf(parsed);
  try {
    await createDatabases(parsed, options.signal);
    return await ingestInto(source, parsed, servers, options);
  } catch (error) {
    throw fleetErrorOf(error, parsed.hosts.map(({ name }) => name).join(', '));
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
}

async function createDatabases(place: ClickHousePlace, signal: AbortSignal): Promise<void> {
  for (const host of place.hosts) {
    const server = new HttpServer(place, host, 'default');
    try {
      await createDatabase(server, place.database, signal);
    } catch (error) {
      // Whether it can be done without is known when all others were asked.
      if (!(error instanceof ServerError && error.isUnreachable)) throw fleetErrorOf(error, server.name);
    } finally {
      await server.close();
    }
  }
}

export async function ingestInto(
  source: FleetStore,
  place: ClickHousePlace,
  servers: readonly ClickHouseServer[],
  options: IngestOptions,
): Promise<IngestResult> {
  const { signal } = options;
  const cluster = await lookAround(place, servers, signal);
  const keeping = await Promise.all(cluster.peers.map(({ server }) => replicationOf(server, signal)));
  const isReplicated = keeping.every((one) => one !== null);
  if (!isReplicated && keeping.some((one) => one !== null)) {
    throw new FleetError(
      'failed',
      'some servers of the place keep replicas and others do not: all need a ZooKeeper or Keeper and the macros shard and replica, or none',
    );
  }
  checkReachable(cluster, isReplicated);
  const migrated: string[] = [];
  for (const [at, { server, version, shard }] of cluster.peers.entries()) {
    const context = { database: place.database, cluster: place.cluster, shard, replication: keeping[at] };
    migrated.push(...(await migrate(server, version, context, signal)));
  }
  const writers: Writers = isReplicated
    ? { everywhere: cluster.peers.slice(0, 1), shards: firstOfEach(cluster.peers) }
    : { everywhere: cluster.peers, shards: cluster.peers };
  const id = randomUUID();
  const run = await IngestRun.begin(writers.everywhere, id, options.host, signal);
  try {
    return { ...(await new Intake(source, place.cluster, writers, id, options).take()), migrated };
  } finally {
    await run.end();
  }
}

/** Where something is written so that every host has it: servers that keep replicas tell each other. */
interface Writers {
  readonly everywhere: readonly Peer[];
  readonly shards: readonly Peer[];
}

function checkReachable({ peers, dead, shards }: Cluster, isReplicated: boolean): void {
  const isEnough = isReplicated && new Set(peers.map(({ shard }) => shard)).size === shards;
  if (dead.length === 0 || isEnough) return;
  const names = dead.map(({ name, why }) => `${name} (${why})`).join(', ');
  throw new FleetError('unreachable', `nothing is taken in while a server is out of reach: ${names}`);
}

function firstOfEach(peers: readonly Peer[]): readonly Peer[] {
  return peers.filter(({ shard }, at) => peers.findIndex((one) => one.shard === shard) === at);
}

interface Unit extends UnitId {
  readonly fingerprint: string;
  readonly counts: ReadonlyMap<FleetKind, number>;
}

/** Kinds of a unit but its row of captures, and but the flows that were open: those replace each other from segment to segment. */
const ROW_KINDS = FLEET_KINDS.filter((kind) => kind !== 'captures' && kind !== 'open_flows');

class Intake {
  readonly #source: FleetStore;
  readonly #cluster: string | null;
  readonly #writers: Writers;
  readonly #run: string;
  readonly #options: IngestOptions;
  readonly #rows = Object.fromEntries(FLEET_KINDS.map((kind) => [kind, 0])) as Record<FleetKind, number>;
  #missing: readonly MissingPart[] = [];
  /** Lines of the source broke off. */
  #asksForRows = false;

  constructor(
    source: FleetStore,
    cluster: string | null,
    writers: Writers,
    run: string,
    options: IngestOptions,
  ) {
    this.#source = source;
    this.#cluster = cluster;
    this.#writers = writers;
    this.#run = run;
    this.#options = options;
  }

  async take(): Promise<Omit<IngestResult, 'migrated'>> {
    const { signal, onProgress } = this.#options;
    const units = await this.#units();
    const ledger = await readLedger(this.#writers.everywhere, signal);
    const wanted = units.filter((unit) => {
      const known = ledger.get(unitKey(unit));
      return known?.state !== 'done' || known.fingerprint !== unit.fingerprint;
    });
    const stale = wanted.filter((unit) => ledger.has(unitKey(unit)));
    await this.#note(stale, 'begun');
    for (const kind of ['captures', ...ROW_KINDS] as const) await this.#delete(kind, stale);
    let done = 0;
    for (const batch of batchesOf(wanted)) {
      await this.#note(batch, 'begun');
      const isWhole = await this.#insert(batch);
      await this.#note(isWhole ? batch : await this.#asTheyAre(batch), 'done');
      done += batch.length;
      onProgress?.({ units: done, ofUnits: wanted.length, rows: this.#total() });
    }
    await this.#replaceOpen(units, ledger);
    return {
      added: wanted.length - stale.length,
      replaced: stale.length,
      unchanged: units.length - wanted.length,
      rows: this.#rows,
      missing: this.#missing,
    };
  }

  #total(): number {
    return FLEET_KINDS.reduce((sum, kind) => sum + this.#rows[kind], 0);
  }

  /** Whole units of the folder, by time. */
  async #units(): Promise<Unit[]> {
    const captures = await this.#ask('captures', columnsOf('captures'), [], MAX_UNITS);
    const counts = new Map<string, Map<FleetKind, number>>();
    for (const kind of [...ROW_KINDS, 'open_flows'] as const) {
      const rows = await this.#ask(
        kind,
        { capture: { column: 'capture' }, segment: { column: 'segment' }, count: { count: true } },
        [],
        MAX_UNITS,
        ['capture', 'segment'],
      );
      for (const row of rows) {
        const key = unitKey(idOf(row));
        const own = counts.get(key) ?? new Map<FleetKind, number>();
        own.set(kind, Number(row.count));
        counts.set(key, own);
      }
    }
    if (captures.length >= MAX_UNITS)
      throw new FleetError('failed', 'the folder has more units than can be taken in');
    return captures
      .toSorted((a, b) => Number((a.time as bigint | null) ?? 0n) - Number((b.time as bigint | null) ?? 0n))
      .map((row) => {
        const id = idOf(row);
        const own = counts.get(unitKey(id)) ?? new Map<FleetKind, number>();
        return { ...id, counts: own, fingerprint: fingerprintOf(row, own) };
      });
  }

  async #note(units: readonly (UnitId & { fingerprint: string })[], state: 'begun' | 'done'): Promise<void> {
    const entries = units.map(({ capture, segment, fingerprint }) => ({
      capture,
      segment,
      fingerprint,
      state,
    }));
    await writeLedger(this.#writers.everywhere, entries, this.#run, this.#options.signal);
  }

  async #delete(kind: FleetKind, units: readonly UnitId[]): Promise<void> {
    if (units.length === 0) return;
    for (const { server } of isEverywhere(kind) ? this.#writers.everywhere : this.#writers.shards) {
      await deleteUnits(server, kind, this.#cluster, units, this.#options.signal);
    }
  }

  /** @returns whether all rows were there that were counted; not so where a file turns out to be damaged */
  async #insert(units: readonly Unit[]): Promise<boolean> {
    const before = { ...this.#rows };
    const wasByLines = !this.#asksForRows;
    try {
      let isWhole = true;
      for (const kind of [...ROW_KINDS, 'captures'] as const)
        isWhole = (await this.#insertKind(kind, units)) && isWhole;
      return isWhole;
    } catch (error) {
      if (!wasByLines || !this.#asksForRows) throw error;
      Object.assign(this.#rows, before);
      for (const kind of ['captures', ...ROW_KINDS] as const) await this.#delete(kind, units);
      return this.#insert(units);
    }
  }

  /** The same units as the folder has them now, so that one is taken in anew when what is damaged in it has become whole. */
  async #asTheyAre(units: readonly Unit[]): Promise<readonly Unit[]> {
    const keys = new Set(units.map(unitKey));
    return (await this.#units()).filter((unit) => keys.has(unitKey(unit)));
  }

  async *#linesOf(kind: FleetKind, units: readonly Unit[]): AsyncGenerator<Lines> {
    const lines = this.#asksForRows
      ? undefined
      : this.#source.lines?.(kind, units, orderOf(kind), this.#options.signal);
    if (lines === undefined) {
      yield* linesOfRows(kind, this.#rowsOf(kind, units));
      return;
    }
    try {
      for await (const some of lines) yield some;
    } catch (error) {
      // A file could not be read to its end. Asked for rows, the store leaves out what is damaged and says so.
      if (!(error instanceof FleetError) && !this.#options.signal.aborted) this.#asksForRows = true;
      throw error;
    }
  }

  /** @returns whether all rows were there that were counted */
  async #insertKind(kind: FleetKind, units: readonly Unit[]): Promise<boolean> {
    const owners = kind === 'captures' ? units : units.filter(({ counts }) => counts.has(kind));
    if (owners.length === 0) return true;
    const expected = owners.reduce((sum, { counts }) => sum + (counts.get(kind) ?? 1), 0);
    let isWhole = true;
    // What lies everywhere is read once for each host: these are few rows.
    const hosts = isEverywhere(kind) ? this.#writers.everywhere : this.#writers.shards.slice(0, 1);
    for (const [at, { server }] of hosts.entries()) {
      const count = await insertLines(server, kind, this.#linesOf(kind, owners), this.#options.signal);
      if (at === 0) this.#rows[kind] += count;
      isWhole &&= count === expected;
    }
    return isWhole;
  }

  async *#rowsOf(kind: FleetKind, units: readonly Unit[]): AsyncGenerator<Row> {
    const numbered = FLEET_TABLES[kind].find(({ name }) => name === 'reset' || name === 'flow')?.name;
    let together: Unit[] = [];
    let rows = 0;
    for (const unit of units) {
      const count = unit.counts.get(kind) ?? 1;
      if (count > BATCH_ROWS && numbered !== undefined) {
        yield* this.#pages(kind, unit, numbered);
        continue;
      }
      if (rows + count > BATCH_ROWS && together.length > 0) {
        yield* await this.#ask(kind, columnsOf(kind), [unitsCondition(together)], rows);
        together = [];
        rows = 0;
      }
      together.push(unit);
      rows += count;
    }
    if (together.length > 0) yield* await this.#ask(kind, columnsOf(kind), [unitsCondition(together)], rows);
  }

  /** A unit that is too large to be in memory, by the numbers that its rows have. */
  async *#pages(kind: FleetKind, unit: Unit, by: string): AsyncGenerator<Row> {
    const [{ last }] = await this.#ask(kind, { last: { max: by } }, [unitsCondition([unit])], 1);
    for (let from = 0; from <= Number(last); from += BATCH_ROWS) {
      yield* await this.#ask(
        kind,
        columnsOf(kind),
        [
          unitsCondition([unit]),
          { column: by, op: '>=', value: from },
          { column: by, op: '<', value: from + BATCH_ROWS },
        ],
        unit.counts.get(kind) ?? 0,
      );
    }
  }

  async #ask(
    kind: FleetKind,
    columns: Readonly<Record<string, Expression>>,
    where: readonly Condition[],
    limit: number,
    groupBy?: readonly string[],
  ): Promise<readonly Row[]> {
    const select = { from: kind, columns, where, limit, ...(groupBy === undefined ? {} : { groupBy }) };
    const { rows, missing } = await this.#source.ask(select, this.#options.signal);
    this.#missing = missing;
    return rows;
  }

  /** What was open at the end of each capture's newest segment takes the place of what was open before. */
  async #replaceOpen(units: readonly Unit[], ledger: ReadonlyMap<string, LedgerEntry>): Promise<void> {
    const newest = new Map<string, Unit>();
    for (const unit of units) {
      const other = newest.get(unit.capture);
      if (other === undefined || unit.segment > other.segment) newest.set(unit.capture, unit);
    }
    const snapshots = [...newest.values()].flatMap((unit) => {
      const count = unit.counts.get('open_flows') ?? 0;
      const known = ledger.get(unitKey({ capture: unit.capture, segment: OPEN }));
      const fingerprint = `${unit.segment} ${count} ${unit.fingerprint}`;
      const isSame = known?.state === 'done' && known.fingerprint === fingerprint;
      const isOlder = known !== undefined && Number(known.fingerprint.split(' ')[0]) > unit.segment;
      if (isSame || isOlder || (known === undefined && count === 0)) return [];
      return [{ unit, known, note: { capture: unit.capture, segment: OPEN, fingerprint } }];
    });
    if (snapshots.length === 0) return;
    await this.#note(
      snapshots.map(({ note }) => note),
      'begun',
    );
    const replaced = snapshots.filter(({ known }) => known !== undefined).map(({ unit }) => unit.capture);
    if (replaced.length > 0) {
      for (const { server } of this.#writers.shards) {
        await deleteCaptures(server, this.#cluster, replaced, this.#options.signal);
      }
    }
    await this.#insertKind(
      'open_flows',
      snapshots.map(({ unit }) => unit),
    );
    await this.#note(
      snapshots.map(({ note }) => note),
      'done',
    );
  }
}

function columnsOf(kind: FleetKind): Readonly<Record<string, Expression>> {
  return Object.fromEntries(FLEET_TABLES[kind].map(({ name }) => [name, { column: name }]));
}

function idOf(row: Row): UnitId {
  return { capture: String(row.capture), segment: Number(row.segment) };
}

/** By captures, so that the segments of one are one condition. */
function unitsCondition(units: readonly UnitId[]): Condition {
  const segments = new Map<string, number[]>();
  for (const { capture, segment } of units) {
    const own = segments.get(capture);
    if (own === undefined) segments.set(capture, [segment]);
    else own.push(segment);
  }
  return {
    any: [...segments].map(([capture, list]) => ({
      all: [
        { column: 'capture', op: '=', value: capture },
        { column: 'segment', in: list },
      ],
    })),
  };
}

/** The row of captures tells of all that could make a unit's rows others: the program, its weights, the key, what was read. */
function fingerprintOf(row: Row, counts: ReadonlyMap<FleetKind, number>): string {
  const told = FLEET_TABLES.captures.map(({ name }) => String(row[name]));
  const rows = ROW_KINDS.map((kind) => counts.get(kind) ?? 0);
  return createHash('sha256')
    .update(JSON.stringify([...told, ...rows]))
    .digest('hex');
}

function* batchesOf(units: readonly Unit[]): Generator<readonly Unit[]> {
  let batch: Unit[] = [];
  let rows = 0;
  for (const unit of units) {
    batch.push(unit);
    for (const count of unit.counts.values()) rows += count;
    if (rows >= ROWS_OF_BATCH || batch.length >= BATCH_UNITS) {
      yield batch;
      batch = [];
      rows = 0;
    }
  }
  if (batch.length > 0) yield batch;
}
