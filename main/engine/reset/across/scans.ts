/**
 * Whether the attempts of a client around a moment look like a scan to somebody who reads the ports: many different ports of
 * one host, or many hosts on one port, within seconds, hardly ever twice, and nobody is spoken to. Programs that
 * connect to the twelve services of one application are none.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import {
  DIRECTION_DOUBLES,
  FIRST_TIME,
  META,
  PAYLOAD_BYTES,
  SEEN,
  SEEN_SYN,
  SERVER_ADDRESS,
  TIMES_DIRECTION,
  isTcp,
} from '../../flow/record.ts';
import { LIMITS } from '../../limits.ts';
import { portOf, sameAddress } from '../observe/flow-ends.ts';
import type { CaptureView } from '../observe/view.ts';

/** A scan's attempts lie within this on either side. */
const NEAR_NS = 10_000_000_000;
/** Attempts that are looked at on either side. */
const MOST_NEAR = 32;
/** Ports of one host … */
const SCAN_PORTS = 10;
/** … of which so many are of different services that nobody runs together, or stand in sequence … */
const WELL_KNOWN = 1024;
const SCAN_WELL_KNOWN = 4;
const IN_SEQUENCE = 0.7;
/** … or so many that no application has. */
const ANY_PORTS = 40;
/** Hosts on one port. */
const SCAN_HOSTS = 20;
/** A scanner comes back to a port this often at most; retries of a refused SYN are in one flow. */
const MOST_TRIES = 2;
/** Share of its attempts that may carry data. */
const SPOKEN_TO = 0.1;
const PORTS_THERE_ARE = 65_536;

/**
 * Attempts of one client, by time; none where all of them together have too few ports and hosts for a scan. What is asked of them lies
 * side by side, so that the many around each of them are looked at without going to their flows.
 */
interface Tries {
  readonly flows: Int32Array;
  readonly times: Float64Array;
  readonly ports: Uint16Array;
  /** Of the host that was tried: see `#hostOf`. */
  readonly hosts: Int32Array;
  /** 1 where data was sent either way. */
  readonly spokenTo: Uint8Array;
}

const FEW: Tries = {
  flows: new Int32Array(0),
  times: new Float64Array(0),
  ports: new Uint16Array(0),
  hosts: new Int32Array(0),
  spokenTo: new Uint8Array(0),
};

export class Scans {
  readonly #view: CaptureView;
  readonly #tries = new Map<string | number, Tries>();
  /** The round in which each port was seen last, so that nothing need be emptied between two. */
  readonly #portSeen = new Int32Array(PORTS_THERE_ARE);
  #round = 0;

  constructor(view: CaptureView) {
    this.#view = view;
  }

  clear(): void {
    this.#tries.clear();
  }

  /** Whether the flow is an attempt of a scan. */
  looksLikeScan(flow: FlowRecord): boolean {
    const key = this.#view.addresses.key(flow, 0);
    let tries = this.#tries.get(key);
    if (tries === undefined) {
      tries = this.#gather(flow);
      this.#tries.set(key, tries);
    }
    return tries.flows.length > 0 && this.#isScan(flow, tries);
  }

  #gather(flow: FlowRecord): Tries {
    const { flows, addresses } = this.#view;
    const found: FlowRecord[] = [];
    let visited = 0;
    addresses.visitFlows(flow, 0, (other, side) => {
      if (visited++ >= LIMITS.maxServiceFlows) return false;
      if (side !== 0 || !isTcp(flows.word(other, META))) return true;
      if ((flows.directionWord(other, 0, SEEN) & SEEN_SYN) !== 0) found.push(other);
      return true;
    });
    if (found.length < Math.min(SCAN_PORTS, SCAN_HOSTS)) return FEW;
    found.sort((a, b) => flows.double(a, FIRST_TIME) - flows.double(b, FIRST_TIME));
    const ports = new Set(found.map((other) => portOf(this.#view, other, 1)));
    const hosts = new Set(found.map((other) => this.#hostOf(other)));
    if (ports.size < SCAN_PORTS && hosts.size < SCAN_HOSTS) return FEW;
    return {
      flows: Int32Array.from(found),
      times: Float64Array.from(found, (other) => flows.double(other, FIRST_TIME)),
      ports: Uint16Array.from(found, (other) => portOf(this.#view, other, 1)),
      hosts: Int32Array.from(found, (other) => this.#hostOf(other)),
      spokenTo: Uint8Array.from(found, (other) => (this.#isSpokenTo(other) ? 1 : 0)),
    };
  }

  #isScan(flow: FlowRecord, tries: Tries): boolean {
    const { times } = tries;
    const time = this.#view.flows.double(flow, FIRST_TIME);
    const middle = lowerBound(times, time);
    const from = Math.max(lowerBound(times, time - NEAR_NS), middle - MOST_NEAR);
    const to = Math.min(lowerBound(times, time + NEAR_NS), middle + MOST_NEAR);
    return this.#isSweepOfHosts(flow, tries, from, to) || this.#isSweepOfPorts(flow, tries, from, to);
  }

  /** Many hosts on the port of the flow. */
  #isSweepOfHosts(flow: FlowRecord, { ports, hosts, spokenTo }: Tries, from: number, to: number): boolean {
    const port = portOf(this.#view, flow, 1);
    let tries = 0;
    let spoken = 0;
    for (let i = from; i < to; i++) {
      if (ports[i] !== port) continue;
      tries++;
      spoken += spokenTo[i];
    }
    if (tries < SCAN_HOSTS || spoken > SPOKEN_TO * tries) return false;
    const seen = new Set<number>();
    for (let i = from; i < to; i++) if (ports[i] === port) seen.add(hosts[i]);
    return seen.size >= SCAN_HOSTS && tries <= MOST_TRIES * seen.size;
  }

  /** Many ports of the host of the flow. */
  #isSweepOfPorts(flow: FlowRecord, tries: Tries, from: number, to: number): boolean {
    const { flows, ports, hosts, spokenTo } = tries;
    const host = this.#hostOf(flow);
    const different: number[] = [];
    const round = ++this.#round;
    let triesThere = 0;
    let spoken = 0;
    for (let i = from; i < to; i++) {
      if (hosts[i] !== host || !sameAddress(this.#view, flows[i] as FlowRecord, 1, flow, 1)) continue;
      triesThere++;
      spoken += spokenTo[i];
      if (this.#portSeen[ports[i]] !== round) different.push(ports[i]);
      this.#portSeen[ports[i]] = round;
    }
    if (different.length < SCAN_PORTS || triesThere > MOST_TRIES * different.length) return false;
    return spoken <= SPOKEN_TO * triesThere && isScanners(different);
  }

  #isSpokenTo(flow: FlowRecord): boolean {
    const { doubles } = this.#view.flows.block(flow);
    const bytes = this.#view.flows.doublesAt(flow) + TIMES_DIRECTION + PAYLOAD_BYTES;
    return doubles[bytes] + doubles[bytes + DIRECTION_DOUBLES] > 0;
  }

  /** Tells hosts apart well enough to count them. */
  #hostOf(flow: FlowRecord): number {
    const { words } = this.#view.flows.block(flow);
    const at = this.#view.flows.wordsAt(flow) + SERVER_ADDRESS;
    return words[at] ^ words[at + 1] ^ words[at + 2] ^ words[at + 3];
  }
}

/** Whether these ports, in the order in which they were tried, are a scanner's choice. */
function isScanners(ports: readonly number[]): boolean {
  if (ports.length >= ANY_PORTS) return true;
  let wellKnown = 0;
  let sequence = 0;
  for (let i = 0; i < ports.length; i++) {
    if (ports[i] < WELL_KNOWN) wellKnown++;
    if (i > 0 && ports[i] - ports[i - 1] === 1) sequence++;
  }
  return wellKnown >= SCAN_WELL_KNOWN || sequence >= IN_SEQUENCE * (ports.length - 1);
}

/** Index of the first that is not below. */
export function lowerBound(sorted: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
