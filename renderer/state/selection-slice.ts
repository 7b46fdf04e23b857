import type { FilteredList } from './lists-slice.ts';
import type { Ranges } from './ranges.ts';

/** What the user is looking at. Rows are known by id; where they stand in a list changes with its order. */
export interface SelectionState {
  /** Reset whose verdict is shown. */
  readonly reset: number | null;
  /** Time of that reset, once it is known. */
  readonly selectedNs: number | null;
  /** Row of the cursor in the list of resets; −1 for none. */
  readonly resetCursor: number;
  /** Failure that is shown, by the flow that it is of. */
  readonly failure: number | null;
  readonly failureCursor: number;
  readonly flow: number | null;
  readonly flowCursor: number;
  /** Flow whose packets are shown. */
  readonly packetsFlow: number | null;
  /** Packet (number in the analysis) under the cursor of packet lists. */
  readonly packet: number | null;
  readonly packetCursor: number;
  /** Row of the cursor in the list of the packets of one flow. */
  readonly flowPacketCursor: number;
  /** Address whose totals are selected, and pair of addresses, by their place among all. */
  readonly address: number | null;
  readonly addressCursor: number;
  readonly pair: number | null;
  readonly pairCursor: number;
  /** Packets that are selected beside it, by number. */
  readonly selectedPackets: Ranges;
  /** Packets that the user marked, by number, ascending. */
  readonly markedPackets: readonly number[];
  /** Packets that the evidence under the pointer rests on; drawings light them up. */
  readonly litPackets: readonly number[];
  /** What evidence points at: a field of a packet, by its name (shared/fields). It holds for that packet alone; null for none. */
  readonly packetField: { readonly packet: number; readonly field: string } | null;
}

/** Where the store keeps what is selected in a list, and where its cursor is. */
export const SELECTED = {
  resets: 'reset',
  failures: 'failure',
  flows: 'flow',
  packets: 'packet',
  addresses: 'address',
  pairs: 'pair',
} as const satisfies Record<FilteredList, keyof SelectionState>;
export const CURSOR = {
  resets: 'resetCursor',
  failures: 'failureCursor',
  flows: 'flowCursor',
  packets: 'packetCursor',
  addresses: 'addressCursor',
  pairs: 'pairCursor',
} as const satisfies Record<FilteredList, keyof SelectionState>;

export const SELECTION_START: SelectionState = {
  reset: null,
  selectedNs: null,
  resetCursor: -1,
  failure: null,
  failureCursor: -1,
  flow: null,
  flowCursor: -1,
  packetsFlow: null,
  packet: null,
  packetCursor: -1,
  flowPacketCursor: -1,
  address: null,
  addressCursor: -1,
  pair: null,
  pairCursor: -1,
  selectedPackets: [],
  markedPackets: [],
  litPackets: [],
  packetField: null,
};
