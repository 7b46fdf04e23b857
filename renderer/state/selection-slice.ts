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
  /** Packet (number in the analysis) that is marked in packet lists. */
  readonly packet: number | null;
  readonly packetCursor: number;
}

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
};
