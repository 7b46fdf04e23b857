/**
 * From where on a connection is no longer one between its two ends: something between two vantages has sent a reset of its own. What it
 * sends besides is missing at one vantage, and what it stops at the other, and neither tells how the captures lose packets.
 */

/** Packets of one connection at a vantage, by index. */
export interface VantagePackets {
  readonly count: number;
  /** Counterpart of each packet at the other vantage; negative for none. */
  readonly counterparts: Int32Array;
  /** Whether it is a reset of the connection, neither quoted nor a second capture. */
  isReset(at: number): boolean;
  direction(at: number): 0 | 1;
}

/** Indices from which on nothing is counted; the counts where nothing is between. */
export type TakenOver = readonly [first: number, second: number];

/** The last packet of the way of the first reset that only one vantage has, before that reset, is the last that surely is of the claimed sender. */
export function takenOver(first: VantagePackets, second: VantagePackets): TakenOver {
  const ofFirst = lastGenuine(first);
  const ofSecond = lastGenuine(second);
  return [
    Math.min(ofFirst?.[0] ?? first.count, ofSecond?.[1] ?? first.count),
    Math.min(ofFirst?.[1] ?? second.count, ofSecond?.[0] ?? second.count),
  ];
}

/** What follows it at either vantage: where that begins here, and there. */
function lastGenuine(packets: VantagePackets): readonly [here: number, there: number] | undefined {
  const after: [number, number][] = [
    [0, 0],
    [0, 0],
  ];
  for (let at = 0; at < packets.count; at++) {
    const direction = packets.direction(at);
    const other = packets.counterparts[at];
    if (other >= 0) after[direction] = [at + 1, other + 1];
    else if (packets.isReset(at)) return after[direction];
  }
  return undefined;
}
