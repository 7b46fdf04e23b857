/** What `notes` and `note` have in common: captures that are read whole, and the notes on them. */
import { mkdir } from 'node:fs/promises';
import { RpcError } from '../../shared/contract/errors.ts';
import { errorText } from '../../shared/format/error.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { Analysis } from '../host/analysis.ts';
import { analysisNotes } from '../host/notes/analysis-notes.ts';
import { CaseBook } from '../host/notes/case-book.ts';
import { caseFolder } from '../host/notes/case-folder.ts';
import { EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { interruptedExit, readFiles, tellUnreadable } from './read-files.ts';

export type NotesOf = ReturnType<typeof analysisNotes>;

/**
 * Reads the files and hands on their notes. What is refused is told.
 * @param folders that are written to besides that of the notes
 * @param options whether captures of one traffic are joined, so that findings are numbered as they are where they were read
 * @returns the exit code
 */
export async function withNotes(
  files: readonly string[],
  folders: readonly string[],
  io: CliIo,
  work: (notes: NotesOf, analysis: Analysis) => Promise<number>,
  options: { readonly join?: boolean } = {},
): Promise<number> {
  const folder = caseFolder();
  try {
    // Only folders that are there can be left writable.
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    tell(io, `${folder}: notes cannot be kept there: ${errorText(error)}`);
    return EXIT_USAGE;
  }
  io.confine?.([folder, ...folders]);
  const analysis = new Analysis();
  try {
    const interruptedBy = await readFiles(analysis, files, io, options);
    tellUnreadable(analysis, io);
    if (interruptedBy !== undefined) return interruptedExit(interruptedBy);
    if (analysis.unreadable.length > 0) return EXIT_USAGE;
    return await work(analysisNotes(analysis, new CaseBook(folder)), analysis);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    tell(io, error.message);
    return EXIT_USAGE;
  } finally {
    await analysis.close();
  }
}

export function tell(io: CliIo, text: string): void {
  for (const line of text.split('\n')) io.stderr.write(`resetscope: ${sanitiseText(line, 1000)}\n`);
}
