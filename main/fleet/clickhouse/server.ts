/** One ClickHouse server, asked over HTTP. What is above it knows statements only, so that tests can put a server in process there. */
import { Readable } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import { type ClickHouseClient, ClickHouseError, ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { FleetError } from '../store.ts';
import type { ClickHouseHost, ClickHousePlace } from './place.ts';

export type Settings = Readonly<Record<string, string | number>>;

export interface ClickHouseServer {
  /** `host:port`. */
  readonly name: string;
  /**
   * Runs a statement and gives its answer, in the format that the statement names.
   * @throws ServerError, or the signal's reason
   */
  run(sql: string, settings: Settings, signal: AbortSignal): Promise<string>;
  /**
   * Inserts lines of TabSeparated.
   * @throws ServerError, or the signal's reason
   */
  insert(into: string, lines: AsyncIterable<string>, settings: Settings, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** What a server said, or why there was none to say something. */
export class ServerError extends Error {
  /** Number of ClickHouse's error; null where the server was not reached. */
  readonly code: number | null;

  constructor(code: number | null, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ServerError';
    this.code = code;
  }

  get isUnreachable(): boolean {
    return this.code === null;
  }
}

/** Wrong name or password, in the words of old servers and of new ones. */
const LOGIN_CODES: ReadonlySet<number> = new Set([192, 193, 194, 516]);
const NO_DATABASE = 81;
/** Longest sentence of a server that is handed on: stack traces of some fill screens. */
const MAX_WORDS = 600;
/** A question that takes longer than this is one that nobody waits for. */
const MAX_REQUEST_MS = 600_000;

export class HttpServer implements ClickHouseServer {
  readonly name: string;
  readonly #client: ClickHouseClient;

  constructor({ isTls, user, password }: ClickHousePlace, host: ClickHouseHost, database: string) {
    this.name = host.name;
    this.#client = createClient({
      url: `${isTls ? 'https' : 'http'}://${host.name}`,
      username: user,
      password,
      database,
      application: 'resetscope',
      request_timeout: MAX_REQUEST_MS,
      max_open_connections: 4,
      // A server closes connections that are idle for some seconds, just as the next statement may be on its way on one.
      keep_alive: { enabled: false },
      // Errors are told by who asked; the client's own log could hold statements.
      log: { level: ClickHouseLogLevel.OFF },
    });
  }

  async run(sql: string, settings: Settings, signal: AbortSignal): Promise<string> {
    return this.#told(signal, async () => {
      const { stream } = await this.#client.exec({
        query: sql,
        // Else an error behind the first rows would stand among them, in an answer that says that all is well.
        clickhouse_settings: { ...settings, wait_end_of_query: 1 },
        abort_signal: signal,
      });
      return textOf(stream);
    });
  }

  async insert(
    into: string,
    lines: AsyncIterable<string>,
    settings: Settings,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#told(signal, async () => {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${into} FORMAT TabSeparated`,
        values: Readable.from(lines, { objectMode: false }),
        clickhouse_settings: { ...settings },
        abort_signal: signal,
      });
      await textOf(stream);
    });
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  async #told<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw serverErrorOf(error);
    }
  }
}

function serverErrorOf(error: unknown): Error {
  if (error instanceof FleetError) return error;
  if (error instanceof ClickHouseError) return new ServerError(Number(error.code), shortened(error.message));
  const words = error instanceof Error ? error.message : String(error);
  // Old servers say it without the form that the client knows.
  const code = /\bCode: (\d{1,5})[,.]/.exec(words);
  if (code !== null) return new ServerError(Number(code[1]), shortened(words));
  return new ServerError(null, reasonOf(error), { cause: error });
}

/** What kept us from the server, in words that name what to look at. */
function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name is not known';
    case 'ECONNRESET':
    case 'EPIPE':
      return 'it broke the connection off';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way to it';
    default: {
      const words = error instanceof Error ? error.message : String(error);
      return shortened(words === '' ? (code ?? 'the request failed') : words);
    }
  }
}

function shortened(words: string): string {
  const plain = words.replace(/^Code: \d+, e\.displayText\(\) = /, '').replace(/, e\.what\(\) = .*$/s, '');
  return plain.length > MAX_WORDS ? `${plain.slice(0, MAX_WORDS)}…` : plain;
}

/** A server's error as one of the fleet. */
export function fleetErrorOf(error: unknown, server: string): unknown {
  if (!(error instanceof ServerError)) return error;
  const { code, message } = error;
  if (code === null) return new FleetError('unreachable', `${server} cannot be reached: ${message}`);
  if (LOGIN_CODES.has(code)) {
    return new FleetError(
      'unreachable',
      `${server} does not take that user and password; they are told in the place, the password also in RESETSCOPE_CLICKHOUSE_PASSWORD`,
    );
  }
  if (code === NO_DATABASE) {
    return new FleetError(
      'not-a-fleet',
      `${server} has no such database; “resetscope fleet ingest FOLDER --store PLACE” makes it`,
    );
  }
  return new FleetError('failed', `${server} says: ${message}`, { cause: error });
}
