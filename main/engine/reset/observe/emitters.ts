/**
 * What is known of an address from all of its flows: the TTLs that it sends with, and how it behaves as a client.
 * One address may be served by several stacks (a load balancer that answers handshakes, a translator, a farm), so a
 * set of TTLs is kept and not one.
 *
 * A profile is learned over the flows of the same timeline, LIMITS.maxEmitterFlows at most, from the flows' own summaries: no
 * packet is touched. It is kept until `clear`.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import {
  FLOW_BITS,
  FLOW_DUPLICATED,
  HANDSHAKE_RTT,
  LAST_RESET,
  META,
  PORTS,
  RESETS,
  SEEN,
  SEEN_FIN,
  SEEN_RST,
  SEEN_SYN,
  SENT_PACKETS,
  SYN_ACK_US,
  TTLS,
  isTcp,
} from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import { RST_IDLE, RST_PREVIOUS_RESET } from '../../store/reset-log.ts';
import type { FlowTable } from '../../flow/flow-table.ts';
import type { CaptureView } from './view.ts';

const MOST_TTLS = 8;
/** Resets of one flow that are looked at: a client tries again a few times. */
const REFUSALS_OF_FLOW = 4;

export interface AddressProfile {
  /** Flows in which the address sent anything but resets. */
  readonly flows: number;
  /** Packets it sent in them. */
  readonly packets: number;
  /** Distinct TTLs, and in how many flows each was seen. */
  readonly ttls: Uint8Array;
  readonly ttlFlows: Uint16Array;
  readonly ttlCount: number;
  /** Fastest handshake of the flows that show one TTL alone, by TTL, ns; −1 for none. */
  readonly ttlRoundTrips: Float64Array;
  /** As a client: flows with a SYN, those that carried no payload either way, and the server ports it tried. */
  readonly clientFlows: number;
  readonly emptyFlows: number;
  readonly triedPorts: number;
  /** Flows in which it is the server. */
  readonly serverFlows: number;
  /** Fastest answer of its stack in a handshake, from the capture and back, ns (−1: none seen), and how many were seen. */
  readonly roundTrip: number;
  readonly roundTrips: number;
}

/** Resets with one TTL in the name of an address that showed nothing else in their flows. */
export interface Refusals {
  readonly ttl: number;
  readonly count: number;
  /** Delays behind what they answer, ns; Infinity and −1 where none is known. */
  readonly fastest: number;
  readonly slowest: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export class EmitterTable {
  readonly #profiles = new Map<string | number, AddressProfile>();
  readonly #view: CaptureView;
  readonly #ttls = new Uint8Array(MOST_TTLS);
  readonly #ttlFlows = new Uint16Array(MOST_TTLS);
  readonly #ttlRoundTrips = new Float64Array(MOST_TTLS);
  readonly #refusals = new Map<string | number, readonly Refusals[]>();
  readonly #ports = new Set<number>();

  constructor(view: CaptureView) {
    this.#view = view;
  }

  clear(): void {
    this.#profiles.clear();
    this.#refusals.clear();
  }

  /** The profile of the address that sends in this direction of the flow. */
  profile(flow: FlowRecord, direction: 0 | 1): AddressProfile {
    const key = this.#view.addresses.key(flow, direction);
    let profile = this.#profiles.get(key);
    if (profile === undefined) {
      profile = this.#learn(flow, direction);
      this.#profiles.set(key, profile);
    }
    return profile;
  }

  /** What refused in the name of the address that sends in this direction: by TTL, over flows in which it showed nothing else. */
  refusals(flow: FlowRecord, direction: 0 | 1): readonly Refusals[] {
    const key = this.#view.addresses.key(flow, direction);
    let found = this.#refusals.get(key);
    if (found === undefined) {
      found = this.#learnRefusals(flow, direction);
      this.#refusals.set(key, found);
    }
    return found;
  }

  #learn(flow: FlowRecord, direction: 0 | 1): AddressProfile {
    const { flows, addresses } = this.#view;
    let visited = 0;
    let withPackets = 0;
    let packets = 0;
    let ttlCount = 0;
    let clientFlows = 0;
    let emptyFlows = 0;
    let serverFlows = 0;
    let roundTrip = -1;
    let roundTrips = 0;
    this.#ports.clear();
    addresses.visitFlows(flow, direction, (other, side) => {
      if (visited++ >= LIMITS.maxEmitterFlows) return false;
      if (!isTcp(flows.word(other, META))) return true;
      const seen = flows.directionWord(other, side, SEEN);
      const answered = handshakeAnswer(flows, other, side);
      if (answered >= 0) {
        roundTrips++;
        if (roundTrip < 0 || answered < roundTrip) roundTrip = answered;
      }
      if (side === 0) {
        if ((seen & SEEN_SYN) !== 0) {
          clientFlows++;
          this.#ports.add(flows.word(other, PORTS) & 0xffff);
          const closed = (seen & SEEN_FIN) !== 0;
          if (!closed && flows.payloadOfBoth(other) === 0) emptyFlows++;
        }
      } else {
        serverFlows++;
      }
      const all = flows.directionWord(other, side, TTLS);
      if (all === 0) return true;
      // Copies made after a router would add TTLs that no other emitter stands for; the first packet is no copy.
      const ttls = (flows.word(other, FLOW_BITS) & FLOW_DUPLICATED) === 0 ? all : (all & 0xff) * 0x01010101;
      withPackets++;
      // Resets do not count: they are what is held against the profile.
      const resets = (seen & SEEN_RST) !== 0 ? flows.word(other, RESETS) : 0;
      packets += Math.max(1, flows.directionWord(other, side, SENT_PACKETS) - resets);
      ttlCount = this.#addTtls(ttls, ttlCount, answered);
      return true;
    });
    return {
      flows: withPackets,
      packets,
      ttls: this.#ttls.slice(0, ttlCount),
      ttlFlows: this.#ttlFlows.slice(0, ttlCount),
      ttlCount,
      ttlRoundTrips: this.#ttlRoundTrips.slice(0, ttlCount),
      clientFlows,
      emptyFlows,
      triedPorts: this.#ports.size,
      serverFlows,
      roundTrip,
      roundTrips,
    };
  }

  #learnRefusals(flow: FlowRecord, direction: 0 | 1): readonly Refusals[] {
    const { flows, addresses, resets, packets } = this.#view;
    const found: Mutable<Refusals>[] = [];
    let visited = 0;
    addresses.visitFlows(flow, direction, (other, side) => {
      if (visited++ >= LIMITS.maxEmitterFlows) return false;
      const hasReset = (flows.directionWord(other, side, SEEN) & SEEN_RST) !== 0;
      if (!hasReset || flows.directionWord(other, side, TTLS) !== 0 || !isTcp(flows.word(other, META)))
        return true;
      if ((flows.word(other, FLOW_BITS) & FLOW_DUPLICATED) !== 0) return true;
      let id = flows.word(other, LAST_RESET);
      for (let i = 0; i < REFUSALS_OF_FLOW && id >= resets.first; i++) {
        const packet = resets.packet(id);
        if (resets.direction(id) === side && packets.holds(packet)) {
          addRefusal(found, packets.ttl(packet), resets.duration(id, RST_IDLE));
        }
        id = resets.get(id, RST_PREVIOUS_RESET);
      }
      return true;
    });
    return found;
  }

  /** Adds the distinct ones of first, lowest, highest and last TTL of a flow. */
  #addTtls(packed: number, before: number, answered: number): number {
    let count = before;
    const isOne = (packed & 0xffff) === packed >>> 16 && (packed & 0xff) === packed >>> 24;
    for (let shift = 0; shift < 32; shift += 8) {
      const ttl = (packed >>> shift) & 0xff;
      let repeated = false;
      for (let earlier = 0; earlier < shift; earlier += 8) {
        if (((packed >>> earlier) & 0xff) === ttl) repeated = true;
      }
      if (repeated) continue;
      let slot = 0;
      while (slot < count && this.#ttls[slot] !== ttl) slot++;
      if (slot === count) {
        if (count === MOST_TTLS) continue;
        this.#ttls[slot] = ttl;
        this.#ttlFlows[slot] = 0;
        this.#ttlRoundTrips[slot] = -1;
        count++;
      }
      this.#ttlFlows[slot]++;
      const fastest = this.#ttlRoundTrips[slot];
      if (isOne && answered >= 0 && (fastest < 0 || answered < fastest)) this.#ttlRoundTrips[slot] = answered;
    }
    return count;
  }
}

function addRefusal(found: Mutable<Refusals>[], ttl: number, delay: number): void {
  let same = found.find((refusals) => refusals.ttl === ttl);
  if (same === undefined) {
    if (found.length === MOST_TTLS) return;
    same = { ttl, count: 0, fastest: Infinity, slowest: -1 };
    found.push(same);
  }
  same.count++;
  if (delay < 0) return;
  same.fastest = Math.min(same.fastest, delay);
  same.slowest = Math.max(same.slowest, delay);
}

/**
 * How long the stack on one side took to answer in the handshake, ns: the server from SYN to SYN-ACK, the client from
 * SYN-ACK to ACK. −1 where that was not seen, and where packets were captured twice.
 */
function handshakeAnswer(flows: FlowTable, flow: FlowRecord, side: 0 | 1): number {
  const synAckNs = flows.word(flow, SYN_ACK_US) * 1e3;
  if (synAckNs === 0 || (flows.word(flow, FLOW_BITS) & FLOW_DUPLICATED) !== 0) return -1;
  if (side === 1) return synAckNs;
  const wholeNs = flows.double(flow, HANDSHAKE_RTT);
  return wholeNs > synAckNs ? wholeNs - synAckNs : -1;
}
