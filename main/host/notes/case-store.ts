/**
 * Case files on the disk. What cannot be understood is never written over; what is written is whole or not there.
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat } from 'node:fs/promises';
import { errorText } from '../../../shared/format/error.ts';
import { caseText, parseCase, type CaseFile } from '../../../shared/notes/case-file.ts';
import { NOTE_BOUNDS } from '../../../shared/notes/note.ts';

/** A case that cannot be read, or not be written; the message names the file and what is wrong. */
export class CaseTrouble extends Error {}

/** @returns undefined where there is none @throws CaseTrouble for one that is damaged, newer or unreadable */
export async function readCase(path: string): Promise<CaseFile | undefined> {
  let text: string;
  try {
    const { size } = await stat(path);
    // In UTF-8 a character takes a byte at least.
    if (size > NOTE_BOUNDS.fileLength) throw new CaseTrouble(`${path}: ${size} bytes are too many for notes`);
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof CaseTrouble) throw error;
    throw new CaseTrouble(`${path}: the notes cannot be read: ${errorText(error)}`);
  }
  const parsed = parseCase(text);
  if (parsed.ok) return parsed.value;
  const { why, message } = parsed.error;
  const cure =
    why === 'newer'
      ? 'it is left as it is; open it with that one'
      : 'it is left as it is; move it away to begin anew';
  throw new CaseTrouble(`${path}: the notes cannot be read: ${message}; ${cure}`);
}

/** Puts the file in the place of an older one in one step. @throws CaseTrouble where that fails */
export async function writeCase(path: string, file: CaseFile, mode: number): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.tmp`;
  try {
    const out = await open(unfinished, 'wx', mode);
    try {
      await out.writeFile(caseText(file));
      await out.sync();
    } finally {
      await out.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => undefined);
    throw new CaseTrouble(`${path}: the notes cannot be written: ${errorText(error)}`);
  }
}
