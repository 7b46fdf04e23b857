/** `resetscope notes`: what was noted on captures, and a copy of one with the notes in it. */
import { writeSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { plural } from '../../shared/format/count.ts';
import { errorText } from '../../shared/format/error.ts';
import { jsonText, sanitiseLines, sanitiseText } from '../../shared/format/text.ts';
import type { PacketNumber } from '../../shared/base/units.ts';
import type { Notes, PlacedNote } from '../../shared/model/notes.ts';
import { openCaptureFile } from '../capture/capture-file.ts';
import { CommentedCopy, type CommentsToPut } from '../capture/commented-copy.ts';
import { BlockError } from '../capture/live/blocks/block-walker.ts';
import { tryWholeFile, WholeFile } from '../capture/whole-file.ts';
import type { Analysis } from '../host/analysis.ts';
import { subjectText } from '../host/notes/case-book.ts';
import { VERSION } from '../host/version.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { sameFile } from './analyze.ts';
import { tell, withNotes } from './note-files.ts';

export interface NotesOptions {
  readonly json?: boolean;
  /** Undefined to leave it as it is. */
  readonly beside?: boolean;
  readonly write?: string;
}

/** Longest line of a note that is listed. */
const MAX_LINE = 500;

export async function notes(files: readonly string[], options: NotesOptions, io: CliIo): Promise<number> {
  const { write, beside } = options;
  const refusal = write === undefined ? null : refusalOf(files, write);
  if (refusal !== null) {
    tell(io, refusal);
    return EXIT_USAGE;
  }
  const out = write === undefined ? undefined : await openCopy(write, io);
  if (out === 'failed') return EXIT_USAGE;
  const folders = [
    ...(write === undefined ? [] : [dirname(resolve(write))]),
    ...(beside === undefined ? [] : files.map((file) => dirname(resolve(file)))),
  ];
  const signal = new AbortController().signal;
  let isCommitted = false;
  try {
    return await withNotes(
      files,
      folders,
      io,
      async (service, analysis) => {
        let all = await service['notes.read']({}, signal);
        if (beside !== undefined) {
          for (const { file, isBeside } of all.files) {
            if (isBeside !== beside)
              all = await service['notes.keepBeside']({ file, isWanted: beside }, signal);
          }
        }
        const trouble = all.files.flatMap((one) => (one.trouble === null ? [] : [one.trouble]));
        for (const text of [...trouble, ...(all.why === null ? [] : [all.why])]) tell(io, text);
        let exit = trouble.length > 0 ? EXIT_LOSSES : EXIT_OK;
        if (out === undefined) await list(all, analysis, options.json === true, io);
        else {
          const copied = await copy(files[0], all, analysis, out, io);
          if (copied === EXIT_USAGE) return EXIT_USAGE;
          exit = Math.max(exit, copied);
          await out.commit();
          isCommitted = true;
        }
        return exit;
      },
      { join: false },
    );
  } finally {
    if (!isCommitted) await out?.discard();
  }
}

function refusalOf(files: readonly string[], write: string): string | null {
  if (files.length > 1) return '--write copies one capture; name one file';
  return sameFile(files[0], write) ? `${write} is read, it cannot be written as well` : null;
}

async function openCopy(path: string, io: CliIo): Promise<WholeFile | 'failed'> {
  try {
    const how = { existing: 'replace', mode: 0o666 } as const;
    await tryWholeFile(path, how);
    return await WholeFile.create(path, how);
  } catch (error) {
    tell(io, errorText(error));
    return 'failed';
  }
}

async function list(all: Notes, { session }: Analysis, isJson: boolean, io: CliIo): Promise<void> {
  const output = new Output(io.stdout);
  const paths = session.files.map(({ path }) => path);
  if (isJson) {
    const told = all.notes.map(({ file, about, text, isMarked, isFromFile, changedMs }) => ({
      file: paths[file],
      about,
      text,
      marked: isMarked,
      fromFile: isFromFile,
      changed: changedMs === 0 ? null : new Date(changedMs).toISOString(),
    }));
    await output.write(`${jsonText({ schema: 1, files: paths, notes: told, more: all.moreComments }, 2)}\n`);
  } else {
    for (const note of all.notes) await output.write(lineOf(note, paths));
    if (all.moreComments > 0) {
      await output.write(`and ${plural(all.moreComments, 'more comment')} of the captures themselves\n`);
    }
  }
  await output.end();
  if (!isJson && all.notes.length === 0) tell(io, 'there are no notes on it; “resetscope note” keeps one');
}

/** "packet 5 (marked): look here"; further lines of a note are indented. */
function lineOf({ file, about, text, isMarked, isFromFile }: PlacedNote, paths: readonly string[]): string {
  const where = paths.length > 1 ? `${paths[file]}: ` : '';
  const what =
    about.kind === 'filter'
      ? `the filter ${about.filter}`
      : about.kind === 'finding'
        ? `the finding ${about.key}`
        : subjectText(about);
  const how = [isMarked ? 'marked' : '', isFromFile ? 'from the file' : ''].filter((one) => one !== '');
  const head = `${where}${what}${how.length === 0 ? '' : ` (${how.join(', ')})`}`;
  const lines = sanitiseLines(text)
    .split('\n')
    .map((line) => sanitiseText(line, MAX_LINE));
  return `${sanitiseText(head, MAX_LINE)}${text === '' ? '' : `: ${lines.join('\n    ')}`}\n`;
}

/** @returns the exit code */
async function copy(
  path: string,
  all: Notes,
  { session }: Analysis,
  out: WholeFile,
  io: CliIo,
): Promise<number> {
  const format = session.fileFormat(0);
  const isPcap = format === 'pcap' || format === 'pcap-ns';
  if (!isPcap && format !== 'pcapng') {
    tell(io, `${path}: comments are written into copies of pcap and pcapng; this is ${format}`);
    return EXIT_USAGE;
  }
  const made = new CommentedCopy(
    isPcap,
    `Resetscope ${VERSION}`,
    commentsOf(all, session, isPcap),
    (bytes) => {
      for (let at = 0; at < bytes.length;) at += writeSync(out.handle.fd, bytes, at);
    },
  );
  const source = await openCaptureFile(path);
  let exit = EXIT_OK;
  try {
    await source.read((chunk) => {
      made.push(chunk);
    }, new AbortController().signal);
  } catch (error) {
    if (!(error instanceof BlockError)) throw error;
    tell(io, `${path}: the copy ends where the capture is damaged: ${error.message}`);
    exit = EXIT_LOSSES;
  } finally {
    await source.close();
  }
  if (exit === EXIT_OK && made.pendingBytes > 0) {
    tell(io, `${path}: the last ${plural(made.pendingBytes, 'byte')} are no whole packet and are left out`);
    exit = EXIT_LOSSES;
  }
  const refused =
    made.refused > 0 ? `; ${plural(made.refused, 'note')} found no place in its packet’s block` : '';
  tell(io, `${plural(made.put, 'note')} written as comments${refused}`);
  return exit;
}

/** Notes on a connection, a reset or a finding stand on their packets. Marks and filters have no comment. */
function commentsOf(all: Notes, session: Analysis['session'], isPcap: boolean): CommentsToPut {
  const packets = new Map<number, string[]>();
  const capture: string[] = [];
  for (const { about, packet, text, isFromFile } of all.notes) {
    if (isFromFile || text === '' || about.kind === 'filter') continue;
    if (about.kind === 'capture') capture.push(text);
    else if (packet >= 0 && !session.comments.get(packet as PacketNumber).includes(text)) {
      const number = packet as PacketNumber;
      const key = isPcap ? session.packets.frame(number) - 1 : session.packets.fileOffset(number);
      packets.set(key, [...(packets.get(key) ?? []), text]);
    }
  }
  return { capture, packets };
}
