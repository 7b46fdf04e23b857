import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Subject } from '../../../shared/notes/note.ts';
import { CaseBook, type NotedFile } from './case-book.ts';
import { besidePath, casePath } from './case-folder.ts';

const KEY = 'shown';
let folder: string;
let cases: string;
let file: NotedFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rst-notes-'));
  cases = join(folder, 'cases');
  file = {
    path: join(folder, 'a.pcap'),
    identity: { sha256: 'ab'.repeat(32), packets: 9, firstUs: '1', lastUs: '2' },
  };
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const packet = (frame: number): Subject => ({ kind: 'packet', frame });
const note = (frame: number, text: string) => ({
  id: null,
  version: 0,
  about: packet(frame),
  text,
  isMarked: false,
});
const texts = async (book: CaseBook, of = file): Promise<string[]> =>
  (await book.read(of)).entries.map(({ text }) => text).sort();

describe('notes of a capture', () => {
  it('are there for the next process, whatever the file is called then', async () => {
    await new CaseBook(cases).put(KEY, file, note(3, 'look here'));
    const renamed = { ...file, path: join(folder, 'other.pcapng.gz') };
    expect(await texts(new CaseBook(cases), renamed)).toEqual(['look here']);
    expect(readdirSync(cases)).toEqual([`${'ab'.repeat(16)}.json`]);
  });

  it('of two that write at once are all kept', async () => {
    const books = Array.from({ length: 4 }, () => new CaseBook(cases));
    const frames = Array.from({ length: 20 }, (_, i) => i + 1);
    await Promise.all(frames.map((frame) => books[frame % 4].put(KEY, file, note(frame, `n${frame}`))));
    expect(await texts(books[0])).toEqual(frames.map((frame) => `n${frame}`).sort());
    expect(readdirSync(cases)).toHaveLength(1);
  });

  it('that two windows changed keep both texts', async () => {
    const [one, two] = [new CaseBook(cases), new CaseBook(cases)];
    await one.put(KEY, file, note(3, 'first'));
    const [{ id, version, about }] = (await two.read(file)).entries;
    await one.put(KEY, file, { id, version, about, text: 'one says', isMarked: false });
    await two.put(KEY, file, { id, version, about, text: 'two says', isMarked: false });
    expect(await texts(one)).toEqual(['one says', 'two says']);
  });

  it('are undone and done again, a removal too', async () => {
    const book = new CaseBook(cases);
    await book.put(KEY, file, note(3, 'a'));
    const [{ id }] = (await book.read(file)).entries;
    await book.remove(KEY, [{ file, id }]);
    expect(await texts(book)).toEqual([]);
    expect(await book.undo(KEY)).toBe(true);
    expect(await texts(book)).toEqual(['a']);
    await book.undo(KEY);
    expect(await texts(book)).toEqual([]);
    expect(await book.undo(KEY)).toBe(false);
    expect(book.history(KEY)).toEqual({ undo: null, redo: 'the note on packet 3' });
    await book.redo(KEY);
    await book.redo(KEY);
    expect(await texts(book)).toEqual([]);
    expect(await book.redo(KEY)).toBe(false);
  });

  it('that were changed elsewhere since are not undone', async () => {
    const [one, two] = [new CaseBook(cases), new CaseBook(cases)];
    await one.put(KEY, file, note(3, 'a'));
    const [{ id, version, about }] = (await two.read(file)).entries;
    await two.put(KEY, file, { id, version, about, text: 'b', isMarked: false });
    await expect(one.undo(KEY)).rejects.toThrow('the note on packet 3 was changed elsewhere since');
    expect(await texts(one)).toEqual(['b']);
  });

  it('have marks, which stay apart from their texts', async () => {
    const book = new CaseBook(cases);
    await book.put(KEY, file, note(3, 'a'));
    await book.mark(
      KEY,
      [3, 4].map((frame) => ({ file, about: packet(frame) })),
      true,
    );
    const marked = async () =>
      (await book.read(file)).entries.map(({ about, text, isMarked }) => [
        subjectFrame(about),
        text,
        isMarked,
      ]);
    expect((await marked()).sort()).toEqual([
      [3, 'a', true],
      [4, '', true],
    ]);
    await book.mark(
      KEY,
      [3, 4].map((frame) => ({ file, about: packet(frame) })),
      false,
    );
    expect(await marked()).toEqual([[3, 'a', false]]);
    await book.undo(KEY);
    expect((await marked()).sort()).toEqual([
      [3, 'a', true],
      [4, '', true],
    ]);
  });
});

describe('a file of notes', () => {
  it.each([
    ['no JSON', '{"format":', 'it is no JSON'],
    ['of something else', '{"format":"x","version":1}', 'format: '],
    ['of a newer version', '{"format":"resetscope-case","version":99}', 'a newer Resetscope wrote it'],
    ['with what no version has', '{"format":"resetscope-case","version":1,"x":1}', 'capture: '],
  ])('that is %s is refused by its name and stays as it is', async (_name, text, why) => {
    const book = new CaseBook(cases);
    const path = casePath(cases, file.identity);
    mkdirSync(cases);
    writeFileSync(path, text);
    const { trouble, entries } = await book.read(file);
    expect(entries).toEqual([]);
    expect(trouble).toContain(path);
    expect(trouble).toContain(why);
    await expect(book.put(KEY, file, note(1, 'a'))).rejects.toThrow(why);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(cases)).toHaveLength(1);
  });

  it('lies beside the capture on wish, and brings notes to where there are none', async () => {
    const book = new CaseBook(cases);
    await book.put(KEY, file, note(3, 'a'));
    await book.keepBeside(file, true);
    await book.put(KEY, file, note(4, 'b'));
    const elsewhere = new CaseBook(join(folder, 'other cases'));
    expect(await elsewhere.read(file)).toMatchObject({ isBeside: true, trouble: null });
    expect(await texts(elsewhere)).toEqual(['a', 'b']);
    await elsewhere.put(KEY, file, note(5, 'c'));
    expect(await texts(book)).toEqual(['a', 'b', 'c']);
    await book.keepBeside(file, false);
    expect(await book.read(file)).toMatchObject({ isBeside: false });
    expect(await texts(book)).toEqual(['a', 'b', 'c']);
  });

  it('of another capture beside this one is told and left alone', async () => {
    const other = { ...file, identity: { ...file.identity, sha256: 'cd'.repeat(32) } };
    const book = new CaseBook(cases);
    await book.put(KEY, other, note(3, 'a'));
    await book.keepBeside(other, true);
    const before = readFileSync(besidePath(file.path), 'utf8');
    expect((await book.read(file)).trouble).toContain('holds the notes of another capture');
    await expect(book.put(KEY, file, note(1, 'x'))).rejects.toThrow('another capture');
    expect(readFileSync(besidePath(file.path), 'utf8')).toBe(before);
  });

  it('is not waited for where its lock was left by a process that is gone', async () => {
    const book = new CaseBook(cases);
    mkdirSync(cases);
    // No process has that number: they end below 2^22.
    writeFileSync(`${casePath(cases, file.identity)}.lock`, '99999999 x\n');
    await book.put(KEY, file, note(3, 'a'));
    expect(await texts(book)).toEqual(['a']);
    expect(readdirSync(cases)).toHaveLength(1);
  });
});

function subjectFrame(about: Subject): number {
  return 'frame' in about ? about.frame : 0;
}
