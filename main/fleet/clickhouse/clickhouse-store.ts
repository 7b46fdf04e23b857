/**
 * A fleet's tables in ClickHouse, on one server or spread over several.
 *
 * Invariant: a shard that does not answer is told. A question is asked strictly first, so that it fails where a shard is out of reach;
 * only then is it asked again of those that are left, between two looks at who is there.
 */
import {
  FleetError,
  type Answer,
  type FleetStore,
  type MissingPart,
  type Select,
  type SqlAnswer,
} from '../store.ts';
import {
  askShortly,
  type Cluster,
  type ClusterMember,
  nobodyAnswers,
  SilentError,
  whyDead,
} from './cluster.ts';
import { isEverywhere } from './schema.ts';
import { rowsOf, statementOf } from './select-sql.ts';
import { type ClickHouseServer, type Settings, ServerError } from './server.ts';
import { linesOf } from './tab-separated.ts';
import { answerOf, checkedStatement, wrapped } from './user-sql.ts';

/** How servers say that another one is out of reach: broke off, timed out, not reached, not known by name. */
const SHARD_CODES: ReadonlySet<number> = new Set([32, 198, 209, 210, 279, 519]);
/** A shard that comes and goes is looked for so often. */
const MAX_LOOKS = 4;

const READ: Settings = {
  max_query_size: 64 * 1024 * 1024,
  max_ast_elements: 10_000_000,
  max_expanded_ast_elements: 10_000_000,
  connect_timeout_with_failover_ms: 1000,
  connections_with_failover_max_tries: 1,
  // Servers send progress all the time: who is silent for so long hangs.
  receive_timeout: 10,
};
/** Old servers wait for one that hangs for ever: after so long it is looked whether one does. */
const WATCH_MS = 30_000;
const PARTIAL: Settings = { ...READ, skip_unavailable_shards: 1 };
/** Who is there is a short question. */
const LOOK: Settings = { ...PARTIAL, receive_timeout: 3 };

/** How long a statement that somebody wrote may take, in seconds. */
const MAX_SQL_SECONDS = 300;

export interface StoreParts {
  readonly name: string;
  readonly servers: readonly ClickHouseServer[];
  readonly cluster: Cluster;
  /** Whether the user may say `readonly=1` for a request; who may not is held to it by the server. */
  readonly mayBeReadOnly: boolean;
  readonly watchMs?: number;
}

export class ClickHouseStore implements FleetStore {
  readonly name: string;
  readonly shards: number;
  readonly #servers: readonly ClickHouseServer[];
  readonly #members: readonly ClusterMember[];
  readonly #isSpread: boolean;
  readonly #mayBeReadOnly: boolean;
  readonly #watchMs: number;
  /** Who answered last is asked first. */
  #first = 0;

  constructor({ name, servers, cluster, mayBeReadOnly, watchMs = WATCH_MS }: StoreParts) {
    this.name = name;
    this.#servers = servers;
    this.shards = cluster.shards;
    this.#members = cluster.members;
    this.#isSpread = cluster.members.length > 0;
    this.#mayBeReadOnly = mayBeReadOnly;
    this.#watchMs = watchMs;
  }

  async ask(select: Select, signal: AbortSignal): Promise<Answer> {
    const statement = statementOf(select);
    const { text, missing } = await this.#asked(statement.sql, isEverywhere(select.from), {}, signal);
    return { rows: rowsOf(statement, text), missing };
  }

  async sql(
    statement: string,
    { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
  ): Promise<SqlAnswer> {
    const sql = wrapped(checkedStatement(statement), limit);
    const settings = { max_execution_time: MAX_SQL_SECONDS, output_format_json_quote_64bit_integers: 1 };
    try {
      // Which tables it names is not looked at: it may be one that is spread.
      const { text, missing } = await this.#asked(sql, true, settings, signal);
      return { ...answerOf(text, limit), missing };
    } catch (error) {
      if (error instanceof FleetError && error.code === 'failed') {
        throw new FleetError('bad-query', error.message, { cause: error });
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.close()));
  }

  async #asked(
    sql: string,
    isLocal: boolean,
    more: Settings,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly missing: readonly MissingPart[] }> {
    const dead: { name: string; why: string }[] = [];
    for (let tried = 0; tried < this.#servers.length; tried++) {
      const at = (this.#first + tried) % this.#servers.length;
      const server = this.#servers[at];
      try {
        // A server that hangs takes requests and says nothing: a long question would wait for it.
        if (this.#servers.length > 1) await askShortly(server, 'SELECT 1', signal);
        const answer = await this.#watched(server, signal, (watched) =>
          this.#askedOf(server, sql, isLocal, more, watched),
        );
        this.#first = at;
        return answer;
      } catch (error) {
        dead.push({ name: server.name, why: whyDead(error, server) });
      }
    }
    throw nobodyAnswers(dead);
  }

  /** @throws FleetError 'unreachable' where another server of the cluster takes connections and says nothing on them */
  async #watched<Result>(
    server: ClickHouseServer,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    const stop = new AbortController();
    const watched = AbortSignal.any([signal, stop.signal]);
    let silent: string | null = null;
    const look = async (other: ClickHouseServer): Promise<void> => {
      try {
        await askShortly(other, 'SELECT 1', watched);
      } catch (error) {
        if (!(error instanceof SilentError)) return;
        silent ??= `${other.name}: ${error.message}`;
        stop.abort();
      }
    };
    const others = this.#servers.filter((other) => other !== server);
    const timer = setInterval(() => {
      for (const other of others) void look(other);
    }, this.#watchMs);
    try {
      return await work(watched);
    } catch (error) {
      signal.throwIfAborted();
      if (silent === null) throw error;
      throw new FleetError(
        'unreachable',
        `a server of the cluster takes connections and does not answer, and ${server.name} waits for it. ${String(silent)}; end it or start it again`,
        { cause: error },
      );
    } finally {
      clearInterval(timer);
      stop.abort();
    }
  }

  async #askedOf(
    server: ClickHouseServer,
    sql: string,
    isLocal: boolean,
    more: Settings,
    signal: AbortSignal,
  ): Promise<{ readonly text: string; readonly missing: readonly MissingPart[] }> {
    let gone: ReadonlySet<number> = new Set();
    for (let look = 0; look < MAX_LOOKS; look++) {
      try {
        // What lies on every host is answered by one: whether the others live is asked beside it.
        if (isLocal && this.#isSpread) await this.#run(server, COUNT_SHARDS, READ, signal);
        return { text: await this.#run(server, sql, { ...READ, ...more }, signal), missing: [] };
      } catch (error) {
        if (!this.#isSpread || !isAboutShard(error)) throw error;
      }
      try {
        const before = await this.#gone(server, signal);
        const text = await this.#run(server, sql, { ...PARTIAL, ...more }, signal);
        const after = await this.#gone(server, signal);
        gone = new Set([...before, ...after]);
        const isSettled = before.size === after.size && [...before].every((shard) => after.has(shard));
        // Where all are back in between, the strict question answers.
        if ((isSettled && gone.size > 0) || (look === MAX_LOOKS - 1 && gone.size > 0)) {
          return { text, missing: [...gone].map((shard) => this.#missing(shard, server)) };
        }
      } catch (error) {
        if (!isAboutShard(error)) throw error;
      }
    }
    throw new FleetError(
      'unreachable',
      `${server.name} reaches the other servers of the cluster now and then only; ask again when they are settled`,
    );
  }

  #run(server: ClickHouseServer, sql: string, settings: Settings, signal: AbortSignal): Promise<string> {
    return server.run(sql, this.#mayBeReadOnly ? { ...settings, readonly: 1 } : settings, signal);
  }

  /** Shards that nobody answers for now. */
  async #gone(server: ClickHouseServer, signal: AbortSignal): Promise<ReadonlySet<number>> {
    const text = await this.#run(server, LIST_SHARDS, LOOK, signal);
    const there = new Set([...linesOf(text)].map(([shard]) => Number(shard)));
    return new Set(this.#members.map(({ shard }) => shard).filter((shard) => !there.has(shard)));
  }

  #missing(shard: number, server: ClickHouseServer): MissingPart {
    const hosts = this.#members.filter((one) => one.shard === shard).map(({ name }) => name);
    return {
      kind: 'shard',
      name: `shard ${shard} of ${this.shards} (${hosts.join(', ')})`,
      why: `${hosts.length > 1 ? 'none of its servers answers' : 'its server does not answer'} ${server.name}; its rows are not in this answer`,
    };
  }
}

const COUNT_SHARDS = 'SELECT count() FROM layout FORMAT TabSeparated';
const LIST_SHARDS = 'SELECT DISTINCT shard FROM layout FORMAT TabSeparated';

function isAboutShard(error: unknown): boolean {
  return error instanceof ServerError && error.code !== null && SHARD_CODES.has(error.code);
}
