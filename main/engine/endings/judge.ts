/**
 * One flow → how it ended, and what failed. The record tells for nearly all; only those that look as if they failed have their
 * packets walked (`isSuspect`).
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { FlowHints } from '../../../shared/model/hints.ts';
import type { EndingCase, EndingRule, FoundEnding } from './found.ts';
import { only } from './found.ts';
import { closedEarly } from './kinds/closed-early.ts';
import { cutShort } from './kinds/cut-short.ts';
import { dnsQuestion } from './kinds/dns.ts';
import { halfOpen } from './kinds/half-open.ts';
import { handshakeFailed } from './kinds/handshake-failed.ts';
import { noGreeting } from './kinds/no-greeting.ts';
import { lateAnswer, noAnswer } from './kinds/no-answer.ts';
import { blackHole, gotOver, zeroWindow } from './kinds/stalled.ts';
import { unreachable } from './kinds/unreachable.ts';
import { wentSilent } from './kinds/went-silent.ts';
import { FlowOutline } from './outline.ts';
import { plainEnding, resetEnding } from './plain.ts';
import { PORT_DNS } from '../stream/dns.ts';
import { type Segment, segmentsOf, withoutCopies } from './segments.ts';
import { Surroundings } from './surroundings.ts';
import { isSuspect } from './suspect.ts';
import type { EndingView } from './view.ts';

/** The first that holds names the ending, so the more specific stand before the more general. */
const TCP_RULES: readonly EndingRule[] = [
  unreachable,
  noAnswer,
  halfOpen,
  blackHole,
  wentSilent,
  handshakeFailed,
  cutShort,
  closedEarly,
  noGreeting,
  zeroWindow,
  lateAnswer,
  gotOver,
];
const UDP_RULES: readonly EndingRule[] = [unreachable, dnsQuestion];

export class EndingJudge {
  readonly #view: EndingView;
  readonly #around: Surroundings;
  readonly #outline = new FlowOutline();

  constructor(view: EndingView) {
    this.#view = view;
    this.#around = new Surroundings(view);
  }

  /** Forgets what it learned of other flows. */
  invalidate(): void {
    this.#around.clear();
  }

  /** @returns undefined for datagrams whose protocol is not known: nobody can say whether an answer was due */
  judge(flow: FlowRecord): FoundEnding | undefined {
    const outline = this.#outline;
    outline.bind(this.#view.flows, flow);
    if (!outline.isTcp) {
      const isAsked = outline.serverPort === PORT_DNS || outline.hasIcmpError;
      return isAsked ? firstOf(UDP_RULES, this.#case(flow)) : undefined;
    }
    const hints = this.#view.hints(flow);
    const byReset = resetEnding(outline);
    if (byReset !== undefined) return only(byReset);
    if (!isSuspect(outline, hints, this.#view.packets)) return only(plainEnding(outline));
    return firstOf(TCP_RULES, this.#case(flow)) ?? only(plainEnding(outline));
  }

  #case(flow: FlowRecord): EndingCase {
    return new FlowCase(this.#view, this.#around, flow, this.#outline);
  }
}

/** Names and addresses are made as they are asked for: most flows that look as if they failed did not. */
class FlowCase implements EndingCase {
  readonly view: EndingView;
  readonly around: Surroundings;
  readonly flow: FlowRecord;
  readonly outline: FlowOutline;
  readonly hints: FlowHints | undefined;
  readonly endNs: number;
  readonly segments: readonly Segment[];

  constructor(view: EndingView, around: Surroundings, flow: FlowRecord, outline: FlowOutline) {
    this.view = view;
    this.around = around;
    this.flow = flow;
    this.outline = outline;
    this.hints = view.hints(flow);
    this.endNs = view.timelineEndNs(view.packets.file(outline.firstPacket));
    const segments = segmentsOf(view.packets, outline.lastPacket);
    this.segments = outline.isTcp ? segments : withoutCopies(view.packets, segments);
  }

  get client(): string {
    return endpointText(this.clientAddress, this.outline.clientPort);
  }

  get server(): string {
    return endpointText(this.serverAddress, this.outline.serverPort);
  }

  get clientAddress(): string {
    return this.view.addressText(this.flow, 0);
  }

  get serverAddress(): string {
    return this.view.addressText(this.flow, 1);
  }
}

function firstOf(rules: readonly EndingRule[], c: EndingCase): FoundEnding | undefined {
  for (const rule of rules) {
    const found = rule(c);
    if (found !== undefined) return found;
  }
  return undefined;
}
