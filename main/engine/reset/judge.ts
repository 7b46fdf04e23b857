/**
 * The judge: says of every reset who made it, why, and whether it mattered.
 *
 *   observe ─▶ facts, across ─▶ evidence ─▶ combine ─▶ who ─▶ cause, obeyed, matters ─▶ classification
 *                                                                            └▶ texts ─▶ verdict
 *
 * `classify` makes no texts and is what lists and counts use; `judge` makes the whole verdict of one reset and says
 * the same. Both start afresh from the packets, unless it is the reset that was judged last: what is kept between calls
 * are that one's facts, the window of the last flow and the profiles of addresses, which `invalidate` drops.
 */
import type { CauseCode } from '../../../shared/causes/list.ts';
import type { Cause, Obeyed, Verdict } from '../../../shared/model/verdict.ts';
import type { ResetJourney } from '../../../shared/model/join.ts';
import type { KernelWitness } from '../../../shared/model/witness.ts';
import type { Classification } from '../store/verdict-columns.ts';
import { printable } from '../stream/printable.ts';
import { Across } from './across/across.ts';
import type { CauseContext } from './cause/context.ts';
import { findCause, UNKNOWN_CAUSE } from './cause/find-cause.ts';
import { matters } from './cause/matters.ts';
import { obeyedBy } from './cause/obeyed.ts';
import { findBirth, hearVantages, nothingElsewhere } from './elsewhere/elsewhere.ts';
import { journeyOf } from './elsewhere/journey.ts';
import { MOST_OF_PROVEN, isProven } from './cause/proven.ts';
import { withVantages } from './elsewhere/on-path.ts';
import { combine } from './evidence/combine.ts';
import { EvidenceList } from './evidence/evidence-list.ts';
import { tellEvidence, weigh } from './evidence/weigh.ts';
import { EmitterTable } from './observe/emitters.ts';
import { ResetFacts } from './observe/facts.ts';
import { FlowWindow } from './observe/flow-window.ts';
import { observe } from './observe/observe.ts';
import { ServiceTable } from './observe/services.ts';
import { pathOf, resetHops, sideOf } from './observe/place.ts';
import { unacknowledgedOfReceiver, unacknowledgedOfSender } from './observe/unacknowledged.ts';
import type { CaptureView } from './observe/view.ts';
import { sideName } from './phrases.ts';
import { kernelWitness } from './witness/account.ts';
import { nothingHeard, hearWitness, type WitnessSays } from './witness/hear.ts';
import { happeningOf, type Happening, type ResetDescription } from './words/happening.ts';
import { limitationsElsewhere } from './words/elsewhere.ts';
import { labelOf, labelPatternOf, makerOf } from './words/labels.ts';
import { limitationsOf } from './words/limitations.ts';
import { nextStep } from './words/next/next-step.ts';
import { seesOf } from './words/sees.ts';
import { storyOf } from './words/story.ts';
import { summaryOf } from './words/summary.ts';
import { productOf } from './written/products.ts';

/** Cause and what follows from it, of the reset judged last. */
interface Finding {
  cause: Cause;
  obeyed: Obeyed;
  matters: boolean;
}

export class ResetJudge {
  readonly #emitters: EmitterTable;
  readonly #services: ServiceTable;
  readonly #window = new FlowWindow();
  /** The same reset where it was captured nearest to its receiver. */
  readonly #otherWindow = new FlowWindow();
  readonly #otherFacts = new ResetFacts();
  readonly #otherWitness: WitnessSays = nothingHeard();
  /** All that is known of the reset judged last. */
  readonly #context: CauseContext;
  /** That reset, −1 for none, the packets that there were then, and what was found. */
  #judged = -1;
  #judgedOf = -1;
  #finding: Finding = { cause: UNKNOWN_CAUSE, obeyed: 'unknown', matters: false };

  constructor(view: CaptureView) {
    this.#emitters = new EmitterTable(view);
    this.#services = new ServiceTable(view);
    this.#context = {
      view,
      emitters: this.#emitters,
      w: this.#window,
      f: new ResetFacts(),
      across: new Across(view),
      list: new EvidenceList(),
      hints: undefined,
      product: null,
      witness: nothingHeard(),
      elsewhere: nothingElsewhere(),
      kind: 'unknown',
      middlebox: 0.5,
      confidence: 0.5,
    };
  }

  /** More packets were read: forgets what was learned from fewer. */
  invalidate(): void {
    this.#emitters.clear();
    this.#services.clear();
    this.#context.across.clear();
    this.#window.clear();
    this.#otherWindow.clear();
    this.#judged = -1;
  }

  /** The verdict without its texts. */
  classify(reset: number): Classification {
    const { cause, obeyed, matters: important } = this.#find(reset);
    const { f, kind, confidence } = this.#context;
    const ofSender = unacknowledgedOfSender(f);
    const ofReceiver = unacknowledgedOfReceiver(f, kind);
    return {
      kind,
      side: sideOf(f, kind),
      hops: resetHops(f),
      confidence,
      cause: cause.code,
      causeConfidence: cause.confidence,
      family: f.family,
      obeyed,
      matters: important,
      proven: this.#context.elsewhere.isProven,
      idleSeconds: f.idle < 0 ? null : f.idle / 1e9,
      silenceSeconds: f.silence < 0 ? null : f.silence / 1e9,
      unacknowledged: ofSender === null && ofReceiver === null ? null : (ofSender ?? 0) + (ofReceiver ?? 0),
      labelPattern: labelPatternOf(this.#context),
    };
  }

  /** Who made it, for people. */
  label(reset: number): string {
    this.#standing(reset);
    return labelOf(this.#context);
  }

  judge(reset: number): Verdict {
    const finding = this.#standing(reset);
    const context = this.#context;
    const { f, list, kind, confidence } = context;
    const label = labelOf(context);
    const ofSender = unacknowledgedOfSender(f);
    const ofReceiver = unacknowledgedOfReceiver(f, kind);
    const path = withVantages(context, pathOf(context.f, context.kind, makerOf(context)));
    return {
      claimed: sideName(f.sender),
      family: f.family,
      origin: { kind, hops: path.resetHops, side: sideOf(f, kind), label, confidence },
      cause: finding.cause,
      obeyed: finding.obeyed,
      matters: finding.matters,
      unacknowledgedBytes: {
        client: f.sender === 0 ? ofSender : ofReceiver,
        server: f.sender === 1 ? ofSender : ofReceiver,
      },
      idleSeconds: f.idle < 0 ? null : f.idle / 1e9,
      silenceSeconds: f.silence < 0 ? null : f.silence / 1e9,
      evidence: tellEvidence(context, list),
      limitations: [
        ...limitationsElsewhere(context),
        ...limitationsOf(this.#window, f, kind, context.witness.trouble),
      ],
      path,
      sees: seesOf(context, finding.obeyed),
      summary: summaryOf(context, label, finding.cause),
      story: storyOf(context),
      next: nextStep({ c: context, ...finding, path }),
    };
  }

  /** What findings tell of a reset. */
  describe(reset: number): ResetDescription {
    const finding = this.#standing(reset);
    const context = this.#context;
    const path = withVantages(context, pathOf(context.f, context.kind, makerOf(context)));
    return {
      label: labelOf(context),
      next: nextStep({ c: context, ...finding, path }),
      happening: this.happening(finding.cause.code),
    };
  }

  /** What happened as one event around the reset judged last. */
  happening(cause: CauseCode): Happening | null {
    return happeningOf(this.#context, cause);
  }

  /** Where it was seen on its way, of the reset judged last; null where one capture holds its connection. */
  get journey(): ResetJourney | null {
    return journeyOf(this.#context.view, this.#context.elsewhere);
  }

  /** What the kernel says of the reset judged last. */
  get kernelWitness(): KernelWitness | null {
    return kernelWitness(this.#context.witness);
  }

  /** What the receiver did with it: told best by the capture nearest to it. */
  #obeyed(): Obeyed {
    const { view, w, f, witness, elsewhere } = this.#context;
    const { event, stopped } = elsewhere;
    if (stopped !== undefined) return 'ignored';
    const nearest = event?.sightings.at(-1);
    if (nearest === undefined || nearest.flow === f.flow) return obeyedBy(w, f, witness.word);
    observe(view, this.#emitters, this.#services, this.#otherWindow, this.#otherFacts, nearest.reset);
    hearWitness(view, this.#otherFacts, this.#otherWitness);
    return obeyedBy(this.#otherWindow, this.#otherFacts, this.#otherWitness.word);
  }

  /** The same where it was done for that reset just now: texts are mostly made right after the verdict, which then stands. */
  #standing(reset: number): Finding {
    const isDone = this.#judged === reset && this.#judgedOf === this.#context.view.packets.next;
    return isDone ? this.#finding : this.#find(reset);
  }

  /** Observes and weighs one reset; leaves the results in the context. */
  #find(reset: number): Finding {
    const context = this.#context;
    const { view, list, w, f } = context;
    observe(view, this.#emitters, this.#services, w, f, reset);
    context.across.observe(w, f);
    context.hints = view.hints(f.flow);
    const payload = view.resets.payload(reset);
    const text = payload === undefined ? null : (printable(payload, 0, payload.length) ?? null);
    hearWitness(view, f, context.witness);
    hearVantages(view, f, context.elsewhere);
    context.product = productOf(f, payload, text, synWindow(w, f));
    weigh(context, list);
    combine(list, f.family, context);
    findBirth(context.elsewhere, context.kind);
    context.elsewhere.isProven = isProven(context);
    if (context.elsewhere.isProven) context.confidence = MOST_OF_PROVEN;
    const cause = findCause(context);
    const obeyed = this.#obeyed();
    this.#finding = { cause, obeyed, matters: matters(context, cause.code, obeyed) };
    this.#judged = reset;
    this.#judgedOf = view.packets.next;
    return this.#finding;
  }
}

/** Window of the sender's SYN or SYN-ACK, −1 where it was not seen. */
function synWindow(w: FlowWindow, f: ResetFacts): number {
  const syn = f.synAckAt >= 0 && w.from[f.synAckAt] === f.sender ? f.synAckAt : f.synAt;
  return syn >= 0 && w.from[syn] === f.sender ? w.window[syn] : -1;
}
