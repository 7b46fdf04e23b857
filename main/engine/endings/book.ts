/**
 * How all connections ended. A sweep looks at every flow, slice by slice; what it found replaces what the sweep before it found when it is
 * through. Flows of an endless capture are looked at once more when they are let go (`settle`), and stay counted.
 *
 * Invariants
 * - Every flow is in one of the two halves only: those let go (`#gone`), and those of the newest whole sweep (`#shown`).
 * - Failures kept one by one are at most LIMITS.maxFailures in each half, what does not fit is counted and grouped all the same.
 */
import type { FlowId, FlowRecord, Milliseconds } from '../../../shared/base/units.ts';
import type { Ending, EndingsReport, FailureRow } from '../../../shared/model/failure.ts';
import { ENDINGS } from '../../../shared/model/failure.ts';
import { type LimitCounter, LIMITS } from '../limits.ts';
import { type KeptFailure, ServerTexts, ToldFailure, kept } from './failure-log.ts';
import { FailureGroups } from './groups.ts';
import { headlineOf } from './headline.ts';
import { withElsewhere } from './elsewhere.ts';
import { EndingJudge } from './judge.ts';
import type { EndingView } from './view.ts';

/** Flows looked at between two looks at the clock. */
const SLICE = 256;
/** While packets come in, sweeps take at most one part in this many of the time. */
const SHARE = 25;

/** Endings and failures of some flows. */
class Tally {
  readonly counts = ENDINGS.map(() => 0);
  readonly groups = new FailureGroups();
  /** By flow id. */
  readonly failures = new Map<number, KeptFailure>();
  readonly #limits: LimitCounter | undefined;

  /** @param limits of what is counted for good; sweeps replace each other, and a report says how many do not fit in the newest */
  constructor(limits?: LimitCounter) {
    this.#limits = limits;
  }

  add(ending: number, failure: ToldFailure | null): void {
    this.counts[ending]++;
    if (failure === null) return;
    this.groups.add(failure);
    if (this.failures.size < LIMITS.maxFailures) this.failures.set(failure.id, kept(failure));
    else this.#limits?.hit('maxFailures');
  }

  take(ending: number, id: FlowId): void {
    this.counts[ending]--;
    const failure = this.failures.get(id);
    if (failure === undefined) return;
    this.groups.remove(failure);
    this.failures.delete(id);
  }
}

/** What a sweep over the flows of the table found; flows can be taken out of it again. */
class Sweep extends Tally {
  /** By record: number of the ending + 1; 0 for flows that it did not count. */
  #endings = new Uint8Array(1024);

  note(flow: FlowRecord, ending: number, failure: ToldFailure | null): void {
    if (flow >= this.#endings.length) {
      const larger = new Uint8Array(Math.max(flow + 1, 2 * this.#endings.length));
      larger.set(this.#endings);
      this.#endings = larger;
    }
    this.#endings[flow] = ending + 1;
    this.add(ending, failure);
  }

  /** −1 for a flow that it did not count. */
  ending(flow: FlowRecord): number {
    return flow < this.#endings.length ? this.#endings[flow] - 1 : -1;
  }

  forget(flow: FlowRecord, id: FlowId): void {
    const noted = this.ending(flow);
    if (noted < 0) return;
    this.#endings[flow] = 0;
    this.take(noted, id);
  }
}

interface FoundEnding {
  /** Number of it in ENDINGS. */
  readonly ending: number;
  readonly failure: ToldFailure | null;
}

function toldOf(found: FoundEnding | undefined): ToldEnding | undefined {
  if (found === undefined) return undefined;
  return { ending: ENDINGS[found.ending], failure: () => found.failure?.row() ?? null };
}

/** How one flow ended, to be kept elsewhere. */
export interface ToldEnding {
  readonly ending: Ending;
  /** Its failure, made when it is asked for; null where there is none. Only while the flow is known. */
  failure(): FailureRow | null;
}

/** What the report counts beside endings. */
export interface ResetNumbers {
  readonly resets: number;
  readonly resetsThatMatter: number;
}

export class EndingBook {
  readonly #view: EndingView;
  readonly #judge: EndingJudge;
  readonly #servers = new ServerTexts();
  /** Of flows that were let go. */
  readonly #gone: Tally;
  /** Of the newest whole sweep. */
  #shown: Sweep;
  #making: Sweep;
  /** Next record of the sweep; −1 while none is under way. */
  #next = -1;
  #isWanted = false;
  #spentMs = 0;
  /** No sweep begins before this. */
  #restUntilMs = -Infinity;

  constructor(view: EndingView, limits: LimitCounter) {
    this.#view = view;
    this.#gone = new Tally(limits);
    this.#shown = new Sweep();
    this.#making = new Sweep();
    this.#judge = new EndingJudge(view);
  }

  /** Wants all flows looked at once more. @param atOnce whatever the one before has cost, for nothing comes any more */
  restart(atOnce: boolean): void {
    this.#isWanted = true;
    if (!atOnce) return;
    this.#next = -1;
    this.#restUntilMs = -Infinity;
  }

  /** Goes on for about `budget`; true when nothing is left to do for now. */
  sweepFor(budget: Milliseconds, now: () => Milliseconds): boolean {
    const started = now();
    if (this.#next < 0) {
      if (!this.#isWanted || started < this.#restUntilMs) return true;
      this.#isWanted = false;
      this.#next = 0;
      this.#making = new Sweep();
      this.#spentMs = 0;
      this.#judge.invalidate();
    }
    const { flows } = this.#view;
    while (this.#next < flows.records) {
      const end = Math.min(flows.records, this.#next + SLICE);
      for (let flow = this.#next as FlowRecord; flow < end; flow++) {
        if (!flows.isLive(flow)) continue;
        const found = this.#look(flow);
        if (found !== undefined) this.#making.note(flow, found.ending, found.failure);
      }
      this.#next = end;
      if (now() >= started + budget && end < flows.records) {
        this.#spentMs += now() - started;
        return false;
      }
    }
    this.#spentMs += now() - started;
    this.#restUntilMs = now() + SHARE * this.#spentMs;
    this.#shown = this.#making;
    this.#next = -1;
    return true;
  }

  /** How a flow has ended by now, looked at anew. Undefined where it is not counted. */
  tell(flow: FlowRecord): ToldEnding | undefined {
    return toldOf(this.#look(flow));
  }

  /** Counts a flow that is about to be let go for good. */
  settle(flow: FlowRecord): ToldEnding | undefined {
    const id = this.#view.flows.id(flow);
    const found = this.#look(flow);
    if (found !== undefined) this.#gone.add(found.ending, found.failure);
    this.#shown.forget(flow, id);
    if (this.#next >= 0) this.#making.forget(flow, id);
    return toldOf(found);
  }

  /** How one flow ended, as the newest whole sweep saw it; `none` where it did not count it. */
  ending(flow: FlowRecord): Ending | 'none' {
    const noted = this.#shown.ending(this.#view.join.primaryFlow(flow));
    return noted < 0 ? 'none' : ENDINGS[noted];
  }

  /** Failures that are kept, what matters first, then in the order of time. */
  failures(): readonly KeptFailure[] {
    const all = [...this.#gone.failures.values(), ...this.#shown.failures.values()];
    return all.sort((a, b) => Number(b.matters) - Number(a.matters) || a.timeNs - b.timeNs || a.id - b.id);
  }

  failure(id: FlowId): KeptFailure | undefined {
    return this.#shown.failures.get(id) ?? this.#gone.failures.get(id);
  }

  report(numbers: ResetNumbers, limit: number = LIMITS.maxOverviewFindings): EndingsReport {
    const counts = Object.fromEntries(
      ENDINGS.map((ending, i) => [ending, this.#gone.counts[i] + this.#shown.counts[i]]),
    ) as Record<Ending, number>;
    const connections = ENDINGS.reduce((sum, ending) => sum + counts[ending], 0);
    const groups = new FailureGroups();
    groups.merge(this.#gone.groups);
    groups.merge(this.#shown.groups);
    const failures = groups.count;
    const failuresThatMatter = groups.matters;
    const listed = groups.list(limit);
    return {
      counts,
      connections,
      failures,
      failuresThatMatter,
      delays: groups.delays,
      headline: headlineOf({
        ...numbers,
        connections,
        failures,
        failuresThatMatter,
        delays: groups.delays,
        clean: counts.clean,
        open: counts.open,
      }),
      allWell: failuresThatMatter === 0 && numbers.resetsThatMatter === 0,
      groups: listed.groups,
      moreGroups: listed.more,
    };
  }

  /** Undefined for a flow that is not counted: one of a connection that another flow stands for, and what nobody can tell an end of. */
  #look(flow: FlowRecord): FoundEnding | undefined {
    const { join } = this.#view;
    if (join.isJoined && join.primaryFlow(flow) !== flow) return undefined;
    const found = this.#judge.judge(flow);
    if (found === undefined) return undefined;
    const { ending } = found;
    const failure =
      found.failure !== null && join.isJoined
        ? withElsewhere(this.#view, flow, found.failure)
        : found.failure;
    return {
      ending: ENDINGS.indexOf(ending),
      failure: failure === null ? null : new ToldFailure(this.#view, flow, failure, this.#servers),
    };
  }
}
