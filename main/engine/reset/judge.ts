/**
 * The judge: says of every reset who made it, why, and whether it mattered.
 *
 *   observe ─▶ facts ─▶ evidence ─▶ combine ─▶ who ─▶ cause, obeyed, matters ─▶ classification
 *                                                                            └▶ texts ─▶ verdict
 *
 * `classify` makes no texts and is what lists and counts use; `judge` makes the whole verdict of one reset and says
 * the same. Both start afresh from the packets: what is kept between calls are the window of the last flow and the
 * profiles of addresses, which `invalidate` drops.
 */
import type { Cause, Evidence, Obeyed, ResetFamily, Verdict } from '../../../shared/model/verdict.ts';
import type { KernelWitness } from '../../../shared/model/witness.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import { RST_MPTCP_REASON, RST_TS_VALUE } from '../store/reset-log.ts';
import type { Classification } from '../store/verdict-columns.ts';
import { printable } from '../stream/printable.ts';
import type { CauseContext } from './cause/context.ts';
import { findCause } from './cause/find-cause.ts';
import { combine } from './evidence/combine.ts';
import type { Combined } from './evidence/combine.ts';
import { deviceOf } from './evidence/devices.ts';
import { EmitterTable } from './observe/emitters.ts';
import { aftermathEvidence } from './evidence/aftermath.ts';
import { codeEvidence } from './evidence/code.ts';
import { EvidenceList } from './evidence/evidence-list.ts';
import { evidenceText } from './evidence/evidence-text.ts';
import { headerEvidence } from './evidence/header.ts';
import { localEvidence } from './evidence/local.ts';
import { sequenceEvidence } from './evidence/sequence.ts';
import { idleOf, timingEvidence } from './evidence/timing.ts';
import { ResetFacts } from './observe/facts.ts';
import { FlowWindow } from './observe/flow-window.ts';
import type { KernelCode } from './kernel/words.ts';
import { kernelEvidence, kernelEvidenceText, kernelWitness } from './kernel/words.ts';
import { testify } from './kernel/testimony.ts';
import { labelOf, sideName } from './words/labels.ts';
import { limitationsOf } from './words/limitations.ts';
import { matters } from './cause/matters.ts';
import { nextStep } from './words/next-step.ts';
import { obeyedBy } from './cause/obeyed.ts';
import { observe } from './observe/observe.ts';
import { pathOf, resetHops, sideOf } from './observe/place.ts';
import { summaryOf } from './words/summary.ts';
import { unacknowledgedOfReceiver, unacknowledgedOfSender } from './observe/unacknowledged.ts';
import type { CaptureView } from './observe/view.ts';
import type { EvidenceCode, Weight } from './evidence/weights.ts';
import { WEIGHTS } from './evidence/weights.ts';

/** Cause and what follows from it, of the reset judged last. */
interface Finding {
  cause: Cause;
  obeyed: Obeyed;
  matters: boolean;
}

export class ResetJudge {
  readonly #view: CaptureView;
  readonly #emitters: EmitterTable;
  readonly #window = new FlowWindow();
  readonly #facts = new ResetFacts();
  readonly #list = new EvidenceList();
  readonly #combined: Combined = { kind: 'unknown', middlebox: 0.5, confidence: 0.5 };
  readonly #context: CauseContext;

  constructor(view: CaptureView) {
    this.#view = view;
    this.#emitters = new EmitterTable(view);
    this.#context = {
      view,
      emitters: this.#emitters,
      w: this.#window,
      f: this.#facts,
      list: this.#list,
      hints: undefined,
      device: null,
      testimony: { word: 'none', isOwn: false, said: null, trouble: undefined },
      kind: 'unknown',
      middlebox: 0.5,
    };
  }

  /** More packets were read: forgets what was learned from fewer. */
  invalidate(): void {
    this.#emitters.clear();
    this.#window.clear();
  }

  /** The verdict without its texts. */
  classify(reset: number): Classification {
    const { cause, obeyed, matters: important } = this.#find(reset);
    const f = this.#facts;
    const { kind, confidence } = this.#combined;
    const ofSender = unacknowledgedOfSender(f);
    const ofReceiver = unacknowledgedOfReceiver(f);
    return {
      kind,
      side: sideOf(f, kind),
      hops: resetHops(f),
      confidence,
      cause: cause.code,
      family: f.family,
      obeyed,
      matters: important,
      idleSeconds: f.idle < 0 ? null : f.idle / 1e9,
      silenceSeconds: idleOf(f) < 0 ? null : idleOf(f) / 1e9,
      unacknowledged: ofSender === null && ofReceiver === null ? null : (ofSender ?? 0) + (ofReceiver ?? 0),
    };
  }

  /** Who made it, for people. */
  label(reset: number): string {
    this.#find(reset);
    return labelOf(this.#view, this.#facts, this.#list, this.#combined.kind, this.#context.device);
  }

  judge(reset: number): Verdict {
    const finding = this.#find(reset);
    const f = this.#facts;
    const { kind, confidence } = this.#combined;
    const label = labelOf(this.#view, f, this.#list, kind, this.#context.device);
    const ofSender = unacknowledgedOfSender(f);
    const ofReceiver = unacknowledgedOfReceiver(f);
    const path = pathOf(f, kind);
    return {
      claimed: sideName(f.sender),
      family: f.family satisfies ResetFamily,
      origin: { kind, hops: path.resetHops, side: sideOf(f, kind), label, confidence },
      cause: finding.cause,
      obeyed: finding.obeyed,
      matters: finding.matters,
      unacknowledgedBytes: {
        client: f.sender === 0 ? ofSender : ofReceiver,
        server: f.sender === 1 ? ofSender : ofReceiver,
      },
      idleSeconds: f.idle < 0 ? null : f.idle / 1e9,
      evidence: this.#evidence(),
      limitations: limitationsOf(this.#window, f, kind, this.#context.testimony.trouble),
      path,
      summary: summaryOf(this.#context, label, confidence, finding.cause),
      next: nextStep(this.#context, finding.cause, path),
    };
  }

  /** What the kernel says of the reset judged last. */
  get kernelWitness(): KernelWitness | null {
    return kernelWitness(this.#context.testimony);
  }

  /** Observes and weighs one reset; leaves the results in the fields. */
  #find(reset: number): Finding {
    const view = this.#view;
    const f = this.#facts;
    const w = this.#window;
    const list = this.#list;
    observe(view, this.#emitters, w, f, reset);
    const hints = view.hints(f.flow);
    const payload = view.resets.payload(reset);
    const text = payload === undefined ? null : (printable(payload, 0, payload.length) ?? null);
    const syn = f.synAckAt >= 0 && w.from[f.synAckAt] === f.sender ? f.synAckAt : f.synAt;
    const synWindow = syn >= 0 && w.from[syn] === f.sender ? w.window[syn] : -1;
    const device = deviceOf(f, payload, text, synWindow);
    testify(view, f, this.#context.testimony);
    this.#weigh(hints, device);
    combine(list, f.family, this.#combined);
    const context = this.#context;
    context.hints = hints;
    context.device = device;
    context.kind = this.#combined.kind;
    context.middlebox = this.#combined.middlebox;
    const cause = findCause(context);
    const obeyed = obeyedBy(w, f, context.testimony.word);
    return { cause, obeyed, matters: matters(f, this.#emitters, context.kind, cause.code, obeyed) };
  }

  #weigh(hints: FlowHints | undefined, device: CauseContext['device']): void {
    const f = this.#facts;
    const list = this.#list;
    const record = this.#view.resets;
    list.clear();
    headerEvidence(this.#view, this.#window, f, list, record.get(f.reset, RST_TS_VALUE));
    sequenceEvidence(this.#window, f, list);
    aftermathEvidence(this.#window, f, list);
    timingEvidence(this.#window, f, hints, list);
    localEvidence(f, list);
    kernelEvidence(this.#context.testimony, f, list);
    codeEvidence(f, device, record.get(f.reset, RST_MPTCP_REASON), list);
  }

  /** The evidence with its texts, the weightiest first. */
  #evidence(): Evidence[] {
    const { codes, first, second, count } = this.#list;
    const w = this.#window;
    const mptcpReason = this.#view.resets.get(this.#facts.reset, RST_MPTCP_REASON);
    const found: Evidence[] = [];
    for (let i = 0; i < count; i++) {
      const code = codes[i];
      const { family, weight }: Weight = WEIGHTS[code];
      const packets: number[] = [];
      if (first[i] >= 0) packets.push(w.packet[first[i]]);
      if (second[i] >= 0 && second[i] !== first[i]) packets.push(w.packet[second[i]]);
      if (!packets.includes(this.#facts.packet)) packets.push(this.#facts.packet);
      found.push({
        code,
        family,
        favours: weight > 0 ? 'middlebox' : 'endpoint',
        weight: Math.abs(weight),
        packets,
        text: isOfKernel(code)
          ? kernelEvidenceText(code, this.#context.testimony, this.#facts)
          : evidenceText(code, w, this.#facts, first[i], mptcpReason),
      });
    }
    return found.sort((a, b) => b.weight - a.weight);
  }
}

function isOfKernel(code: EvidenceCode): code is KernelCode {
  return WEIGHTS[code].family === 'kernel';
}
