/**
 * Makes an export ready: chooses its packets, makes a copy of them in memory alone, piece by piece, has a second session judge
 * it, and takes more along until each verdict that it is about comes out as it did in the capture.
 *
 * The copy is a stream that is the same each time, so that nothing has to be kept between this and writing it.
 */
import type { FlowId, FlowRecord, Milliseconds, PacketNumber } from '../../../shared/base/units.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { parseFilter } from '../../../shared/filter/parse.ts';
import type { ExportedFile, ExportNote, ExportSubject, ExportTold } from '../../../shared/model/export.ts';
import type { FileSummary } from '../../../shared/model/capture.ts';
import type { CopyCounts } from '../../engine/copy/capture-copier.ts';
import type { CaptureRewriter } from '../../engine/copy/rewriter.ts';
import { groupKey } from '../../engine/findings/group-resets.ts';
import { patternProblem } from '../../engine/select/regex.ts';
import type { PacketSet } from '../../engine/select/packet-set.ts';
import { selectorOf } from '../../engine/select/selector.ts';
import { Session } from '../../engine/session.ts';
import type { Analysis } from '../analysis.ts';
import { answerOpen, numbersOf } from '../filter-scan.ts';
import { monotonicMs } from '../monotonic.ts';
import { PacketBytes } from '../packet-bytes.ts';
import { breather } from '../sliced-work.ts';
import { spillOfProcess } from '../spill-file.ts';
import { VERSION } from '../version.ts';
import { Chosen, WHOLE } from './chosen.ts';
import { copyFiles, type CopyJob } from './copy-files.ts';
import { exportNames } from './export-names.ts';
import { heldFailure, heldReset, isKept, resetAt, type Held } from './held.ts';

/** Judging is done in slices so that others have their turn. */
const SLICE_MS = 20 as Milliseconds;
/** Share of a pass that reading is; the rest is judging. */
const READING_SHARE = 0.9;

export interface ExportRequest {
  readonly subject: ExportSubject;
  readonly notes: readonly ExportNote[];
  /** Makes what changes the copy, anew each time that it is made; undefined where nothing is changed. */
  readonly makeRewriter?: (() => CaptureRewriter) | undefined;
  /** What the files are named after. */
  readonly baseName: string;
}

export interface ReadyExport {
  readonly told: ExportTold;
  /**
   * One of its files from the beginning.
   * @param onCounts told at the end what was copied, and what of it was replaced
   * @throws CaptureFileError, or the signal's reason
   */
  pieces(
    file: number,
    signal: AbortSignal,
    onCounts?: (counts: CopyCounts, replaced: ExportTold['replaced']) => void,
  ): AsyncGenerator<Uint8Array, void, undefined>;
}

/** An export of packets. */
export interface ReadyPackets extends ReadyExport {
  /** Of each of its files the files of the analysis that its packets are from, by their numbers. */
  readonly from: readonly (readonly number[])[];
  /** First and last time in one of its files, nanoseconds since the analysis' epoch. */
  span(file: number): readonly [firstNs: number, lastNs: number];
}

/**
 * @param onProgress share that is done of the pass that runs
 * @throws RpcError for what cannot be exported, CaptureFileError, or the signal's reason
 */
export async function prepareExport(
  analysis: Analysis,
  request: ExportRequest,
  signal: AbortSignal,
  onProgress: (done: number) => void = () => undefined,
): Promise<ReadyPackets> {
  ensureRead(analysis);
  const { subject } = request;
  if (subject.kind === 'filter') {
    const chosen = await passing(analysis, subject.filter, signal);
    return new Preparation(analysis, request, chosen, null).ready([], 0, 0, undefined);
  }
  const held = heldOf(analysis.session, subject);
  const steps = new Map<FlowRecord, number>(
    connectionsOf(analysis.session, subject, held).map((f) => [f, 0]),
  );
  for (let widened = 0; ; widened++) {
    const chosen = new Chosen(analysis.session);
    for (const [flow, step] of steps) {
      chosen.addConnection(flow, step);
      signal.throwIfAborted();
    }
    chosen.finish();
    const preparation = new Preparation(analysis, request, chosen.packets, chosen.keepsKernelEvent);
    const pass = await preparation.judge(signal, onProgress);
    const changed = held.filter((one) => !pass.isKept(one));
    pass.close();
    const wider = changed.filter(({ flow }) => (steps.get(flow) ?? WHOLE) < WHOLE);
    if (wider.length === 0) return preparation.ready(pass.bytes, held.length, changed.length, pass, widened);
    for (const { flow } of wider) steps.set(flow, (steps.get(flow) ?? 0) + 1);
  }
}

/** @throws RpcError where the capture is not all there */
export function ensureRead({ progress }: Analysis): void {
  const { phase } = progress;
  if (phase === 'done' || phase === 'cancelled') return;
  if (phase === 'failed' || phase === 'empty') throw new RpcError('not-found', 'no capture is open');
  throw new RpcError(
    'failed',
    phase === 'following'
      ? 'the capture is still running: stop it first, then export'
      : 'the capture is still being read: export it when all of it is there',
  );
}

/** Verdicts that the export is about. */
function heldOf(session: Session, subject: Exclude<ExportSubject, { kind: 'filter' }>): Held[] {
  switch (subject.kind) {
    case 'reset': {
      const packet = subject.packet as PacketNumber;
      const id = session.packets.holds(packet) ? resetAt(session, packet) : -1;
      if (id < 0) throw new RpcError('not-found', 'this packet is no reset that is known');
      return [heldReset(session, session.join.primary(id))];
    }
    case 'flow': {
      const flow = session.flows.flowOf(subject.flow as FlowId);
      if (flow < 0) throw new RpcError('not-found', `there is no flow number ${subject.flow}`);
      return verdictsOf(session, flow);
    }
    case 'finding':
      return resetsOfFinding(session, subject.reset).map((id) => heldReset(session, id));
    case 'failures': {
      const flows = Array.from(session.failures.ids(), (id) => session.flows.flowOf(id as FlowId));
      const known = flows.filter((flow) => flow >= 0);
      if (known.length === 0) throw new RpcError('not-found', 'no connection failed without a reset');
      return known.map((flow) => heldFailure(session, flow));
    }
  }
}

function verdictsOf(session: Session, flow: FlowRecord): Held[] {
  const resets = Array.from(session.resetIds()).filter((id) => session.resets.flow(id) === flow);
  if (resets.length > 0) return resets.map((id) => heldReset(session, id));
  return [heldFailure(session, flow)];
}

/** @param reset one of them */
function resetsOfFinding(session: Session, reset: number): number[] {
  if (!session.hasReset(reset)) throw new RpcError('not-found', `reset number ${reset} is not known`);
  const { resetView, verdicts } = session;
  const key = groupKey(reset, resetView, verdicts);
  return Array.from(session.resetIds()).filter((id) => groupKey(id, resetView, verdicts) === key);
}

function connectionsOf(session: Session, subject: ExportSubject, held: readonly Held[]): FlowRecord[] {
  const flows = held.map(({ flow }) => flow);
  if (subject.kind === 'flow') flows.push(session.flows.flowOf(subject.flow as FlowId));
  return [...new Set(flows)];
}

/** The packets that pass a filter, with what only their bytes tell. */
async function passing(analysis: Analysis, filter: string, signal: AbortSignal): Promise<PacketSet> {
  const parsed = parseFilter(filter);
  if (!parsed.ok) throw new RpcError('bad-request', parsed.error.message);
  const problem = await patternProblem(parsed.value);
  if (problem !== undefined) throw new RpcError('bad-request', problem.message);
  const { session } = analysis;
  const selection = await selectorOf(session).select(filter, parsed.value, breather(signal));
  await answerOpen(session, new PacketBytes(analysis), selection, numbersOf(selection), signal);
  signal.throwIfAborted();
  return selection.yes;
}

/** Files of one capture each, in the order of the analysis. */
function capturesOf({ session }: Analysis): number[][] {
  const captures: number[][] = [];
  let before = -1;
  session.files.forEach((_, i) => {
    // Of an endless capture the oldest files are no longer told of.
    const file = i + session.filesGone;
    const timeline = session.timelineOf(file);
    if (timeline === before) captures.at(-1)?.push(file);
    else captures.push([file]);
    before = timeline;
  });
  return captures;
}

/** A copy that was judged. */
class Pass {
  readonly bytes: number[] = [];
  /** Of each file of the copy: the number of its first packet in the copy, and that of the first one of the set. */
  readonly #starts: { readonly copy: number; readonly rank: number }[] = [];
  readonly #session: Session;
  readonly #copy: Session;
  readonly #chosen: PacketSet;
  replaced: ExportTold['replaced'] = [];

  constructor(session: Session, copy: Session, chosen: PacketSet) {
    this.#session = session;
    this.#copy = copy;
    this.#chosen = chosen;
  }

  noteStart(rank: number): void {
    this.#starts.push({ copy: this.#copy.packets.next, rank });
  }

  isKept(held: Held): boolean {
    if (!this.#chosen.has(held.packet)) return false;
    const rank = this.#chosen.rank(held.packet);
    const start = this.#starts.findLast((one) => one.rank <= rank);
    if (start === undefined) return false;
    return isKept(this.#session, held, this.#copy, (start.copy + rank - start.rank) as PacketNumber);
  }

  close(): void {
    this.#copy.close();
  }
}

class Preparation {
  readonly #analysis: Analysis;
  readonly #request: ExportRequest;
  readonly #chosen: PacketSet;
  readonly #keepsKernelEvent: CopyJob['options']['keepsKernelEvent'];
  readonly #captures: readonly (readonly number[])[];
  /** Packets of each capture. */
  readonly #counts: readonly number[];
  readonly #comments = new Map<number, string[]>();
  readonly #files: readonly FileSummary[];

  constructor(
    analysis: Analysis,
    request: ExportRequest,
    chosen: PacketSet,
    keepsKernelEvent: CopyJob['options']['keepsKernelEvent'],
  ) {
    this.#analysis = analysis;
    this.#request = request;
    this.#chosen = chosen;
    this.#keepsKernelEvent = keepsKernelEvent;
    this.#files = analysis.session.files;
    const all = capturesOf(analysis);
    const counts = countsOf(analysis.session, all, chosen);
    // A capture that nothing was chosen of is none of the export.
    const kept = all.map((_, i) => i).filter((i) => counts[i] > 0 || all.length === 1);
    this.#captures = kept.map((i) => all[i]);
    this.#counts = kept.map((i) => counts[i]);
    for (const { packet, text } of request.notes) {
      const texts = this.#comments.get(packet);
      if (texts === undefined) this.#comments.set(packet, [text]);
      else texts.push(text);
    }
  }

  get #total(): number {
    const { packets } = this.#analysis.session;
    return packets.count - packets.gone;
  }

  /** Judges the copy. */
  async judge(signal: AbortSignal, onProgress: (done: number) => void): Promise<Pass> {
    const { session } = this.#analysis;
    const copy = new Session(undefined, { memory: { spill: spillOfProcess() } });
    const pass = new Pass(session, copy, this.#chosen);
    try {
      const isJoined = session.join.isJoined && this.#captures.length > 1;
      if (isJoined) copy.expectJoin();
      const total = this.#captures.flat().reduce((sum, file) => sum + (this.#file(file)?.bytes ?? 0), 0);
      let read = 0;
      const onRead = (bytes: number): void => {
        read += bytes;
        onProgress(READING_SHARE * Math.min(1, read / Math.max(1, total)));
      };
      let rank = 0;
      for (const [i, count] of this.#counts.entries()) {
        copy.startFile(`${i}`, 'none', false);
        pass.noteStart(rank);
        let bytes = 0;
        const rewriter = this.#request.makeRewriter?.();
        for await (const piece of copyFiles(this.#analysis, this.#job(i, rewriter), signal, onRead)) {
          copy.feed(piece);
          bytes += piece.length;
        }
        copy.endFile(true);
        pass.bytes.push(bytes);
        pass.replaced = added(pass.replaced, rewriter?.counts() ?? []);
        rank += count;
      }
      if (isJoined) await joinAll(copy, signal);
      while (!copy.judgeFor(SLICE_MS, monotonicMs)) await turn(signal);
      onProgress(1);
      return pass;
    } catch (error) {
      copy.close();
      throw error;
    }
  }

  ready(
    bytes: readonly number[],
    verdicts: number,
    changed: number,
    pass: Pass | undefined,
    widened = 0,
  ): ReadyPackets {
    const names = exportNames(this.#request.baseName, this.#captures.length);
    const files = this.#counts.map((packets, i): ExportedFile => ({
      name: names[i],
      packets,
      bytes: bytes.at(i) ?? null,
    }));
    const told = {
      files,
      packets: this.#counts.reduce((sum, count) => sum + count, 0),
      of: this.#total,
      verdicts,
      changed,
      widened,
      replaced: pass?.replaced ?? [],
    };
    return {
      told,
      from: this.#captures,
      span: (file) => this.#span(file),
      pieces: (file, signal, onCounts) => {
        const rewriter = this.#request.makeRewriter?.();
        return copyFiles(this.#analysis, this.#job(file, rewriter), signal, undefined, (counts) => {
          onCounts?.(counts, rewriter?.counts() ?? []);
        });
      },
    };
  }

  #span(capture: number): [firstNs: number, lastNs: number] {
    const { packets } = this.#analysis.session;
    const files = this.#captures[capture];
    const span: [number, number] = [Infinity, -Infinity];
    for (let number = this.#chosen.next(-1); number >= 0; number = this.#chosen.next(number)) {
      const packet = number as PacketNumber;
      if (!files.includes(packets.file(packet))) continue;
      const timeNs = packets.time(packet);
      span[0] = Math.min(span[0], timeNs);
      span[1] = Math.max(span[1], timeNs);
    }
    return span;
  }

  #file(number: number): FileSummary | undefined {
    return this.#files.at(number - this.#analysis.session.filesGone);
  }

  #job(capture: number, rewriter: CaptureRewriter | undefined): CopyJob {
    return {
      files: this.#captures[capture],
      chosen: this.#chosen,
      comments: this.#comments,
      options: {
        application: `Resetscope ${VERSION}`,
        comment: this.#comment(capture, rewriter !== undefined),
        keepsKernelEvent: this.#keepsKernelEvent,
        rewriter,
      },
    };
  }

  /** What people read who open the file elsewhere. Names of files may tell who made them. */
  #comment(capture: number, isChanged: boolean): string {
    const files = this.#captures[capture];
    const count = this.#counts[capture];
    const of = files.reduce((sum, file) => sum + (this.#file(file)?.packets ?? 0), 0);
    const paths = files.map((file) => this.#file(file)?.path ?? '');
    const [first = ''] = paths;
    const name = first.slice(Math.max(first.lastIndexOf('/'), first.lastIndexOf('\\')) + 1);
    const more = paths.length > 1 ? ` and ${plural(paths.length - 1, 'more file')}` : '';
    const from = isChanged || name === '' ? 'a capture' : `${name}${more}`;
    return (
      `Cut from ${from}: ${subjectText(this.#request.subject)}. ` +
      `${plural(count, 'packet')} of ${countText(of)}; ${plural(of - count, 'packet')} left out.`
    );
  }
}

function subjectText(subject: ExportSubject): string {
  switch (subject.kind) {
    case 'reset':
      return 'a reset, with what its verdict rests on';
    case 'flow':
      return 'a connection, with what its verdict rests on';
    case 'finding':
      return 'the resets of one finding, with what their verdicts rest on';
    case 'failures':
      return 'the connections that failed without a reset, with what their verdicts rest on';
    case 'filter':
      return 'the packets that pass a filter';
  }
}

/** How many packets of each capture are in the set, whose order is that of the captures. */
function countsOf(session: Session, captures: readonly (readonly number[])[], chosen: PacketSet): number[] {
  const { packets } = session;
  const counts = captures.map(() => 0);
  let capture = 0;
  let rank = 0;
  for (let index = 0; index < packets.chunkCount; index++) {
    if (!packets.holdsChunk(index)) continue;
    const file = packets.fileOfChunk(index);
    while (capture < captures.length - 1 && file > (captures[capture].at(-1) ?? 0)) capture++;
    const upTo = chosen.rank((packets.numberAt(index, 0) + packets.usedOf(index)) as PacketNumber);
    counts[capture] += upTo - rank;
    rank = upTo;
  }
  return counts;
}

/** Sums by kind. */
export function added(a: ExportTold['replaced'], b: ExportTold['replaced']): ExportTold['replaced'] {
  const sums = new Map<string, number>();
  for (const { kind, count } of [...a, ...b]) sums.set(kind, (sums.get(kind) ?? 0) + count);
  return Array.from(sums, ([kind, count]) => ({ kind, count }));
}

async function joinAll(session: Session, signal: AbortSignal): Promise<void> {
  session.startJoining();
  while (!session.joinFor(SLICE_MS, monotonicMs)) await turn(signal);
}

async function turn(signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal.throwIfAborted();
}
