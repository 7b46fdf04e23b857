/**
 * When a service (address and port of a server) accepted connections and when it refused them, over all clients. It is learned
 * from the flows of the address, LIMITS.maxServiceFlows of the newest at most, when a reset first asks, and kept until `clear`.
 */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { TCP_ACK, TCP_SYN } from '../../decode/facts.ts';
import {
  DIRECTION_DOUBLES,
  DIRECTION_WORDS,
  FIRST_TIME,
  FLOW_DIRECTION,
  LAST_PACKET,
  LAST_RESET,
  LAST_SENT_TIME,
  LAST_TS_VALUE,
  META,
  NEXT_SEQ_TIME,
  PORTS,
  RESETS,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_RST,
  SEEN_SYN,
  SEEN_SYN_ACK,
  SEEN_TIMESTAMPS,
  SYN_ACK_US,
  SYN_OPTIONS,
  SYN_TIME,
  TIMES_DIRECTION,
  TTLS,
  isTcp,
} from '../../flow/record.ts';
import { MARK_DUPLICATE_CAPTURE } from '../../flow/marks.ts';
import { LIMITS } from '../../limits.ts';
import { RST_PREVIOUS_RESET, RST_RECEIVER, RST_SENDER, SIDE_SEEN } from '../../store/reset-log.ts';
import { lowerBound } from './scans.ts';
import { portOf, sameAddress } from '../observe/flow-ends.ts';
import { initialTtl } from '../observe/hops.ts';
import { isLinuxSyn } from '../observe/stacks.ts';
import type { CaptureView } from '../observe/view.ts';

/** Refusals of one flow that are taken in. */
const MOST_REFUSALS = 8;
/** Clocks of one host, as its time stamps show them, lie within this of each other, ms. */
const ONE_CLOCK_MS = 500;
const TS_MODULUS = 2 ** 32;
/** Accepted connections whose SYN-ACK is looked at, and packets of each that are walked back to it. */
const LINUX_SAMPLE = 4;
const MOST_PACKETS = 256;
/** The window that BSD, macOS and Windows begin with, whatever the segment size. */
const LARGEST_WINDOW = 0xffff;

/** More than flows that there can be (LIMITS.maxFlows). */
const FLOWS = 2 ** 26;
/** Addresses of which the flows are kept, and flows of all of them: a scan of many hosts comes back to each again and again. */
const MOST_ADDRESSES = 65_536;
const MOST_FLOWS = 2 ** 22;
/** Histories kept. One of few flows is learned anew for each reset: a scan asks for every port of a host once. */
const MOST_HISTORIES = 16_384;
/** Up to so many flows of an address, or of its service, are looked at anew for each reset. */
const FEW_FLOWS = 16;

/** The events of one service, by time. */
export interface ServiceHistory {
  readonly count: number;
  readonly times: readonly number[];
  /** 1: accepted, 0: refused. */
  readonly accepted: readonly (0 | 1)[];
  /** When the server last sent something new on an accepted connection; 0 for a refusal. */
  readonly served: readonly number[];
  /** First and last event of the run of refusals in which a refusal stands; of an accepted one itself. */
  readonly runFrom: readonly number[];
  readonly runTo: readonly number[];
  readonly accepts: number;
  readonly refusals: number;
  /** Runs of refusals. */
  readonly runs: number;
  /** Different hosts that accepted, as far as their TTLs or clocks tell; 1 where nothing tells two apart. */
  readonly hosts: number;
  /** What tells them apart. */
  readonly toldBy: 'ttl' | 'clock' | null;
  /** The handshakes that were accepted show Linux, which drops a SYN rather than reset it when the queue is full. */
  readonly linux: boolean;
  /** No flow of the service was left out, and none was let go. */
  readonly complete: boolean;
}

interface Gathering {
  readonly events: { time: number; accepted: 0 | 1; served: number }[];
  readonly ttls: number[];
  /** Of each client: Linux draws the offset of its timestamps for each pair of addresses (tcp_timestamps of its ip-sysctl). */
  readonly clocks: Map<string | number, number[]>;
  linux: number;
}

/** The flows of one address. */
interface Services {
  /** Port · FLOWS + flow, ascending. */
  readonly keys: Float64Array;
  readonly complete: boolean;
  /** Histories made so far and kept, by port. */
  readonly made: Map<number, ServiceHistory | undefined>;
}

export class ServiceHistories {
  readonly #view: CaptureView;
  readonly #byAddress = new Map<string | number, Services>();
  #flowsKept = 0;
  #historiesKept = 0;

  constructor(view: CaptureView) {
    this.#view = view;
  }

  clear(): void {
    this.#byAddress.clear();
    this.#flowsKept = 0;
    this.#historiesKept = 0;
  }

  /** The history of a flow's service; undefined where nothing is known. */
  of(flow: FlowRecord): ServiceHistory | undefined {
    const port = portOf(this.#view, flow, 1);
    const services = this.#servicesOf(flow);
    const { keys, complete, made } = services;
    const from = lowerBound(keys, port * FLOWS);
    const to = lowerBound(keys, (port + 1) * FLOWS);
    if (to - from <= FEW_FLOWS) return this.#learn(keys, from, to, complete);
    let history = made.get(port);
    if (history === undefined && !made.has(port)) {
      if (this.#historiesKept >= MOST_HISTORIES) this.#forgetHistories();
      this.#historiesKept++;
      history = this.#learn(keys, from, to, complete);
      made.set(port, history);
    }
    return history;
  }

  #forgetHistories(): void {
    for (const { made } of this.#byAddress.values()) made.clear();
    this.#historiesKept = 0;
  }

  #servicesOf(flow: FlowRecord): Services {
    const key = this.#view.addresses.key(flow, 1);
    const known = this.#byAddress.get(key);
    if (known !== undefined) return known;
    const services = this.#flowsOf(flow);
    const { length } = services.keys;
    if (length <= FEW_FLOWS) return services;
    if (this.#byAddress.size >= MOST_ADDRESSES || this.#flowsKept + length > MOST_FLOWS) this.clear();
    this.#flowsKept += length;
    this.#byAddress.set(key, services);
    return services;
  }

  #flowsOf(flow: FlowRecord): Services {
    const { flows, addresses } = this.#view;
    const keys: number[] = [];
    let visited = 0;
    // What was let go of an endless capture may have accepted.
    let complete = flows.live === flows.count;
    addresses.visitFlows(flow, 1, (other, side) => {
      const { words } = flows.block(other);
      const at = flows.wordsAt(other);
      if (visited++ >= LIMITS.maxServiceFlows) {
        complete = false;
        return false;
      }
      // A host that connects to itself stands on both sides: `side` names the client's.
      if (!isTcp(words[at + META]) || (side !== 1 && !sameAddress(this.#view, other, 1, flow, 1)))
        return true;
      keys.push((words[at + PORTS] & 0xffff) * FLOWS + other);
      return true;
    });
    return { keys: Float64Array.from(keys).sort(), complete, made: new Map() };
  }

  /** @param from, to the flows of the service among the keys */
  #learn(keys: Float64Array, from: number, to: number, complete: boolean): ServiceHistory | undefined {
    const service: Gathering = { events: [], ttls: [], clocks: new Map(), linux: 0 };
    // The newest first.
    for (let i = to - 1; i >= from; i--) this.#take(service, (keys[i] % FLOWS) as FlowRecord);
    return service.events.length === 0 ? undefined : historyOf(service, complete);
  }

  #take(service: Gathering, flow: FlowRecord): void {
    const { words, doubles } = this.#view.flows.block(flow);
    const at = this.#view.flows.wordsAt(flow);
    const d = this.#view.flows.doublesAt(flow);
    const server = at + FLOW_DIRECTION + DIRECTION_WORDS;
    const seen = words[server + SEEN];
    if (words[at + RESETS] > 0 && (seen & SEEN_RST) !== 0)
      this.#takeRefusals(service, words[at + LAST_RESET]);
    if ((seen & SEEN_SYN_ACK) === 0) return;
    const times = d + TIMES_DIRECTION + DIRECTION_DOUBLES;
    const answered = words[at + SYN_ACK_US] * 1e3;
    const time = answered > 0 ? doubles[d + SYN_TIME] + answered : doubles[d + FIRST_TIME];
    service.events.push({ time, accepted: 1, served: doubles[times + NEXT_SEQ_TIME] });
    const ttl = words[server + TTLS] & 0xff;
    service.ttls.push(ttl);
    if (service.linux === service.ttls.length - 1 && service.linux < LINUX_SAMPLE && this.#isLinux(flow, ttl))
      service.linux++;
    if ((seen & (SEEN_TIMESTAMPS | SEEN_RST)) === SEEN_TIMESTAMPS) {
      const ms = doubles[times + LAST_SENT_TIME] / 1e6;
      const clock = (words[server + LAST_TS_VALUE] >>> 0) - ms;
      const client = this.#view.addresses.key(flow, 0);
      let clocks = service.clocks.get(client);
      if (clocks === undefined) service.clocks.set(client, (clocks = []));
      clocks.push(((clock % TS_MODULUS) + TS_MODULUS) % TS_MODULUS);
    }
  }

  /** Whether the SYN-ACK shows Linux by three signs: its options, its TTL, and a window that is a number of segments. */
  #isLinux(flow: FlowRecord, ttl: number): boolean {
    const { flows, packets } = this.#view;
    if (!isLinuxSyn(flows.directionWord(flow, 1, SYN_OPTIONS)) || initialTtl(ttl) !== 64) return false;
    let packet = (flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber;
    for (let i = 0; i < MOST_PACKETS && packets.holds(packet); i++) {
      if ((packets.flags(packet) & TCP_SYN) !== 0 && packets.direction(packet) === 1)
        return packets.window(packet) !== LARGEST_WINDOW;
      packet = packets.previous(packet);
    }
    return false;
  }

  /** Resets in answer to SYNs: those before which the server had said nothing. */
  #takeRefusals(service: Gathering, newest: number): void {
    const { resets, packets } = this.#view;
    let id = newest;
    for (let i = 0; i < MOST_REFUSALS && id >= resets.first; i++) {
      const packet = resets.packet(id);
      const isCopy = (packets.marks(packet) & MARK_DUPLICATE_CAPTURE) !== 0;
      if (!isCopy && this.#isRefusal(id, packet))
        service.events.push({ time: packets.time(packet), accepted: 0, served: 0 });
      id = resets.get(id, RST_PREVIOUS_RESET);
    }
  }

  /** Whether a reset answers a SYN, which may be missing: then its numbers tell (RFC 9293 §3.10.7.1). */
  #isRefusal(id: number, packet: PacketNumber): boolean {
    const { resets, packets } = this.#view;
    if (resets.direction(id) !== 1 || (resets.get(id, RST_SENDER + SIDE_SEEN) & SEEN_ANY) !== 0) return false;
    const client = resets.get(id, RST_RECEIVER + SIDE_SEEN);
    if ((client & SEEN_ANY) !== 0) return (client & (SEEN_SYN | SEEN_ACK)) === SEEN_SYN;
    return packets.seq(packet) === 0 && (packets.flags(packet) & TCP_ACK) !== 0;
  }
}

function historyOf({ events, ttls, clocks, linux }: Gathering, complete: boolean): ServiceHistory {
  events.sort((a, b) => a.time - b.time);
  const count = events.length;
  const runFrom = new Array<number>(count);
  const runTo = new Array<number>(count);
  let runs = 0;
  let accepts = 0;
  for (let i = 0; i < count; i++) {
    const joins = i > 0 && events[i].accepted === 0 && events[i - 1].accepted === 0;
    runFrom[i] = joins ? runFrom[i - 1] : i;
    if (events[i].accepted === 1) accepts++;
    else if (!joins) runs++;
  }
  for (let i = count - 1; i >= 0; i--) {
    const joins = i + 1 < count && events[i].accepted === 0 && events[i + 1].accepted === 0;
    runTo[i] = joins ? runTo[i + 1] : i;
  }
  const byTtl = groupsOf(ttls, 0);
  let byClock = 0;
  for (const ofClient of clocks.values()) byClock = Math.max(byClock, groupsOf(ofClient, ONE_CLOCK_MS));
  return {
    count,
    times: events.map(({ time }) => time),
    accepted: events.map(({ accepted }) => accepted),
    served: events.map(({ served }) => served),
    runFrom,
    runTo,
    accepts,
    refusals: count - accepts,
    runs,
    hosts: Math.max(1, byTtl, byClock),
    toldBy: byTtl > 1 && byTtl >= byClock ? 'ttl' : byClock > 1 ? 'clock' : null,
    linux: accepts > 0 && linux === Math.min(accepts, LINUX_SAMPLE),
    complete,
  };
}

/**
 * Into how many groups values fall that lie further apart than `width`, each at least twice; 0 where most stand alone, as the
 * clocks of stacks do that draw another one for each connection.
 */
function groupsOf(values: readonly number[], width: number): number {
  const sorted = Float64Array.from(values).sort();
  let groups = 0;
  let alone = 0;
  for (let i = 0; i < sorted.length;) {
    let end = i + 1;
    while (end < sorted.length && sorted[end] - sorted[end - 1] <= width) end++;
    if (end - i > 1) groups++;
    else alone++;
    i = end;
  }
  return alone > groups ? 0 : groups;
}
