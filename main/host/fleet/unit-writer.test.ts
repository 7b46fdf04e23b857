/** Units as files: what lies where, that a second run replaces all of the first, and that a failed one leaves nothing. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { FLEET_KINDS, FLEET_TABLES, type FleetKind } from '../../../shared/fleet/tables.ts';
import { Analysis } from '../analysis.ts';
import { PUBLIC_FLEET_KEY } from './keys.ts';
import { writeAnalysis, type AgentOptions, type WrittenCapture } from './write-analysis.ts';

const { signal } = new AbortController();
let folder = '';
let tables = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-unit-'));
  tables = join(folder, 'tables');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const MIDNIGHT_NS = 1_788_220_800_000_000_000n;

function talk(i: number, startNs: bigint): Conversation {
  return new Conversation({
    client: { address: `10.0.0.${i}`, port: 40_000 + i },
    server: { address: `10.0.1.${9 - i}`, port: i === 3 ? 443 : 80 },
    startNs,
  })
    .handshake()
    .clientSends('GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n')
    .serverSends(3000)
    .segment('server', { flags: 'R' });
}

function capture(name: string, ...talks: Conversation[]): string {
  const path = join(folder, name);
  writeFileSync(path, writePcap({ packets: interleave(...talks), nanos: true }));
  return path;
}

async function write(
  paths: readonly string[],
  options: Partial<AgentOptions> = {},
): Promise<WrittenCapture[]> {
  const analysis = new Analysis();
  try {
    await analysis.run(paths, { signal });
    return await writeAnalysis(
      analysis,
      {
        ...{ folder: tables, site: 'berlin', host: 'web-1', key: PUBLIC_FLEET_KEY },
        ...{ isAnonymised: false, clock: null, keepsCases: false },
        ...options,
      },
      signal,
    );
  } finally {
    await analysis.close();
  }
}

function filesBelow(path: string): string[] {
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .map((name) => join(path, name))
    .filter((name) => statSync(name).isFile())
    .map((name) => relative(path, name))
    .sort();
}

async function rowsOf(kind: FleetKind): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  for (const name of filesBelow(tables)) {
    if (!name.startsWith(`${kind}/`)) continue;
    const file = new Uint8Array(readFileSync(join(tables, name))).buffer;
    rows.push(
      ...(await parquetReadObjects({
        file,
        parsers: { timestampFromNanoseconds: (ns: bigint) => ns } as never,
      })),
    );
  }
  return rows;
}

describe('a unit', () => {
  it('lies by kind, day and site, rows in the order of server, port and time', async () => {
    const path = capture('a.pcap', talk(1, MIDNIGHT_NS), talk(2, MIDNIGHT_NS), talk(3, MIDNIGHT_NS));
    const [written] = await write([path]);
    expect(written.rows).toMatchObject({ captures: 1, flows: 3, resets: 3, findings: 3, failures: 0 });
    const flows = await rowsOf('flows');
    expect(flows.map((row) => row['server_address'])).toEqual(['10.0.1.6', '10.0.1.7', '10.0.1.8']);
    for (const kind of FLEET_KINDS) {
      for (const row of await rowsOf(kind)) {
        expect(Object.keys(row)).toEqual(FLEET_TABLES[kind].map(({ name }) => name));
      }
    }
  });
});
