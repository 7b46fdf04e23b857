import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, describe, expect, it } from 'vitest';
import { schemaBytesOf } from './parquet-footer.ts';

const home = mkdtempSync(join(tmpdir(), 'resetscope-footer-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function written(bytes: Uint8Array): string {
  const path = join(home, 'table.parquet');
  writeFileSync(path, bytes);
  return path;
}

type Column = Parameters<typeof parquetWriteBuffer>[0]['columnData'][number];

const table = (columns: readonly Column[]): Buffer =>
  Buffer.from(parquetWriteBuffer({ columnData: [...columns] }));

const time = (data: bigint[]): Column => ({ name: 'time', data, type: 'INT64' });
const host = (data: string[]): Column => ({ name: 'host', data, type: 'STRING' });

const small = table([time([1n]), host(['web'])]);

describe('the schema of a Parquet file', () => {
  it('is the same whatever the rows are', () => {
    const large = table([time([5n, 6n, 7n]), host(['web', 'db', 'a longer name'])]);
    const schema = schemaBytesOf(written(small));
    expect(schema?.includes('host')).toBe(true);
    expect(schemaBytesOf(written(large))).toEqual(schema);
  });

  it.each<[string, readonly Column[]]>([
    ['a name', [{ ...time([1n]), name: 'timf' }, host(['web'])]],
    ['a type', [{ name: 'time', data: [1], type: 'DOUBLE' }, host(['web'])]],
    ['an order', [host(['web']), time([1n])]],
    ['a column', [time([1n])]],
    ['whether it may be null', [{ ...time([1n]), nullable: false }, host(['web'])]],
  ])('is another with another: %s', (_, columns) => {
    expect(schemaBytesOf(written(table(columns)))).not.toEqual(schemaBytesOf(written(small)));
  });

  it('is that of many columns, too', () => {
    const many = Array.from({ length: 40 }, (_, i): Column => ({ ...time([1n]), name: `column${i}` }));
    const schema = schemaBytesOf(written(table(many)));
    expect(schema?.includes('column39')).toBe(true);
  });

  it('is none where the file is none, or is not there', () => {
    expect(schemaBytesOf(join(home, 'nothing'))).toBeUndefined();
    for (const bytes of ['', 'PAR1', 'PAR1 but not really', '\xff\xff\xff\x7fPAR1'])
      expect(schemaBytesOf(written(Buffer.from(bytes, 'latin1')))).toBeUndefined();
  });

  it('is found or not, and nothing else happens, whatever is wrong with the footer', () => {
    const length = small.readUInt32LE(small.length - 8);
    const begin = small.length - 8 - length;
    const schema = schemaBytesOf(written(small)) ?? Buffer.alloc(0);
    const from = small.indexOf(schema, begin);
    expect(schema.length).toBeGreaterThan(0);
    for (let at = begin; at < small.length - 8; at++) {
      for (const value of [0, 0x0c, 0x1c, 0x7f, 0x80, 0xf9, 0xfc, 0xff]) {
        const damaged = Buffer.from(small);
        damaged[at] = value;
        const found = schemaBytesOf(written(damaged));
        if (found !== undefined) expect(found.length).toBeLessThanOrEqual(length);
        // What differs within the schema is another schema, or none.
        if (at >= from && at < from + schema.length && small[at] !== value) expect(found).not.toEqual(schema);
      }
    }
  });
});
