import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SpoolFolder } from './spool-folder.ts';

const CAPTURE = '00112233445566ff';
const STATE = '.resetscope-spool.json';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-spool-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** @param age in seconds @returns its path */
function put(kind: string, name: string, bytes: number, age: number, day = '2026-11-29'): string {
  const path = join(folder, kind, `day=${day}`, 'site=x', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, new Uint8Array(bytes));
  const seconds = 1_800_000_000 - age;
  utimesSync(path, seconds, seconds);
  return path;
}

function unit(segment: number, age: number): string[] {
  const name = `${CAPTURE}-${String(segment).padStart(5, '0')}.parquet`;
  return [put('flows', name, 600, age), put('resets', name, 300, age), put('captures', name, 100, age)];
}

async function begun(limit: number): Promise<SpoolFolder> {
  const spool = new SpoolFolder(folder, limit);
  await spool.begin();
  return spool;
}

describe('the room of a spool', () => {
  it('is kept by letting go of the oldest units as a whole, and what went is counted', async () => {
    const units = [unit(0, 300), unit(1, 200), unit(2, 100)];
    const spool = await begun(2500);
    expect(await spool.makeRoom()).toEqual({ lost: { files: 3, bytes: 1000 }, files: 6, bytes: 2000 });
    expect(units.map((files) => files.filter((path) => existsSync(path)).length)).toEqual([0, 3, 3]);
    expect(await spool.makeRoom(600)).toEqual({ lost: { files: 3, bytes: 1000 }, files: 3, bytes: 1000 });
    expect(await spool.makeRoom()).toEqual({ lost: { files: 0, bytes: 0 }, files: 3, bytes: 1000 });
    expect(spool.losses).toEqual({ files: 6, bytes: 2000 });
  });

  it('holds also where one unit alone is too large', async () => {
    unit(0, 0);
    const spool = await begun(999);
    expect(await spool.makeRoom()).toMatchObject({ lost: { files: 3 }, files: 0, bytes: 0 });
  });

  it('counts on after a restart, for all who write there', async () => {
    unit(0, 300);
    const [one, other] = [await begun(0), await begun(0)];
    await one.makeRoom();
    unit(1, 200);
    await other.makeRoom();
    await one.noteUnwritten(2, 50);
    const again = await begun(0);
    expect(again.losses).toEqual({ files: 8, bytes: 2050 });
    expect(JSON.parse(readFileSync(join(folder, STATE), 'utf8'))).toEqual({ lostFiles: 8, lostBytes: 2050 });
  });

  it('begins to count anew where its counters are damaged', async () => {
    writeFileSync(join(folder, STATE), '{"lostFiles": -3, "lostBytes": "much"}');
    expect((await begun(0)).losses).toEqual({ files: 0, bytes: 0 });
  });

  it('counts cases and open flows, and leaves alone what is not its own', async () => {
    const old = put('cases', `${CAPTURE}-00003-17.pcapng`, 500, 400);
    const open = put('open_flows', `${CAPTURE}.parquet`, 50, 10);
    const foreign = [
      put('flows', 'compacted-7.parquet', 5000, 900),
      put('flows', '.tmp-77.partial', 5000, 900),
      put('cases', 'holiday.pcapng', 5000, 900),
    ];
    const spool = await begun(100);
    expect(await spool.makeRoom()).toEqual({ lost: { files: 1, bytes: 500 }, files: 1, bytes: 50 });
    expect([old, open, ...foreign].map((path) => existsSync(path))).toEqual([false, true, true, true, true]);
  });

  it('takes away the folders that shipping has emptied, but for those of the newest day', async () => {
    for (const day of ['2026-11-27', '2026-11-28']) rmSync(put('flows', 'x.parquet', 1, 0, day));
    const kept = put('flows', `${CAPTURE}-00000.parquet`, 1, 0, '2026-11-26');
    const spool = await begun(Infinity);
    await spool.makeRoom();
    expect(readdirSync(join(folder, 'flows')).sort()).toEqual(['day=2026-11-26', 'day=2026-11-28']);
    expect(existsSync(kept)).toBe(true);
  });

  it('lets go of the oldest where the disk is full', async () => {
    const units = [unit(0, 300), unit(1, 200)];
    const spool = await begun(Infinity);
    expect(await spool.dropOldest()).toEqual({ files: 3, bytes: 1000 });
    expect(units.map(([path]) => existsSync(path))).toEqual([false, true]);
  });

  it('is refused with the reason where nothing can be written', async () => {
    writeFileSync(join(folder, 'file'), '');
    const spool = new SpoolFolder(join(folder, 'file', 'spool'), 1);
    await expect(spool.begin()).rejects.toThrow(/cannot be written/u);
  });
});
