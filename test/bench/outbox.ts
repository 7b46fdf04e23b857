/**
 * The packets that one flow is about to send, as numbers in columns: a flow plans a round (a window of data
 * and its acknowledgements, say) at once, and the round is then merged with those of all other flows by time.
 */

const CAPACITY = 160;

export const PROTOCOL_TCP = 0;
export const PROTOCOL_UDP = 1;
export const PROTOCOL_ICMP_UNREACHABLE = 2;

export const OPTIONS_NONE = 0;
export const OPTIONS_TIMESTAMPS = 1;
/** MSS, SACK permitted, window scale, and timestamps where the flow has them. */
export const OPTIONS_SYN = 2;
export const OPTIONS_SACK = 3;

/** One packet as a flow describes it. Reused: `Outbox.add` copies it. */
export interface Draft {
  /** Seconds since the capture's start. */
  time: number;
  /** 0 from the client, 1 from the server. */
  from: number;
  protocol: number;
  seq: number;
  ack: number;
  flags: number;
  payloadAt: number;
  payloadLength: number;
  window: number;
  ttl: number;
  ipId: number;
  dontFragment: boolean;
  options: number;
  sackLeft: number;
  sackRight: number;
  tsValue: number;
  tsEcho: number;
}

/**
 * Invariants: packets [next, count) are still to be sent, in the order of `order`, times ascending once
 * `sort` was called; a round never holds more than CAPACITY packets.
 */
export class Outbox {
  readonly #drafts: Draft[] = Array.from({ length: CAPACITY }, emptyDraft);
  #count = 0;
  #next = 0;

  get empty(): boolean {
    return this.#next === this.#count;
  }

  get nextTime(): number {
    return this.#drafts[this.#next].time;
  }

  clear(): void {
    this.#count = 0;
    this.#next = 0;
  }

  /** The slot for one more packet; whatever it held before has to be overwritten. */
  add(): Draft {
    if (this.#count === CAPACITY) throw new Error('a round of a flow holds too many packets');
    return this.#drafts[this.#count++];
  }

  take(): Draft {
    return this.#drafts[this.#next++];
  }

  /** Insertion sort: stable, and rounds are almost sorted as they are planned. */
  sort(): void {
    const drafts = this.#drafts;
    for (let i = this.#next + 1; i < this.#count; i++) {
      const moving = drafts[i];
      let to = i;
      while (to > this.#next && drafts[to - 1].time > moving.time) {
        drafts[to] = drafts[to - 1];
        to--;
      }
      drafts[to] = moving;
    }
  }
}

function emptyDraft(): Draft {
  return {
    time: 0.5, // a fraction keeps the field a double from the start
    from: 0,
    protocol: 0,
    seq: 0,
    ack: 0,
    flags: 0,
    payloadAt: 0,
    payloadLength: 0,
    window: 0,
    ttl: 0,
    ipId: 0,
    dontFragment: true,
    options: 0,
    sackLeft: 0,
    sackRight: 0,
    tsValue: 0,
    tsEcho: 0,
  };
}
