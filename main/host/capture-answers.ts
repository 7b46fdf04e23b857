/** Answers about the whole capture, or about what passes a filter: overview, findings, the strip of time. */
import { inSlices } from '../../shared/base/steps.ts';
import type { MethodResult, Params } from '../../shared/contract/methods.ts';
import { countTimeline } from '../engine/answers/timeline.ts';
import type { Session } from '../engine/session.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { ListCache } from './lists.ts';

const MAX_OVERVIEW_BUCKETS = 2000;
/** Answers of each kind that are kept: of the filters and stretches of time that a person switches between. */
const MAX_KEPT = 4;

type Overview = MethodResult<'capture.overview'>;
type Findings = MethodResult<'capture.findings'>;
type Timeline = MethodResult<'capture.timeline'>;

export class CaptureAnswers {
  readonly #session: Session;
  readonly #lists: ListCache;
  readonly #overviews: KeptAnswers<Overview>;
  readonly #findings: KeptAnswers<Findings>;
  readonly #timelines: KeptAnswers<Timeline>;

  /** @param lists where the resets and packets that pass a filter come from */
  constructor(session: Session, lists: ListCache) {
    this.#session = session;
    this.#lists = lists;
    this.#overviews = new KeptAnswers(session, MAX_KEPT);
    this.#findings = new KeptAnswers(session, MAX_KEPT);
    this.#timelines = new KeptAnswers(session, MAX_KEPT);
  }

  overview({ buckets, filter }: Params<'capture.overview'>, signal: AbortSignal): Promise<Overview> {
    const most = Math.max(1, Math.min(MAX_OVERVIEW_BUCKETS, Math.floor(buckets)));
    return this.#overviews.get(`${most} ${filter}`, signal, async (breathe) => {
      const ids = await this.#lists.resets('frame', 'ascending', filter, signal);
      return inSlices(this.#session.overviewSteps(ids, most, filter.trim() === ''), breathe);
    });
  }

  findings({ from, count }: Params<'capture.findings'>, signal: AbortSignal): Promise<Findings> {
    return this.#findings.get(`${from} ${count}`, signal, async (breathe) => {
      const ids = await this.#lists.resets('frame', 'ascending', '', signal);
      return inSlices(this.#session.findingSteps(ids, count, true, from), breathe);
    });
  }

  async timeline(
    { filter, fromNs, toNs, buckets }: Params<'capture.timeline'>,
    signal: AbortSignal,
  ): Promise<Timeline> {
    const session = this.#session;
    // Somebody wants what the filter has not looked at yet, whether or not the answer is made anew.
    const packets = await this.#lists.passing(filter, signal);
    return this.#timelines.get(`${fromNs} ${toNs} ${buckets} ${filter}`, signal, async (breathe) => {
      const resets = await this.#lists.resets('frame', 'ascending', filter, signal);
      const failures = await this.#lists.failureTimes(filter, signal);
      return countTimeline(session, { packets, resets, failures }, fromNs, toNs, buckets, breathe);
    });
  }

  /** The analysis ended: what was kept for being fresh enough is no longer. */
  clear(): void {
    this.#overviews.clear();
    this.#findings.clear();
    this.#timelines.clear();
  }
}
