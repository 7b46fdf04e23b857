/** `resetscope export`: packets with what their verdicts rest on, as pcapng files of their own. */
import { lstat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { RpcError } from '../../shared/contract/errors.ts';
import { bytesText } from '../../shared/format/bytes.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { ExportSubject, ExportTold } from '../../shared/model/export.ts';
import { tryWholeFile, WholeFile } from '../capture/whole-file.ts';
import { LIMITS } from '../engine/limits.ts';
import type { Session } from '../engine/session.ts';
import { Analysis } from '../host/analysis.ts';
import { parseCaseKey, randomCaseKey } from '../host/anonymise/case-cipher.ts';
import { anonymiser } from '../host/export/anonymiser.ts';
import { exportNames } from '../host/export/export-names.ts';
import { added, prepareExport, type ReadyExport } from '../host/export/prepare-export.ts';
import { sameFile } from './analyze.ts';
import { EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import { readFilter, tellFilterError } from './filter.ts';
import { FrameTrouble, resetPlace } from './frame-place.ts';
import { interruptible } from './interruptible.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import type { Interruption } from './read-files.ts';
import { interruptedExit, readFiles, tellUnreadable, tellWarnings } from './read-files.ts';

export interface ExportOptions {
  readonly reset?: string;
  readonly flow?: number;
  readonly finding?: number;
  readonly failures?: boolean;
  readonly filter?: string;
  readonly output: string;
  readonly anonymise?: boolean;
  readonly caseKey?: string;
  readonly json?: boolean;
}

/** Packets are the user's secret. */
const WHOLE_FILE = { existing: 'replace', mode: 0o600 } as const;

/** A question that has no answer here, for people. */
class Refusal extends Error {}

/** @throws OutputClosed, or what went wrong with writing */
export async function exportPackets(
  files: readonly string[],
  options: ExportOptions,
  io: CliIo,
): Promise<number> {
  const tell = (text: string): void => void io.stderr.write(`resetscope: ${sanitiseText(text, 1000)}\n`);
  try {
    return await exportOrRefuse(files, options, io, tell);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof FrameTrouble || error instanceof RpcError))
      throw error;
    tell(error.message);
    return EXIT_USAGE;
  }
}

async function exportOrRefuse(
  files: readonly string[],
  options: ExportOptions,
  io: CliIo,
  tell: (text: string) => void,
): Promise<number> {
  ensureOneSubject(options);
  if (options.filter !== undefined) {
    const filter = await readFilter(options.filter);
    if (!filter.ok) {
      tellFilterError(options.filter, filter.error, io);
      return EXIT_USAGE;
    }
  }
  const caseKey = caseKeyOf(options);
  const anonymise = caseKey === undefined ? undefined : anonymiser(caseKey);
  await ensureWritable(options.output, files);
  // What is read from here on strangers have written; the files still have to be made.
  io.confine?.([dirname(resolve(options.output))]);
  const analysis = new Analysis();
  try {
    const readingInterruptedBy = await readFiles(analysis, files, io);
    tellUnreadable(analysis, io);
    if (readingInterruptedBy !== undefined) return interruptedExit(readingInterruptedBy);
    if (analysis.unreadable.length > 0 && analysis.session.files.length === analysis.unreadable.length)
      return EXIT_USAGE;
    const { isLossy, interruptedBy } = await untilInterrupted(io, async (signal) => {
      const request = {
        subject: subjectOf(analysis.session, options),
        notes: [],
        baseName: basename(options.output),
        makeRewriter: anonymise?.(),
      };
      const ready = await prepareExport(analysis, request, signal, progressTo(io));
      const written = await writeAll(ready, options.output, files, signal);
      await tellExport(ready.told, written, options, io, tell);
      if (caseKey !== undefined && options.caseKey === undefined) tellCaseKey(caseKey, tell);
      return ready.told.changed > 0 || written.missing > 0;
    });
    if (options.json !== true) tellWarnings(analysis, io);
    if (interruptedBy !== undefined) {
      tell('interrupted; nothing was written');
      return interruptedExit(interruptedBy);
    }
    if (analysis.unreadable.length > 0) return EXIT_USAGE;
    return isLossy ? EXIT_LOSSES : EXIT_OK;
  } finally {
    await analysis.close();
  }
}

/** @returns undefined where nothing is anonymised. @throws Refusal */
function caseKeyOf({ anonymise, caseKey }: ExportOptions): Uint8Array | undefined {
  if (anonymise !== true) {
    if (caseKey !== undefined) throw new Refusal('--case-key goes with --anonymise only');
    return undefined;
  }
  if (caseKey === undefined) return randomCaseKey();
  const key = parseCaseKey(caseKey);
  if (key === null)
    throw new Refusal('a case key is 64 hexadecimal digits, as an export without one tells it');
  return key;
}

/** Whoever has the key can tell what an address was replaced by; without it no other capture of the case can be made alike. */
function tellCaseKey(key: Uint8Array, tell: (text: string) => void): void {
  const hex = Array.from(key, (byte) => byte.toString(16).padStart(2, '0')).join('');
  tell(
    `the case key is ${hex}: keep it to yourself, and give it with --case-key to replace alike in other captures`,
  );
}

function ensureOneSubject({ reset, flow, finding, failures, filter }: ExportOptions): void {
  const given = [reset, flow, finding, failures, filter].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new Refusal('say what to export by one of --reset, --flow, --finding, --failures and --filter');
}

/** Before anything is read, so that nobody waits for what cannot be written. */
async function ensureWritable(output: string, files: readonly string[]): Promise<void> {
  await ensurePlain(output, files);
  await tryWholeFile(output, WHOLE_FILE);
}

async function ensurePlain(output: string, files: readonly string[]): Promise<void> {
  const clash = files.find((file) => sameFile(file, output));
  if (clash !== undefined) throw new Refusal(`${clash} is read, it cannot be the output as well`);
  // Putting a file in place replaces what has its name, and a link may be one that others need, such as /dev/stdout.
  const stats = await lstat(output).catch(() => undefined);
  if (stats !== undefined && !stats.isFile())
    throw new Refusal(`${output} is no file: exports are written to files only`);
}

/** @throws Refusal, FrameTrouble where there is nothing with that number */
function subjectOf(session: Session, options: ExportOptions): ExportSubject {
  const { reset, flow, finding, filter } = options;
  if (reset !== undefined) return { kind: 'reset', packet: resetPlace(session, reset).packet };
  if (flow !== undefined) return { kind: 'flow', flow };
  if (filter !== undefined) return { kind: 'filter', filter };
  if (finding === undefined) return { kind: 'failures' };
  const { list, total } = session.findings(session.resetIds(), LIMITS.maxFindings);
  const example = finding < 1 ? undefined : list.at(finding - 1)?.examples.at(0);
  if (example === undefined)
    throw new Refusal(
      `there is no finding number ${finding}: there ${total === 1 ? 'is 1' : `are ${total}`}`,
    );
  return { kind: 'finding', reset: example };
}

interface Written {
  readonly files: readonly { readonly path: string; readonly packets: number; readonly bytes: number }[];
  readonly missing: number;
  readonly replaced: ExportTold['replaced'];
}

/** Writes all files or none. */
async function writeAll(
  ready: ReadyExport,
  output: string,
  inputs: readonly string[],
  signal: AbortSignal,
): Promise<Written> {
  const several = ready.told.files.length > 1;
  const names = exportNames(basename(output), ready.told.files.length);
  const open: WholeFile[] = [];
  const files: { path: string; packets: number; bytes: number }[] = [];
  let missing = 0;
  let replaced: ExportTold['replaced'] = [];
  try {
    for (const [i, { packets }] of ready.told.files.entries()) {
      // One file has the very name that was given.
      const path = several ? resolve(dirname(output), names[i]) : output;
      await ensurePlain(path, inputs);
      const file = await WholeFile.create(path, WHOLE_FILE);
      open.push(file);
      let bytes = 0;
      const pieces = ready.pieces(i, signal, (counts, replacedInFile) => {
        missing += counts.missing;
        replaced = added(replaced, replacedInFile);
      });
      for await (const piece of pieces) {
        await file.handle.writeFile(piece);
        bytes += piece.length;
      }
      files.push({ path, packets, bytes });
    }
    signal.throwIfAborted();
    for (const file of open) await file.commit();
    return { files, missing, replaced };
  } finally {
    // Of what was put in place there is nothing left to discard.
    for (const file of open) await file.discard();
  }
}

async function tellExport(
  told: ExportTold,
  { files, missing, replaced }: Written,
  options: ExportOptions,
  io: CliIo,
  tell: (text: string) => void,
): Promise<void> {
  const { packets, of, verdicts, changed, widened } = told;
  if (changed > 0)
    tell(`${plural(changed, 'verdict')} of ${countText(verdicts)} came out otherwise in what was written`);
  if (missing > 0)
    tell(`${plural(missing, 'packet')} could not be read again: a capture was changed meanwhile`);
  const output = new Output(io.stdout);
  if (options.json === true) {
    const document = {
      schema: 1,
      files,
      packets,
      of,
      leftOut: of - packets,
      verdicts,
      changed,
      widened,
      replaced,
      missing,
    };
    await output.write(`${JSON.stringify(document)}\n`);
  } else {
    for (const { path, packets: count, bytes } of files)
      await output.write(`${sanitiseText(path, 1000)}: ${plural(count, 'packet')}, ${bytesText(bytes)}\n`);
    const kept = verdicts === 0 ? '' : ` ${verdictsText(verdicts, changed)}`;
    await output.write(
      `${countText(packets)} of ${plural(of, 'packet')}, ${countText(of - packets)} left out.${kept}\n`,
    );
    const kinds = replaced.map(({ kind, count }) => `${sanitiseText(kind, 100)} ${countText(count)}`);
    if (kinds.length > 0) await output.write(`replaced: ${kinds.join(', ')}\n`);
  }
  await output.end();
}

function verdictsText(verdicts: number, changed: number): string {
  if (changed > 0) return `${countText(verdicts - changed)} of ${plural(verdicts, 'verdict')} are the same.`;
  return verdicts === 1 ? 'The verdict is the same.' : `All ${countText(verdicts)} verdicts are the same.`;
}

function progressTo(io: CliIo): (done: number) => void {
  let shown = -1;
  return (done) => {
    const percent = Math.floor(100 * done);
    if (!io.stderrIsTerminal || percent === shown) return;
    shown = percent;
    const line =
      percent < 100 ? `${String(percent).padStart(3)} %  making the verdicts of the export anew` : '';
    io.stderr.write(`\r\u001b[2K${line}`);
  };
}

interface Ended {
  readonly isLossy: boolean;
  readonly interruptedBy: Interruption | undefined;
}

async function untilInterrupted(io: CliIo, work: (signal: AbortSignal) => Promise<boolean>): Promise<Ended> {
  const interrupt = interruptible(io);
  try {
    return { isLossy: await work(interrupt.abort.signal), interruptedBy: undefined };
  } catch (error) {
    if (interrupt.by === undefined) throw error;
    return { isLossy: false, interruptedBy: interrupt.by };
  } finally {
    interrupt.ignore();
  }
}
