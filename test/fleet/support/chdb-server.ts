/** Today's ClickHouse in this process, where chdb is installed beside the checkout (`npm run fleet:chdb` brings it). */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClickHouseServer, ServerError, type Settings } from '../../../main/fleet/clickhouse/server.ts';

const FOLDER = new URL('../../../.cache/chdb', import.meta.url).pathname;

export const HAS_CHDB = existsSync(join(FOLDER, 'node_modules/chdb'));

interface Session {
  query(sql: string): string;
  cleanup(): void;
}

/** What HTTP servers know and a library does not. */
const OF_HTTP: ReadonlySet<string> = new Set(['wait_end_of_query']);

export class ChdbServer implements ClickHouseServer {
  readonly name = 'chdb';
  readonly #session: Session;
  readonly #folder: string;

  constructor(database: string) {
    this.#folder = mkdtempSync(join(tmpdir(), 'resetscope-chdb-'));
    const { Session: Opened } = createRequire(join(FOLDER, 'package.json'))('chdb') as {
      Session: new (folder: string) => Session;
    };
    this.#session = new Opened(this.#folder);
    this.#session.query(`CREATE DATABASE IF NOT EXISTS ${database}`);
    this.#session.query(`USE ${database}`);
  }

  run(sql: string, settings: Settings): Promise<string> {
    const said = Object.entries(settings).filter(([name]) => !OF_HTTP.has(name) && name !== 'readonly');
    const [, head, format] = /^([\s\S]*?)(\sFORMAT \w+)?$/.exec(sql) ?? [];
    const isQuestion = format !== undefined && said.length > 0;
    const how = isQuestion
      ? `\nSETTINGS ${said.map(([name, value]) => `${name} = ${value}`).join(', ')}`
      : '';
    return this.#told(`${head}${how}${format ?? ''}`);
  }

  async insert(into: string, lines: AsyncIterable<string>): Promise<void> {
    let text = '';
    for await (const piece of lines) text += piece;
    await this.#told(`INSERT INTO ${into} FORMAT TabSeparated\n${text}`);
  }

  close(): Promise<void> {
    this.#session.cleanup();
    rmSync(this.#folder, { recursive: true, force: true });
    return Promise.resolve();
  }

  #told(sql: string): Promise<string> {
    try {
      return Promise.resolve(this.#session.query(sql));
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const code = /Code: (\d+)/.exec(words)?.[1];
      return Promise.reject(new ServerError(Number(code ?? 0), words.slice(0, 500), { cause: error }));
    }
  }
}
