/** Tables in each format: what is in them, what a filter leaves out, and that they end where nobody wants them any more. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { TABLES, type TableFormat, type TableName } from '../../../shared/model/table.ts';
import { Analysis } from '../analysis.ts';
import { TableExport } from './table-export.ts';

const { signal } = new AbortController();
let folder = '';
let analysis: Analysis;

const HTTP = "GET / HTTP/1.1\r\nHost: =cmd|'/c calc'!A1\r\n\r\n";

function talks(): Conversation[] {
  return [1, 2, 3].map((i) => {
    const talk = new Conversation({
      client: { address: `10.0.0.${i}`, port: 40_000 + i, initialSeq: 4_294_967_000 },
      server: { address: '10.0.1.1', port: i === 3 ? 443 : 80 },
    });
    talk.handshake().clientSends(HTTP).serverSends(3000);
    return i === 1 ? talk : talk.segment('server', { flags: 'R' });
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-tables-'));
  analysis = new Analysis();
  const path = join(folder, 'all, "of" them.pcap');
  writeFileSync(path, writePcap({ packets: interleave(...talks()), nanos: true }));
  await analysis.run([path], { signal, onProgress: () => undefined });
});
afterEach(async () => {
  await analysis.close();
  rmSync(folder, { recursive: true });
});

async function exported(
  table: TableName,
  format: TableFormat,
  filter = '',
): Promise<{ bytes: Buffer; made: TableExport }> {
  const made = new TableExport(analysis, { kind: 'table', table, format, filter });
  const pieces: Uint8Array[] = [];
  for await (const piece of made.pieces(signal)) pieces.push(piece);
  return { bytes: Buffer.concat(pieces), made };
}

/** Cells of CSV by RFC 4180. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [whole, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gu)) {
    if (whole === '') break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

async function parquetRows(bytes: Buffer): Promise<Record<string, unknown>[]> {
  const file = new Uint8Array(bytes).buffer;
  return parquetReadObjects({ file, parsers: { timestampFromNanoseconds: (ns: bigint) => ns } as never });
}

describe.each(TABLES)('the table of %s', (table) => {
  it('says the same in CSV, JSON and Parquet', async () => {
    const json = JSON.parse((await exported(table, 'json')).bytes.toString()) as Record<string, unknown>[];
    const ndjson = (await exported(table, 'ndjson')).bytes
      .toString()
      .split('\n')
      .filter((line) => line !== '');
    const [head, ...csv] = cellsOf((await exported(table, 'csv')).bytes.toString());
    const parquet = await parquetRows((await exported(table, 'parquet')).bytes);
    expect(ndjson.map((line) => JSON.parse(line) as unknown)).toEqual(json);
    expect(csv).toHaveLength(json.length);
    expect(parquet).toHaveLength(json.length);
    for (const [i, row] of json.entries()) {
      expect(head).toEqual(Object.keys(row));
      for (const [column, name] of head.entries()) {
        const value = row[name];
        const cell = csv[i][column];
        const typed = parquet[i][name];
        if (value === null) expect([cell, typed ?? null], name).toEqual(['', null]);
        else if (typeof value === 'number') {
          expect(Number(cell), name).toBe(value);
          expect(Number(typed), name).toBeCloseTo(value, 9);
        } else if (typeof value === 'boolean') {
          expect([cell, typed], name).toEqual([String(value), value]);
        } else if (/^\d{4}-.*Z$/u.test(value as string)) {
          expect(cell).toBe(value);
        } else {
          expect(cell.replace(/^'/u, ''), name).toBe(value);
          expect(typed, name).toBe(value);
        }
      }
    }
  });

  it('counts what was written', async () => {
    const { bytes, made } = await exported(table, 'ndjson');
    const lines = bytes.toString().split('\n').length - 1;
    expect(made.counts).toEqual({ written: lines, leftOut: 0, gone: 0 });
  });
});

describe('tables', () => {
  it('leave out what the filter does, and count it', async () => {
    const { bytes, made } = await exported('flows', 'ndjson', 'tcp.port == 443');
    expect(bytes.toString()).toContain('"server_port":443');
    expect(made.counts).toEqual({ written: 1, leftOut: 2, gone: 0 });
    expect((await exported('resets', 'csv', 'ip.addr == 10.0.0.2')).made.counts).toMatchObject({
      written: 1,
      leftOut: 1,
    });
    expect((await exported('endpoints', 'csv', 'tcp.port == 443')).made.counts).toMatchObject({
      written: 2,
      leftOut: 2,
    });
    expect((await exported('packets', 'csv', 'tcp.flags.reset == 1')).made.counts.written).toBe(2);
  });

  it('ask the bytes of packets where the filter does', async () => {
    const { made } = await exported('flows', 'csv', 'http.request.method == "GET" and tcp.port == 80');
    expect(made.counts).toMatchObject({ written: 2, leftOut: 1 });
  });

  it('give spreadsheets no formula', async () => {
    const [head, first] = cellsOf((await exported('flows', 'csv')).bytes.toString());
    expect(first[head.indexOf('server_name')]).toMatch(/^'=cmd/u);
  });

  it('are typed in Parquet, with times to the nanosecond', async () => {
    const { bytes } = await exported('resets', 'parquet');
    const { schema } = parquetMetadata(new Uint8Array(bytes).buffer);
    const time = schema.find(({ name }) => name === 'time');
    expect(time).toMatchObject({
      type: 'INT64',
      logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' },
    });
    expect(schema.find(({ name }) => name === 'matters')?.type).toBe('BOOLEAN');
  });

  it('speak as Zeek of flows, and of nothing else', async () => {
    const text = (await exported('flows', 'zeek')).bytes.toString();
    const lines = text.trimEnd().split('\n');
    const fields =
      lines
        .find((line) => line.startsWith('#fields'))
        ?.split('\t')
        .slice(1) ?? [];
    expect(lines.find((line) => line.startsWith('#types'))?.split('\t')).toHaveLength(fields.length + 1);
    const rows = lines.filter((line) => !line.startsWith('#')).map((line) => line.split('\t'));
    expect(rows.map((row) => row[fields.indexOf('conn_state')])).toEqual(['S1', 'RSTR', 'RSTR']);
    // Sequence numbers began anew in the middle.
    expect(rows[0][fields.indexOf('orig_bytes')]).toBe(String(HTTP.length));
    expect(rows[0][fields.indexOf('resp_bytes')]).toBe('3000');
    await expect(exported('resets', 'zeek')).rejects.toThrow(/conn\.log is a table of flows/u);
  });

  it('refuse a filter that is wrong', async () => {
    await expect(exported('flows', 'csv', 'ip.addr ==')).rejects.toMatchObject({ code: 'bad-request' });
  });

  it('end when they are cancelled', async () => {
    const abort = new AbortController();
    const made = new TableExport(analysis, { kind: 'table', table: 'packets', format: 'csv', filter: '' });
    abort.abort();
    await expect(made.pieces(abort.signal).next()).rejects.toMatchObject({ code: 'cancelled' });
  });
});
