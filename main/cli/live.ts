/** `resetscope live`: captures, and tells of every reset when what followed it was seen. */
import { errorText } from '../../shared/format/error.ts';
import { statSync } from 'node:fs';
import { join, parse, resolve } from 'node:path';
import * as v from 'valibot';
import { liveOptions } from '../../shared/contract/live-schemas.ts';
import { plural } from '../../shared/format/count.ts';
import { jsonText, sanitiseText } from '../../shared/format/text.ts';
import type { CatchRule, LiveLosses, LiveOptions } from '../../shared/model/live.ts';
import { tryWholeFile, WriteError } from '../capture/whole-file.ts';
import type { RunningCapture } from '../host/live/capture-pair.ts';
import { captureOf } from '../host/live/capture-pair.ts';
import { LiveStartError } from '../host/live/capture-run.ts';
import type { CaptureMessage } from '../host/live/capture-contract.ts';
import { tooMuchToJoin } from '../host/live/join-limit.ts';
import type { ReadRule } from '../host/live/catch-rule.ts';
import { readRule } from '../host/live/catch-rule.ts';
import { LiveAnalysis } from '../host/live/live-analysis.ts';
import { DEFAULT_RING, defaultOptions } from '../host/live/live-defaults.ts';
import type { LiveParts } from '../host/live/live-parts.ts';
import { Spool, type SpoolPlan } from '../host/fleet/spool.ts';
import { EXIT_CAPTURE, EXIT_LOSSES, EXIT_OK, EXIT_USAGE } from './exit-codes.ts';
import type { CliIo } from './io.ts';
import { Output } from './io.ts';
import { planSpool, type SpoolCommandOptions, spoolText } from './live-spool.ts';
import { tellJoined } from './live-joined.ts';
import type { ResetNumbers } from './live-report.ts';
import {
  caughtLine,
  resetLine,
  secondSummaryText,
  statusJson,
  statusText,
  summaryText,
  endingsText,
  unjudgedText,
} from './live-report.ts';
import { burstJson, failureJson, resetJson } from './report.ts';
import { makeStyle } from './style.ts';

export interface LiveCommandOptions extends SpoolCommandOptions {
  readonly interface: string;
  readonly filter: string;
  readonly source: string;
  readonly host?: string;
  readonly alsoHost?: string;
  readonly alsoInterface?: string;
  readonly alsoFilter?: string;
  /** The quick filter of what is caught; true for everything. */
  readonly catch?: string | true;
  readonly before: number;
  readonly after: number;
  readonly onlyMatters?: boolean;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly write?: string;
  readonly ringFiles?: number;
  readonly ringSize?: number;
  readonly ringSeconds?: number;
  readonly snaplen: number;
  readonly promiscuous: boolean;
  readonly witness: boolean;
  readonly duration?: number;
  readonly count?: number;
}

const CLEAR_LINE = '\r\u001b[2K';
/** A status line for machines comes this often; on a terminal it is told as it comes. */
const STATUS_MS = 1000;
/** Lines that wait for their reader; more are not made before some are taken. */
const MOST_LINES_WAITING = 1000;

/** @throws OutputClosed, or what went wrong with writing to standard output */
export async function live(options: LiveCommandOptions, parts: LiveParts, io: CliIo): Promise<number> {
  const wanted = optionsOf(options);
  const refuse = (error: string): number => {
    io.stderr.write(`resetscope: ${sanitiseText(error, 500)}\n`);
    return EXIT_USAGE;
  };
  if (typeof wanted === 'string') return refuse(wanted);
  let rule: ReadRule | null;
  try {
    rule = wanted.catch === null ? null : await readRule(wanted.catch);
  } catch (error) {
    return refuse(errorText(error).replace('in the filter:', 'in the filter of --catch:'));
  }
  const error = await targetError(options);
  if (error !== null) return refuse(error);
  const plan = await planSpool(options, wanted);
  if (typeof plan === 'string') return refuse(plan);
  const run = new LiveRun(wanted, rule, plan, options, parts, io);
  return run.run();
}

/** One run of the command. */
class LiveRun {
  readonly #options: LiveCommandOptions;
  readonly #io: CliIo;
  readonly #live: LiveAnalysis;
  readonly #recording: RunningCapture;
  readonly #output: Output;
  readonly #spool: Spool | undefined;
  #resets = 0;
  #matters = 0;
  #linesWaiting = 0;
  #isLineShown = false;
  #isStopping = false;
  /** Writing waits for the reader; lines keep their order. */
  #writing: Promise<void> = Promise.resolve();

  constructor(
    wanted: LiveOptions,
    rule: ReadRule | null,
    plan: SpoolPlan | null,
    options: LiveCommandOptions,
    parts: LiveParts,
    io: CliIo,
  ) {
    this.#options = options;
    this.#io = io;
    this.#recording = captureOf(wanted, parts, (message, place) => {
      this.#live.take(message, place);
      if (place === 'second') this.#takeSecond(message);
    });
    this.#live = new LiveAnalysis(wanted, rule, (order) => this.#recording.keepCase(order));
    this.#output = new Output(io.stdout);
    if (plan !== null) {
      this.#spool = new Spool(this.#live, plan, parts.run, (words) => {
        this.#say(`resetscope: ${sanitiseText(words, 1000)}\n`);
      });
    }
  }

  async run(): Promise<number> {
    const { capture, analysis } = this.#live;
    const spool = this.#spool;
    if (!(await this.#canSpool())) return EXIT_CAPTURE;
    const timers: NodeJS.Timeout[] = [];
    const ignore = this.#io.onInterrupt(() => {
      // The next one ends the process at once, as without us.
      ignore();
      this.#stop();
    });
    try {
      await this.#recording.start();
      spool?.begin();
      this.#say(`capturing: ${sanitiseText(capture.status.command ?? '', 1000)}\n`);
      const { witness } = capture.status;
      if (witness.state === 'unavailable' && this.#options.witness) {
        this.#say(`the kernel is not asked: ${sanitiseText(witness.why ?? '', 300)}\n`);
      }
      if (this.#options.duration !== undefined) {
        timers.push(setTimeout(() => this.#stop(), this.#options.duration * 1000));
      }
      timers.push(setInterval(() => this.#tellStatus(), STATUS_MS));
      await this.#live.run(
        {
          onProgress: () => undefined,
          onCaught: (caught) => {
            spool?.onCaught(caught);
            if (this.#options.json === true) this.#print(`${jsonText({ type: 'case', ...caught })}\n`);
            else this.#say(caughtLine(caught));
          },
          onTold: (ids) => {
            this.#told(ids);
          },
          isReady: () => this.#linesWaiting < MOST_LINES_WAITING,
        },
        new AbortController().signal,
      );
      await spool?.finish();
    } catch (error) {
      if (!(error instanceof LiveStartError)) throw error;
      this.#tellStartError(error);
      return EXIT_CAPTURE;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      ignore();
      spool?.stop();
      await this.#recording.stop();
      await this.#writing;
      await this.#output.end();
      await analysis.close();
    }
    return this.#finish();
  }

  /** Whether there is room for tables, where they are wanted. */
  async #canSpool(): Promise<boolean> {
    try {
      await this.#spool?.prepare();
      return true;
    } catch (error) {
      if (!(error instanceof WriteError)) throw error;
      const words = `${error.message}; --spool takes another folder`;
      this.#io.stderr.write(`resetscope: ${sanitiseText(words, 1000)}\n`);
      return false;
    }
  }

  /** The second place may end while the first goes on. */
  #takeSecond(message: CaptureMessage): void {
    if (message.kind === 'planned') this.#say(`second place: ${sanitiseText(message.command, 1000)}\n`);
    if (message.kind !== 'ended' || message.error === null) return;
    if (this.#live.second?.status.startedMs === null) return;
    const words = `the second place ended early, the first goes on: ${message.error.message}`;
    this.#say(`resetscope: ${sanitiseText(words, 1000)}\n`);
  }

  /** What both places show together. */
  async #tellJoined(): Promise<void> {
    const { second, filesOfBoth } = this.#live;
    if (second === undefined) return;
    if (filesOfBoth === undefined) {
      this.#say('nothing was captured at one of the two places, so there is nothing to compare\n');
      return;
    }
    const refusal = await tooMuchToJoin(filesOfBoth);
    if (refusal !== null) this.#say(`${sanitiseText(refusal.message, 1000)}\n`);
    else {
      await tellJoined(filesOfBoth, this.#options, this.#io, (text) => {
        this.#print(text);
        return this.#writing;
      });
    }
  }

  async #finish(): Promise<number> {
    const { status } = this.#live.capture;
    if (this.#options.json === true) {
      await this.#tellJoined();
      this.#printEndings();
      this.#print(`${jsonText(statusJson(status, this.#resetNumbers(), this.#spool?.status))}\n`);
      await this.#writing;
      await this.#output.flush();
    }
    this.#clearLine();
    const { folder } = status;
    const { write } = this.#options;
    const isSaved = write === undefined || isFolder(write) || folder === null || (await this.#save(write));
    const { untold } = this.#live;
    const { resets, unjudged } = this.#live.analysis.progress;
    this.#say(summaryText(status, resets, this.#matters));
    if (status.second !== null) this.#say(secondSummaryText(status.second));
    this.#say(endingsText(this.#live.analysis.session.failures.report()));
    if (unjudged > 0) this.#say(unjudgedText(unjudged));
    if (untold > 0) this.#say(`${plural(untold, 'reset')} came too fast to be told one by one\n`);
    if (this.#spool !== undefined) this.#say(spoolText(this.#spool.status));
    if (this.#options.json !== true) {
      await this.#tellJoined();
      await this.#writing;
    }
    if (status.error !== null) {
      this.#io.stderr.write(`resetscope: ${sanitiseText(status.error.message, 500)}\n`);
      return EXIT_CAPTURE;
    }
    if (!isSaved) return EXIT_CAPTURE;
    const lost =
      lostPackets(status.losses) + (status.second === null ? 0 : lostPackets(status.second.losses));
    const isPartMissing = status.second !== null && status.second.error !== null;
    const isUnspooled = this.#spool !== undefined && this.#spool.status.failed > 0;
    return lost + unjudged > 0 || isPartMissing || isUnspooled ? EXIT_LOSSES : EXIT_OK;
  }

  /** How all connections ended, and the failures that are kept: told once, at the end. */
  #printEndings(): void {
    const { session } = this.#live.analysis;
    const epochNs = session.clock.epochNs ?? 0n;
    this.#print(`${jsonText({ type: 'endings', ...session.failures.report().counts })}\n`);
    const lines = Array.from(
      session.failures.eachAccount(),
      (account) => `${jsonText({ type: 'failure', ...failureJson(account, epochNs) })}\n`,
    );
    // As one text: there may be ten thousand, for which whoever ended the capture waits.
    this.#print(lines.join(''));
  }

  /** @returns whether it could be written; what was captured is kept all the same */
  async #save(write: string): Promise<boolean> {
    try {
      const written = [await this.#recording.save(resolve(write), 'refuse')];
      if (this.#live.filesOfBoth !== undefined)
        written.push(await this.#recording.save(resolve(secondPath(write)), 'refuse', 'second'));
      for (const path of written) this.#say(`written: ${sanitiseText(path, 500)}\n`);
      return true;
    } catch (error) {
      this.#io.stderr.write(`resetscope: ${sanitiseText(errorText(error), 1000)}\n`);
      return false;
    }
  }

  #told(ids: readonly number[]): void {
    const { session } = this.#live.analysis;
    const style = makeStyle(this.#io.stdoutIsTerminal, this.#options.color !== false, this.#io.env);
    for (const id of ids) {
      const { count } = this.#options;
      if (count !== undefined && this.#resets >= count) break;
      const row = session.resetRow(id);
      this.#resets += row.count;
      const isImportant = row.matters;
      if (isImportant) this.#matters += row.count;
      if (this.#options.onlyMatters === true && !isImportant) continue;
      // Of a flood's noise only rows are kept, where it was let go of before it was told of.
      const account = session.findAccount(id);
      if (account === undefined) {
        this.#live.noteUntold(row.count);
        continue;
      }
      const epochNs = session.clock.epochNs ?? 0n;
      if (this.#options.json === true) {
        const burst = account.burst === null ? {} : burstJson(account.burst, epochNs);
        this.#print(`${jsonText({ type: 'reset', ...resetJson(account, epochNs), ...burst })}\n`);
      } else {
        this.#print(resetLine(account, epochNs, style));
      }
    }
    const { count } = this.#options;
    if (count !== undefined && this.#resets >= count) this.#stop();
  }

  #stop(): void {
    if (this.#isStopping) return;
    this.#isStopping = true;
    void this.#recording.stop();
  }

  #tellStatus(): void {
    const { status } = this.#live.capture;
    const { resets, waiting } = this.#live.analysis.progress;
    // The next one says it all, should nobody read this one in time.
    if (this.#options.json === true && this.#linesWaiting < MOST_LINES_WAITING) {
      this.#print(`${jsonText(statusJson(status, this.#resetNumbers(), this.#spool?.status))}\n`);
    }
    if (!this.#io.stderrIsTerminal || this.#options.json === true) return;
    const line = statusText(status, resets, waiting);
    // A line that wraps could not be rewritten.
    this.#io.stderr.write(CLEAR_LINE + line.slice(0, (this.#io.columns ?? 80) - 1));
    this.#isLineShown = true;
  }

  #resetNumbers(): ResetNumbers {
    const { resets, waiting, unjudged } = this.#live.analysis.progress;
    return { resets, waiting, unjudged, untold: this.#live.untold };
  }

  #tellStartError({ liveError: { message, problem } }: LiveStartError): void {
    this.#io.stderr.write(`resetscope: ${sanitiseText(message, 1000)}\n`);
    if (problem === null) return;
    this.#io.stderr.write(`${sanitiseText(`${problem.title}: ${problem.text}`, 2000)}\n`);
    if (problem.command !== null)
      this.#io.stderr.write(`\n    ${sanitiseText(problem.command, Infinity)}\n\n`);
    this.#io.stderr.write('resetscope doctor says more.\n');
  }

  #print(text: string): void {
    this.#clearLine();
    this.#linesWaiting++;
    this.#writing = this.#writing.then(async () => {
      await this.#output.write(text);
      await this.#output.flush();
      this.#linesWaiting--;
    });
    // Nobody reads on: the capture has no purpose any more. The failure is met again at the end.
    this.#writing.catch(() => this.#stop());
  }

  /** To people, beside what is printed. */
  #say(text: string): void {
    this.#clearLine();
    this.#io.stderr.write(text);
  }

  #clearLine(): void {
    if (this.#isLineShown) this.#io.stderr.write(CLEAR_LINE);
    this.#isLineShown = false;
  }
}

/** The options as the contract has them, or what is wrong with them. */
function optionsOf(options: LiveCommandOptions): LiveOptions | string {
  const defaults = defaultOptions(options.interface);
  const source = options.host !== undefined && options.source === 'auto' ? 'ssh' : options.source;
  const parsed = v.safeParse(liveOptions, {
    ...defaults,
    source,
    host: options.host ?? null,
    filter: options.filter,
    snapLength: options.snaplen,
    promiscuous: options.promiscuous,
    folder: options.write !== undefined && isFolder(options.write) ? resolve(options.write) : null,
    ring: {
      fileBytes: options.ringSize ?? DEFAULT_RING.fileBytes,
      fileSeconds: options.ringSeconds ?? DEFAULT_RING.fileSeconds,
      files: options.ringFiles ?? DEFAULT_RING.files,
    },
    witness: options.witness,
    catch: catchRule(options),
    second: secondPlace(options),
  });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  return `bad option${v.getDotPath(issue) === null ? '' : ` (${v.getDotPath(issue)})`}: ${issue.message}`;
}

function catchRule(options: LiveCommandOptions): CatchRule | null {
  if (options.catch === undefined) return null;
  return {
    origins: [],
    causes: [],
    filter: options.catch === true ? '' : options.catch,
    onlyThatMatter: options.onlyMatters === true,
    beforeSeconds: options.before,
    afterSeconds: options.after,
  };
}

/** The second place, where there is one: another machine, or another interface of this one. */
function secondPlace(options: LiveCommandOptions): unknown {
  const { alsoHost, alsoInterface, alsoFilter, filter } = options;
  if (alsoHost === undefined && alsoInterface === undefined) return null;
  return {
    source: alsoHost === undefined ? 'auto' : 'ssh',
    host: alsoHost ?? null,
    // All interfaces of Linux together.
    interface: alsoInterface ?? 'any',
    filter: alsoFilter ?? filter,
  };
}

/** all.pcapng: all-second.pcapng */
function secondPath(path: string): string {
  const { dir, name, ext } = parse(path);
  return join(dir, `${name}-second${ext}`);
}

function lostPackets({ kernel, interface: byInterface, queue, analysis }: LiveLosses): number {
  return (kernel ?? 0) + (byInterface ?? 0) + queue + analysis;
}

/** A capture must not end with a file that cannot be written. */
async function targetError(options: LiveCommandOptions): Promise<string | null> {
  const { write } = options;
  if (write === undefined || isFolder(write)) return null;
  try {
    await tryWholeFile(write, { existing: 'refuse', mode: 0o600 });
    if (secondPlace(options) !== null)
      await tryWholeFile(secondPath(write), { existing: 'refuse', mode: 0o600 });
    return null;
  } catch (error) {
    return `${errorText(error)}; -w takes another place`;
  }
}

/** There is one, or a slash at the end says that it is meant to be one. */
function isFolder(path: string): boolean {
  try {
    return path.endsWith('/') || statSync(path).isDirectory();
  } catch {
    // Why it cannot be looked at is told by whoever writes there.
    return false;
  }
}
