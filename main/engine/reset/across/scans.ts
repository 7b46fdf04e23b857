/**
 * Whether the attempts of a client around a moment look like a scan to somebody who reads the ports: many different ports of
 * one host, or many hosts on one port, within seconds, hardly ever twice, and nobody is spoken to. Programs that
 * connect to the twelve services of one application are none.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { FIRST_TIME, META, SEEN, SEEN_SYN, isTcp, ipVersionOf } from '../../flow/record.ts';
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

/** Attempts of one client, by time; none where all of them together have too few ports and hosts for a scan. */
interface Tries {
  readonly flows: Int32Array;
  readonly times: Float64Array;
}

const FEW: Tries = { flows: new Int32Array(0), times: new Float64Array(0) };

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
    };
  }

  #isScan(flow: FlowRecord, { flows, times }: Tries): boolean {
    const time = this.#view.flows.double(flow, FIRST_TIME);
    const middle = lowerBound(times, time);
    const from = Math.max(lowerBound(times, time - NEAR_NS), middle - MOST_NEAR);
    const to = Math.min(lowerBound(times, time + NEAR_NS), middle + MOST_NEAR);
    const port = portOf(this.#view, flow, 1);
    const ports: number[] = [];
    const round = ++this.#round;
    const seenHosts = new Set<number>();
    let triesThere = 0;
    let spoken = 0;
    let triesOfPort = 0;
    let spokenOfPort = 0;
    for (let i = from; i < to; i++) {
      const other = flows[i] as FlowRecord;
      const talked = this.#isSpokenTo(other) ? 1 : 0;
      const otherPort = portOf(this.#view, other, 1);
      if (otherPort === port) {
        triesOfPort++;
        spokenOfPort += talked;
        seenHosts.add(this.#hostOf(other));
      }
      if (!sameAddress(this.#view, other, 1, flow, 1)) continue;
      triesThere++;
      spoken += talked;
      if (this.#portSeen[otherPort] !== round) ports.push(otherPort);
      this.#portSeen[otherPort] = round;
    }
    if (triesOfPort <= MOST_TRIES * seenHosts.size && seenHosts.size >= SCAN_HOSTS)
      if (spokenOfPort <= SPOKEN_TO * triesOfPort) return true;
    if (ports.length < SCAN_PORTS || triesThere > MOST_TRIES * ports.length) return false;
    return spoken <= SPOKEN_TO * triesThere && isScanners(ports);
  }

  #isSpokenTo(flow: FlowRecord): boolean {
    return this.#view.flows.payloadOfBoth(flow) > 0;
  }

  /** Tells hosts apart well enough to count them. */
  #hostOf(flow: FlowRecord): number {
    const { flows } = this.#view;
    const words = flows.addressWords(flow);
    const at = flows.addressAt(flow, 1);
    if (ipVersionOf(flows.word(flow, META)) === 4) return words[at];
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
