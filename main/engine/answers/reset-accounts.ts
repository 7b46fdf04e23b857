/**
 * Everything there is to say of one reset: its account (verdict, evidence, kernel's word, socket owners), and the detail with
 * the packets around it. Made of packets and flow while the verdict is open, then read from what was settled.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { CauseCode } from '../../../shared/causes/list.ts';
import type { Burst, ResetAccount, ResetDetail } from '../../../shared/model/capture.ts';
import { countText } from '../../../shared/format/count.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import type { Evidence, EvidenceFrames } from '../../../shared/model/verdict.ts';
import type { SocketOwner } from '../../../shared/model/witness.ts';
import type { ResetJudge } from '../reset/judge.ts';
import type { Happening, ResetDescription } from '../reset/words/happening.ts';
import { resetWords } from '../reset/written/reset-words.ts';
import type { CaptureView } from '../reset/observe/view.ts';
import type { FlowView } from './flow-view.ts';
import { packetsAround } from './packet-view.ts';
import type { PacketStores } from './packet-view.ts';
import type { ResetView } from './reset-view.ts';
import type { HintedAccount, SettledResets } from './settled-resets.ts';

/** Packets shown before and after a reset in its detail. */
const CONTEXT_BEFORE = 12;
const CONTEXT_AFTER = 8;

export class ResetAccounts {
  readonly #view: CaptureView & PacketStores;
  readonly #flowView: FlowView;
  readonly #resetView: ResetView;
  readonly #settled: SettledResets;
  readonly #judge: ResetJudge;

  constructor(
    view: CaptureView & PacketStores,
    flowView: FlowView,
    resetView: ResetView,
    settled: SettledResets,
    judge: ResetJudge,
  ) {
    this.#view = view;
    this.#flowView = flowView;
    this.#resetView = resetView;
    this.#settled = settled;
    this.#judge = judge;
  }

  /** Who sent it and what to do next, for people; of any reset that is known. */
  describe(reset: number): ResetDescription {
    return this.#settled.get(reset) ?? this.#judge.describe(reset);
  }

  /** Of the record that stands for a reset, whichever of its records is asked for. Does not walk the flow, so that reports can ask for all resets. Undefined where the reset or its account was let go. */
  find(sighting: number): HintedAccount | undefined {
    const reset = this.#view.join.primary(sighting);
    const settled = this.#settled.get(reset);
    if (settled !== undefined) {
      return settled.account === null ? undefined : (JSON.parse(settled.account) as HintedAccount);
    }
    const isOpen = reset >= this.#settled.to && reset < this.#view.resets.count;
    return isOpen ? this.fresh(reset) : undefined;
  }

  /** The same with the packets around it, and those that the evidence rests on, as far as they are kept. */
  detail(sighting: number): ResetDetail | undefined {
    const reset = this.#view.join.primary(sighting);
    const found = this.find(reset);
    if (found === undefined) return undefined;
    const { account, hints } = found;
    const isInLog = reset >= this.#view.resets.first;
    return { ...account, hints, packets: isInLog ? this.#context(reset, account) : [] };
  }

  /** Judged now; of a reset whose verdict is open. */
  fresh(reset: number): HintedAccount {
    const verdict = this.#judge.judge(reset);
    const witness = this.#judge.kernelWitness;
    const journey = this.#judge.journey;
    const flow = this.#resetView.flow(reset);
    const payload = this.#view.resets.payload(reset);
    const burst = this.#burst(reset);
    const account: ResetAccount = {
      row: this.#resetView.row(reset),
      flow: this.#flowView.row(flow),
      verdict:
        burst === null ? verdict : { ...verdict, limitations: [burstText(burst), ...verdict.limitations] },
      payloadText: payload === undefined ? null : resetWords(payload),
      burst,
      tunnel: this.#flowView.tunnel(flow),
      evidence: verdict.evidence.map((evidence) => this.#withFrames(evidence)),
      witness,
      journey,
      owners: { client: this.#owner(flow, 0, reset), server: this.#owner(flow, 1, reset) },
    };
    return { account, hints: this.#view.hints(flow) ?? null };
  }

  #withFrames({ code, family, favours, weight, packets, text }: Evidence): Evidence & EvidenceFrames {
    const { frames, files } = this.#view.packets.framesOf(packets);
    return { code, family, favours, weight, packets, text, frames, files };
  }

  #burst(reset: number): Burst | null {
    const { resets, packets } = this.#view;
    const count = resets.members(reset);
    if (count === 1) return null;
    return { count, lastFrame: packets.frame(resets.lastPacket(reset)), lastNs: resets.lastTime(reset) };
  }

  /** Of the reset that was judged last. */
  happening(cause: CauseCode): Happening | null {
    return this.#judge.happening(cause);
  }

  /** Who owns the socket at that end of the flow, where it is one of the capturing machine. */
  #owner(flow: FlowRecord, side: 0 | 1, reset: number): SocketOwner | null {
    const flowView = this.#flowView;
    const { packets, witness } = this.#view;
    if (witness.owners.count === 0) return null;
    const timeline = this.#view.timelineOf(packets.file(this.#resetView.packet(reset)));
    const address = flowView.address(flow, side);
    return witness.owners.owner(
      timeline,
      flowView.ipVersion(flow),
      address,
      flowView.port(flow, side),
      flowView.endpoint(flow, side === 0 ? 1 : 0),
      witness.isOwn(timeline, address),
    );
  }

  #context(reset: number, account: ResetAccount): readonly PacketRow[] {
    return packetsAround(
      this.#view,
      this.#resetView.flow(reset),
      this.#resetView.packet(reset),
      [CONTEXT_BEFORE, CONTEXT_AFTER],
      account.evidence.flatMap((evidence) => evidence.packets),
    );
  }
}

function burstText({ count, lastFrame }: Burst): string {
  return (
    `This stands for ${countText(count)} resets of the connection, up to packet ${countText(lastFrame)}: they come from the ` +
    'same side with the same flags and TTL, and the first of them was judged.'
  );
}
