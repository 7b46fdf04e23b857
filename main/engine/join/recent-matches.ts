/** The matches that were asked for last: views and verdicts ask for the same few again and again. */
import type { PacketMatch } from './join-view.ts';

const MOST_MATCHES = 16;
/** Packets of both flows that all of them may have, 8 bytes each; a larger match is kept only by itself. */
const MOST_PACKETS = 1 << 20;

export class RecentMatches {
  /** By row of the pair of flows, the one that was asked for last at the end. */
  readonly #matches = new Map<number, PacketMatch>();
  #packets = 0;

  clear(): void {
    this.#matches.clear();
    this.#packets = 0;
  }

  get(row: number): PacketMatch | undefined {
    const match = this.#matches.get(row);
    if (match === undefined) return undefined;
    this.#matches.delete(row);
    this.#matches.set(row, match);
    return match;
  }

  add(row: number, match: PacketMatch): void {
    this.#matches.set(row, match);
    this.#packets += packetsOf(match);
    for (const [oldest, old] of this.#matches) {
      if (this.#matches.size <= MOST_MATCHES && this.#packets <= MOST_PACKETS) return;
      if (this.#matches.size === 1) return;
      this.#matches.delete(oldest);
      this.#packets -= packetsOf(old);
    }
  }
}

function packetsOf({ ours, theirs }: PacketMatch): number {
  return ours.length + theirs.length;
}
