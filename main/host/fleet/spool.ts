/**
 * Tells a fleet of a running capture: every so often a segment of it becomes a unit in the spool folder, and what is left at the end
 * the last one.
 *
 * Invariants
 * - A segment covers a stretch of time that touches the one before it, and everything about that time is told in it or before it:
 *   it ends at a moment that lies SETTLE_MS back.
 * - The capture goes on whatever becomes of the folder. A segment that could not be written is a gap in what is covered, and is counted.
 */
import type { Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { CaughtCase, LiveLosses, LiveStatus } from '../../../shared/model/live.ts';
import { LIVE_RETENTION } from '../../engine/retention/retention-options.ts';
import { WEIGHTS_VERSION } from '../../engine/fleet/weights-version.ts';
import { WriteError } from '../../capture/whole-file.ts';
import type { RunProgram } from '../../capture/live/doctor/run-program.ts';
import type { CaptureFacts } from '../../engine/fleet/capture-cells.ts';
import type { FleetContext } from '../../engine/fleet/fleet-row.ts';
import type { LiveAnalysis } from '../live/live-analysis.ts';
import { monotonicMs } from '../monotonic.ts';
import { breather } from '../sliced-work.ts';
import { VERSION } from '../version.ts';
import { chronyBound } from './clock.ts';
import { bothRows, madeRows } from './fleet-rows.ts';
import { captureKey, keysWith } from './keys.ts';
import { siteOf } from './layout.ts';
import { SpoolCases } from './spool-cases.ts';
import { spoolDisguise } from './spool-disguise.ts';
import { SpoolFolder, type SpoolLosses } from './spool-folder.ts';
import { SpoolFiles } from './spool-files.ts';
import { lostBetween, SpoolMarks, type SpoolMark } from './spool-marks.ts';
import { SpoolRows } from './spool-rows.ts';
import { writeUnit, type FleetUnit } from './unit-writer.ts';
import type { AgentOptions } from './write-analysis.ts';

const TICK_MS = 1000;
/** Beyond the seconds after its reset, a case is told late, waits for the disk, and is written after those before it. */
const CASE_LATE_MS = 15_000;
/** Resets made final between two rests. */
const SETTLED_TOGETHER = 128;
/** What a full disk answers. */
const FULL = ['ENOSPC', 'EDQUOT'];
/** Units let go of before a segment is given up because the disk is full. */
const MOST_DROPPED = 64;
const MS_NS = 1_000_000n;

export interface SpoolPlan extends Omit<AgentOptions, 'keepsCases'> {
  readonly everySeconds: number;
  /** That the folder may take; Infinity for no bound. */
  readonly limitBytes: number;
}

/** How the spool fares. */
export interface SpoolStatus {
  readonly folder: string;
  /** Segments written. */
  readonly segments: number;
  /** Those that could not be written. */
  readonly failed: number;
  readonly flows: number;
  readonly resets: number;
  /** Flows and resets that were counted and have no row. */
  readonly untold: number;
  /** Bytes in the folder, and what it let go of before it was taken away, since it began. */
  readonly bytes: number;
  readonly lostFiles: number;
  readonly lostBytes: number;
  /** Why the newest segment could not be written; null where it was. */
  readonly error: string | null;
}

export class Spool {
  readonly #live: LiveAnalysis;
  readonly #plan: SpoolPlan;
  readonly #run: RunProgram;
  readonly #tell: (words: string) => void;
  readonly #folder: SpoolFolder;
  readonly #files: SpoolFiles;
  readonly #cases: SpoolCases;
  readonly #marks: SpoolMarks;
  readonly #breathe = breather(new AbortController().signal);
  #rows: SpoolRows | undefined;
  /** Begin of the first segment, nanoseconds since 1970. */
  #startNs: bigint | undefined;
  #timer: NodeJS.Timeout | undefined;
  #cutting: Promise<void> | undefined;
  #cutMs = monotonicMs();
  #told: { readonly toNs: bigint; packets: number; bytes: number; losses: LiveLosses } | undefined;
  #status: SpoolStatus;

  /** @param run starts a program @param tell words for people, of what went wrong and of what was let go */
  constructor(live: LiveAnalysis, plan: SpoolPlan, run: RunProgram, tell: (words: string) => void) {
    this.#live = live;
    this.#plan = plan;
    this.#run = run;
    this.#tell = tell;
    this.#folder = new SpoolFolder(plan.folder, plan.limitBytes);
    this.#files = new SpoolFiles(live.analysis.session);
    this.#cases = new SpoolCases(live.caught, plan.isAnonymised ? plan.key : undefined);
    const afterMs = (live.capture.status.options?.catch?.afterSeconds ?? 0) * 1000;
    this.#marks = new SpoolMarks(Math.max(LIVE_RETENTION.settleSeconds * 1000, afterMs + CASE_LATE_MS));
    this.#status = {
      ...{ folder: plan.folder, segments: 0, failed: 0, flows: 0, resets: 0, untold: 0 },
      ...{ bytes: 0, lostFiles: 0, lostBytes: 0, error: null },
    };
  }

  get status(): SpoolStatus {
    const { files, bytes } = this.#folder.losses;
    return { ...this.#status, lostFiles: files, lostBytes: bytes };
  }

  /** Makes the folder, and room in it. @throws WriteError where nothing can be written there */
  async prepare(): Promise<void> {
    await this.#folder.begin();
    await this.#makeRoom();
  }

  /** Packets come from now on. */
  begin(): void {
    const { startedMs, source } = this.#live.capture.status;
    const { site, host } = this.#plan;
    const name = this.#live.capture.status.options?.interface ?? '';
    const capture = captureKey(['live', siteOf(site), host, name, String(startedMs), String(process.pid)]);
    const { session } = this.#live.analysis;
    const disguise = spoolDisguise(session, this.#files, this.#plan);
    const keys = keysWith(this.#plan.key);
    this.#rows = new SpoolRows(session, (segment) => ({
      ...{ capture, segment, keys, disguise },
      get epochNs() {
        return session.clock.epochNs ?? 0n;
      },
    }));
    session.watchLeaving(this.#rows.watcher);
    // Of another machine's clock only its packets tell.
    if (source !== 'ssh' && startedMs !== null) {
      const { losses } = this.#live.capture.status;
      this.#told = { toNs: BigInt(startedMs) * MS_NS, packets: 0, bytes: 0, losses: nothingLost(losses) };
    }
    this.#cutMs = monotonicMs();
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  /** A case was written. */
  readonly onCaught = (caught: CaughtCase): void => {
    this.#cases.add(caught);
  };

  /** The capture has ended and all is judged: writes what is left. Never rejects. */
  async finish(): Promise<void> {
    clearInterval(this.#timer);
    await this.#cutting;
    const rows = this.#rows;
    if (rows === undefined) return;
    this.#rows = undefined;
    const { losses } = this.#live.capture.status;
    await this.#cutSafely(rows, { mark: this.#markNow(), losses }, true);
  }

  /** Nothing is written any more; for a capture that did not begin. */
  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const rows = this.#rows;
    if (rows === undefined) return;
    const nowMs = monotonicMs();
    this.#marks.note(this.#markNow());
    if (this.#cutting !== undefined) return;
    const isDue = nowMs - this.#cutMs >= this.#plan.everySeconds * 1000;
    const settled = this.#marks.settled(nowMs);
    if (settled === undefined || !(isDue || rows.isFull)) return;
    this.#cutMs = nowMs;
    this.#cutting = this.#cutSafely(rows, settled, false).finally(() => {
      this.#cutting = undefined;
    });
  }

  #markNow(): SpoolMark {
    const { session } = this.#live.analysis;
    const { losses, source, endedMs } = this.#live.capture.status;
    const { epochNs } = session.clock;
    const seenNs = epochNs === undefined ? undefined : epochNs + BigInt(Math.round(session.lastNs));
    const nowNs = BigInt(endedMs ?? Date.now()) * MS_NS;
    // A packet that is stamped later than the end was taken before it all the same.
    const timeNs = source === 'ssh' ? (seenNs ?? 0n) : nowNs;
    return { atMs: monotonicMs(), timeNs, seenNs, packet: session.packets.next as PacketNumber, losses };
  }

  async #cutSafely(
    rows: SpoolRows,
    end: { readonly mark: SpoolMark; readonly losses: LiveLosses },
    isLast: boolean,
  ): Promise<void> {
    try {
      await this.#cut(rows, end, isLast);
    } catch (error) {
      // What it would have told is a gap of the tables, which the next row counts.
      await this.#folder.noteUnwritten(1, 0).catch(() => undefined);
      const words = errorText(error);
      this.#status = { ...this.#status, failed: this.#status.failed + 1, error: words };
      this.#tell(`a segment is missing in the spool: ${words}`);
    }
  }

  async #cut(
    rows: SpoolRows,
    { mark, losses }: { readonly mark: SpoolMark; readonly losses: LiveLosses },
    isLast: boolean,
  ): Promise<void> {
    const { session } = this.#live.analysis;
    const epochNs = session.clock.epochNs ?? 0n;
    // Where the analysis is behind, what it had seen by the mark is all that is known to be told.
    const isBehind = !isLast && !this.#isCaughtUp(mark);
    const toNs = isBehind ? (mark.seenNs ?? mark.timeNs) : mark.timeNs;
    const toRelativeNs = Number(toNs - epochNs);
    const below = isLast ? Infinity : mark.packet > session.packets.next ? 0 : mark.packet;
    const before = isLast ? Infinity : isBehind ? -Infinity : toRelativeNs;
    while (!session.settleResets(below as PacketNumber, before as Nanoseconds, SETTLED_TOGETHER))
      await this.#breathe();
    if (!isLast) await rows.tellEnded(toRelativeNs, this.#breathe);
    const rest = isLast ? await rows.tellRest(this.#breathe) : undefined;
    const { context } = rows;
    const cases = await this.#cases.take(context);
    // Emptied at the end rather than removed: who ships the folder may only add to what is there.
    const openFlows = isLast ? madeRows('open_flows', []) : rows.openFlows();
    const taken = rows.take((reset) => this.#cases.nameOf(reset));
    const facts = await this.#factsOf(toNs, losses, context);
    if (facts === undefined) return;
    const unit: FleetUnit = {
      ...{ context, folder: this.#plan.folder, site: facts.site, cases },
      open: { rows: openFlows, dayNs: (this.#startNs ??= facts.fromNs) },
      rows: taken.rows.map((one) => (one.kind === 'flows' && rest !== undefined ? bothRows(one, rest) : one)),
      captures: (written) => ({
        ...facts,
        flows: written.flows + written.open_flows,
        resets: taken.settledResets,
        untold: taken.untold,
      }),
    };
    const { rows: written, bytes } = await this.#write(unit);
    const { segments, flows, resets } = this.#status;
    this.#status = {
      ...this.#status,
      segments: segments + 1,
      flows: flows + written.flows,
      resets: resets + written.resets,
      untold: this.#status.untold + taken.untold,
      error: null,
    };
    await this.#makeRoom(isLast ? 0 : bytes);
  }

  /** Whether all that was captured before the mark was analysed. */
  #isCaughtUp({ timeNs }: SpoolMark): boolean {
    const { session } = this.#live.analysis;
    const { epochNs } = session.clock;
    if (this.#live.capture.tail.lagBytes <= 0) return true;
    return epochNs !== undefined && epochNs + BigInt(Math.round(session.lastNs)) >= timeNs;
  }

  /** Undefined where there is nothing to tell of: of another machine that sent no packet yet. */
  async #factsOf(
    toNs: bigint,
    losses: LiveLosses,
    { disguise }: FleetContext,
  ): Promise<Omit<CaptureFacts, 'flows' | 'resets' | 'untold'> | undefined> {
    const { capture, analysis } = this.#live;
    const { session, progress } = analysis;
    const { options, bytes, error, source } = capture.status;
    const { site, host, key, isAnonymised } = this.#plan;
    const epochNs = session.clock.epochNs;
    if (this.#told === undefined && epochNs === undefined) return undefined;
    const firstNs = (epochNs ?? 0n) + BigInt(Math.round(session.firstNs));
    const before = this.#told ?? { toNs: firstNs, packets: 0, bytes: 0, losses: nothingLost(losses) };
    // A clock may be set back.
    const endNs = toNs > before.toNs ? toNs : before.toNs;
    this.#told = { toNs: endNs, packets: progress.packets, bytes, losses };
    const { files: lostFiles, bytes: lostBytes }: SpoolLosses = this.#folder.losses;
    return {
      ...{ host, site: siteOf(site), source: 'live', interface: options?.interface ?? null },
      filter: options?.filter === '' ? null : (options?.filter ?? null),
      files: this.#files.newest().flatMap((file) => disguise.path(file) ?? []),
      ...{ fromNs: before.toNs, toNs: endNs },
      packets: progress.packets - before.packets,
      bytes: Math.max(0, bytes - before.bytes),
      lost: knownLosses(lostBetween(before.losses, losses), source),
      snapLength: options?.snapLength ?? null,
      isWhole: error === null && progress.error === null && !this.#files.hasDamage(),
      clock: await this.#clock(source),
      ...{ keyId: key.id, isAnonymised, engineVersion: VERSION, weightsVersion: WEIGHTS_VERSION },
      spoolLost: { files: lostFiles, bytes: lostBytes },
    };
  }

  /** Of the machine that captures: of another one only the operator can tell. */
  async #clock(source: LiveStatus['source']): Promise<CaptureFacts['clock']> {
    const { clock } = this.#plan;
    return clock ?? (source === 'ssh' ? null : chronyBound(this.#run));
  }

  /** Where the disk is full, the oldest units make room. @throws WriteError */
  async #write(unit: FleetUnit): ReturnType<typeof writeUnit> {
    const { signal } = new AbortController();
    for (let dropped = 0; ; dropped++) {
      try {
        return await writeUnit(unit, signal, this.#breathe);
      } catch (error) {
        const isFull = error instanceof WriteError && FULL.includes(error.code ?? '');
        if (!isFull || dropped === MOST_DROPPED) throw error;
        const lost = await this.#folder.dropOldest();
        if (lost.files === 0) throw error;
        this.#tell(`${errorText(error)}: the oldest ${lost.files} files of the spool were let go of`);
      }
    }
  }

  async #makeRoom(extraBytes = 0): Promise<void> {
    const { lost, bytes } = await this.#folder.makeRoom(extraBytes);
    this.#status = { ...this.#status, bytes };
    if (lost.files === 0) return;
    const taken = `the oldest ${lost.files} files (${lost.bytes} bytes) were let go of`;
    this.#tell(`nobody takes the spool away and it is at its limit: ${taken}`);
  }
}

function nothingLost({ kernel, interface: byInterface }: LiveLosses): LiveLosses {
  return {
    kernel: kernel === null ? null : 0,
    interface: byInterface === null ? null : 0,
    queue: 0,
    analysis: 0,
  };
}

/** That nothing was lost elsewhere says nothing where nobody counts what the kernel drops. */
function knownLosses(lost: LiveLosses, source: LiveStatus['source']): CaptureFacts['lost'] {
  // The package’s own counter is told as the queue’s.
  const isCounted = lost.kernel !== null || lost.interface !== null || source === 'cap';
  if (isCounted) return lost;
  const some = (count: number): number | null => (count > 0 ? count : null);
  return { ...lost, queue: some(lost.queue), analysis: some(lost.analysis) };
}
