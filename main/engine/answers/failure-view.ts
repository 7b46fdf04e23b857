/** What hosts ask about endings: the report over all of them, windows of failures, and one failure with its packets. */
import type { FlowId, FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import type {
  EndingsReport,
  FailureAccount,
  FailureDetail,
  FailureRow,
} from '../../../shared/model/failure.ts';
import type { EndingBook } from '../endings/book.ts';
import { accountOf } from '../endings/failure-log.ts';
import type { CaptureTotals } from './capture-totals.ts';
import { failureStory } from './failure-story.ts';
import { packetsAround } from './packet-view.ts';
import type { PacketStores } from './packet-view.ts';

/** Packets shown before and after the failure. */
const CONTEXT = 12;

/** Of packets and flows, and what times count from; the epoch is undefined before the first packet. */
export type FailureStores = PacketStores & { readonly clock: { readonly epochNs: bigint | undefined } };

export class FailureView {
  readonly #book: EndingBook;
  readonly #stores: FailureStores;
  readonly #totals: CaptureTotals;

  constructor(book: EndingBook, stores: FailureStores, totals: CaptureTotals) {
    this.#book = book;
    this.#stores = stores;
    this.#totals = totals;
  }

  report(): EndingsReport {
    return this.#book.report(this.#totals.resetNumbers());
  }

  get count(): number {
    return this.#book.failures().length;
  }

  /** Flows of those that are kept, what matters first, then in the order of time. */
  ids(): Uint32Array {
    return Uint32Array.from(this.#book.failures(), ({ id }) => id);
  }

  /** Flow and moment of each, without its texts. */
  times(): readonly { readonly id: number; readonly timeNs: number }[] {
    return this.#book.failures();
  }

  /** All that are kept, in the same order, each read out of its text when it is its turn. */
  *eachAccount(): Generator<FailureAccount> {
    for (const failure of this.#book.failures()) yield accountOf(failure);
  }

  /** The rows of the same. */
  *eachRow(): Generator<FailureRow> {
    for (const { row } of this.eachAccount()) yield row;
  }

  /** A window of the same. */
  rows(from: number, count: number): FailureRow[] {
    return this.#book
      .failures()
      .slice(from, from + count)
      .map((one) => accountOf(one).row);
  }

  /** Undefined where that flow has no failure, or its account did not fit. */
  row(id: FlowId): FailureRow | undefined {
    const kept = this.#book.failure(id);
    return kept === undefined ? undefined : accountOf(kept).row;
  }

  /** Undefined where that flow has no failure, or its account did not fit. */
  detail(id: FlowId): FailureDetail | undefined {
    const kept = this.#book.failure(id);
    if (kept === undefined) return undefined;
    const { flows, flowView } = this.#stores;
    const flow = flows.flowOf(id);
    const isKnown = flow >= 0;
    const account = accountOf(kept);
    return {
      ...account,
      flow: isKnown ? flowView.row(flow) : null,
      hints: isKnown ? (this.#stores.hints(flow) ?? null) : null,
      story: isKnown
        ? failureStory(flowView.row(flow), this.#stores.hints(flow) ?? null, this.#stores.clock.epochNs)
        : '',
      packets: isKnown ? this.#context(flow, kept.packet, account.evidence) : [],
    };
  }

  #context(
    flow: FlowRecord,
    packet: PacketNumber,
    evidence: FailureDetail['evidence'],
  ): FailureDetail['packets'] {
    const shown = evidence.flatMap((one) => one.packets);
    return packetsAround(this.#stores, flow, packet, [CONTEXT, CONTEXT], shown);
  }
}
