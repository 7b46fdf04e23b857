/**
 * DuckDB in memory, held to one folder: it can read files there, and reach nothing else. What it does is done on a connection of its
 * own each time, so that giving up one question interrupts no other.
 */
import { availableParallelism, totalmem } from 'node:os';
import type { DuckDBConnection, DuckDBInstance, DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import type { BoundValue } from './sql-writing.ts';
import { quotedText } from './sql-writing.ts';
import type { DuckDb } from './load-duckdb.ts';

export interface SessionOptions {
  readonly duckdb: DuckDb;
  /** The only folder that files are read in. */
  readonly folder: string;
  /** Where what does not fit memory goes. */
  readonly temporary: string;
  /** Whether files may be written in the folder: for compaction, never where foreign statements run. */
  readonly writes?: boolean;
}

/** Half of the machine, and no more than answers over some hundred million rows want. */
const MEMORY_BYTES = Math.min(totalmem() / 2, 8 * 1024 ** 3);
const MAX_TEMPORARY_BYTES = 32 * 1024 ** 3;
/** An interrupt that comes before a statement runs has no effect, so it is repeated. */
const INTERRUPT_MS = 50;

export class DuckDbSession {
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async open({ duckdb, folder, temporary, writes = false }: SessionOptions): Promise<DuckDbSession> {
    const instance = await duckdb.DuckDBInstance.create(':memory:', {
      threads: String(availableParallelism()),
      memory_limit: bytes(MEMORY_BYTES),
      temp_directory: temporary,
      max_temp_directory_size: bytes(MAX_TEMPORARY_BYTES),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      allow_community_extensions: 'false',
    });
    const session = new DuckDbSession(instance);
    const held = [
      "SET TimeZone = 'UTC'",
      // The kernel keeps what is read of files; DuckDB would keep a quarter of a megabyte of each, however small.
      'SET enable_external_file_cache = false',
      // Who writes reads each file once, and the footers of a day of many hosts fill the memory.
      `SET parquet_metadata_cache = ${String(!writes)}`,
      `SET allowed_directories = [${quotedText(folder.endsWith('/') ? folder : `${folder}/`)}]`,
      'SET enable_external_access = false',
      'SET lock_configuration = true',
    ];
    if (writes) held.unshift('SET preserve_insertion_order = true');
    for (const sql of held) await session.run(sql);
    return session;
  }

  async run(sql: string, signal?: AbortSignal): Promise<void> {
    await this.#on(signal, (connection) => connection.run(sql));
  }

  /** @returns at most so many rows, and whether there are more */
  async rows(
    sql: string,
    values: readonly BoundValue[],
    { limit, signal }: { readonly limit: number; readonly signal?: AbortSignal },
  ): Promise<{
    readonly rows: readonly (readonly DuckDBValue[])[];
    readonly isCut: boolean;
    readonly result: DuckDBResult;
  }> {
    return this.#on(signal, async (connection) => {
      const result = await connection.stream(sql, [...values]);
      const rows: (readonly DuckDBValue[])[] = [];
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return { rows, isCut: false, result };
        for (const row of chunk.getRows()) {
          if (rows.length === limit) return { rows, isCut: true, result };
          rows.push(row);
        }
      }
    });
  }

  /** Values of the first column, a piece at a time, as fast as they are taken. */
  async *texts(
    sql: string,
    values: readonly BoundValue[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly DuckDBValue[]> {
    const { connection, end } = await this.#connected(signal);
    try {
      const result = await connection.stream(sql, [...values]);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        yield chunk.getColumnValues(0);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      end();
    }
  }

  close(): void {
    this.#instance.closeSync();
  }

  async #on<T>(
    signal: AbortSignal | undefined,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    const { connection, end } = await this.#connected(signal);
    try {
      return await work(connection);
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      end();
    }
  }

  /** A connection that the signal interrupts, until it is ended. */
  async #connected(
    signal: AbortSignal | undefined,
  ): Promise<{ readonly connection: DuckDBConnection; end(): void }> {
    signal?.throwIfAborted();
    const connection = await this.#instance.connect();
    let repeating: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      connection.interrupt();
      repeating = setInterval(() => connection.interrupt(), INTERRUPT_MS);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    return {
      connection,
      end: () => {
        signal?.removeEventListener('abort', interrupt);
        clearInterval(repeating);
        connection.closeSync();
      },
    };
  }
}

function bytes(count: number): string {
  return `${Math.floor(count / 1024 ** 2)}MiB`;
}
