/**
 * What the other flows of the same hosts say about one that failed: whether the host speaks at all, whether answers are captured,
 * whether others reach the same port, whether somebody looks through many ports. Looked up once for an address and kept until `clear`;
 * each look is bounded by LIMITS.maxEndingNeighbours flows, the newest.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import { MadeFlows } from '../flow/made-flows.ts';
import {
  FIRST_TIME,
  HANDSHAKE_RTT,
  MAC_HIGH,
  MAC_LOW,
  META,
  PORTS,
  SEEN,
  SEEN_ACK,
  SEEN_ANY,
  SEEN_DATA,
  SEEN_RST,
  SEEN_SYN,
  SEEN_SYN_ACK,
  TTLS,
  ipVersionOf,
  isTcp,
} from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import type { EndingView } from './view.ts';

/** Initial TTLs that systems use: whoever shows one stands at the capture. */
const INITIAL_TTLS: ReadonlySet<number> = new Set([64, 128, 255]);
/** Ports of one host, or hosts on one port, that nobody but a scanner tries in vain. */
const SCAN_PORTS = 12;
const SCAN_HOSTS = 24;
/** Clients that leave handshakes open at one service before it is a flood. */
const FLOOD_CLIENTS = 16;
/** A try this soon after another is the same attempt, at another address or over another family (RFC 8305 §5). */
const SAME_MOMENT_NS = 2.5e9;
/** Summaries kept: flows that are made one after the other ask for the same few. */
const MOST_KEPT = 2048;
const NO_PORTS: readonly number[] = [];
/** Flows made before and after one that are looked through for the other half of a Happy Eyeballs pair. */
const NEIGHBOURS = 64;

/** What the flows of one address say. */
export interface HostSummary {
  /** It sent something on any of its flows. */
  readonly speaks: boolean;
  /** Something came to it on any of its flows. */
  readonly hears: boolean;
  /** Connections in which it goes on talking though nothing that came to it was captured. */
  readonly unheardTalks: number;
  /** Its packets have a TTL that no router has touched. */
  readonly isHere: boolean;
  /** It tried many ports or hosts and few of them answered. */
  readonly scans: boolean;
  /** Ports of it, as a server, that completed a handshake. */
  readonly answeringPorts: readonly number[];
}

/** Connections to one port of one address. */
export interface ServiceSummary {
  /** When those began that were answered, ascending. */
  readonly answeredNs: readonly number[];
  readonly unanswered: number;
  /** Clients whose handshake stayed half-open. */
  readonly halfOpenClients: number;
  readonly isFlooded: boolean;
}

export class Surroundings {
  readonly #view: EndingView;
  readonly #made: MadeFlows;
  readonly #hosts = new Map<string | number, HostSummary>();
  /** The newest host of one flow only, which no other flow will ask about: in a flood, to keep them all is what takes the memory. */
  #lone: HostSummary | undefined;
  #loneKey: string | number = '';
  /** Flows that the newest look at a host has seen. */
  #looked = 0;
  readonly #services = new Map<string, ServiceSummary>();
  /** Tries of the host in hand that nothing answered: in a flood nearly every flow has a host of its own, which must cost little. */
  readonly #triedInVain = new Int32Array(LIMITS.maxEndingNeighbours);

  constructor(view: EndingView) {
    this.#view = view;
    this.#made = new MadeFlows(view.flows);
  }

  clear(): void {
    this.#made.clear();
    this.#hosts.clear();
    this.#lone = undefined;
    this.#services.clear();
  }

  /** @param direction of the address in the flow */
  host(flow: FlowRecord, direction: 0 | 1): HostSummary {
    const key = this.#view.addresses.key(flow, direction);
    if (key === this.#loneKey && this.#lone !== undefined) return this.#lone;
    let summary = this.#hosts.get(key);
    if (summary === undefined) {
      summary = this.#lookAtHost(flow, direction);
      if (this.#looked === 1) {
        this.#loneKey = key;
        this.#lone = summary;
        return summary;
      }
      if (this.#hosts.size >= MOST_KEPT) this.#hosts.clear();
      this.#hosts.set(key, summary);
    }
    return summary;
  }

  /** The port that the flow goes to. */
  service(flow: FlowRecord): ServiceSummary {
    const { flows } = this.#view;
    const address = this.#view.addresses.key(flow, 1);
    const port = flows.word(flow, PORTS) & 0xffff;
    const key = `${address} ${port}`;
    let summary = this.#services.get(key);
    if (summary === undefined) {
      summary = this.#lookAtService(flow);
      if (this.#services.size >= MOST_KEPT) this.#services.clear();
      this.#services.set(key, summary);
    }
    return summary;
  }

  /**
   * A connection of the same client to the same port that was answered and began at the same moment as this one, to another address of
   * the name or over the other IP version.
   */
  twinThatWorked(flow: FlowRecord): FlowRecord | undefined {
    const { flows, addresses } = this.#view;
    const last = Math.min(flows.records, flow + NEIGHBOURS + 1);
    if (!this.#made.mayHold(Math.max(0, flow - NEIGHBOURS), last)) return undefined;
    const began = flows.double(flow, FIRST_TIME);
    const port = flows.word(flow, PORTS) & 0xffff;
    const server = this.#view.addressText(flow, 1);
    const name = this.#view.serverName(flow);
    for (let step = 1; step <= NEIGHBOURS; step++) {
      for (const other of [flow + step, flow - step] as FlowRecord[]) {
        if (other < 0 || other >= flows.records || !flows.isLive(other)) continue;
        if (!isTcp(flows.word(other, META)) || (flows.word(other, PORTS) & 0xffff) !== port) continue;
        if (Math.abs(flows.double(other, FIRST_TIME) - began) > SAME_MOMENT_NS) continue;
        if (flows.double(other, HANDSHAKE_RTT) < 0) continue;
        if (flows.timelineOf(other) !== flows.timelineOf(flow)) continue;
        if (this.#view.addressText(other, 1) === server) continue;
        const otherName = this.#view.serverName(other);
        const isSameName = name !== '' && name === otherName;
        // Two addresses without a common name may be two services; the other family of the same host is a pair unless the names differ.
        const isOtherFamily = ipVersionOf(flows.word(other, META)) !== ipVersionOf(flows.word(flow, META));
        const isPair = isOtherFamily
          ? (isSameName || name === '' || otherName === '') && this.#sameMac(flow, other)
          : isSameName && addresses.key(flow, 0) === addresses.key(other, 0);
        if (isPair) return other;
      }
    }
    return undefined;
  }

  /** Both clients send from one network card; true also where the link has no addresses. */
  #sameMac(a: FlowRecord, b: FlowRecord): boolean {
    const { flows } = this.#view;
    return (
      flows.directionWord(a, 0, MAC_LOW) === flows.directionWord(b, 0, MAC_LOW) &&
      flows.directionWord(a, 0, MAC_HIGH) === flows.directionWord(b, 0, MAC_HIGH)
    );
  }

  #lookAtHost(flow: FlowRecord, direction: 0 | 1): HostSummary {
    const { flows } = this.#view;
    let speaks = false;
    let hears = false;
    let unheardTalks = 0;
    let isHere = false;
    let answered = 0;
    let left = LIMITS.maxEndingNeighbours;
    let inVain = 0;
    let answering: Set<number> | undefined;
    this.#view.addresses.visitFlows(flow, direction, (other, own) => {
      const mine = flows.directionWord(other, own, SEEN);
      const theirs = flows.directionWord(other, own === 0 ? 1 : 0, SEEN);
      const came = (theirs & (SEEN_ANY | SEEN_RST)) !== 0;
      speaks ||= (mine & (SEEN_ANY | SEEN_RST)) !== 0;
      hears ||= came;
      const tcp = isTcp(flows.word(other, META));
      if (tcp && !came && (mine & (SEEN_ACK | SEEN_DATA)) !== 0) unheardTalks++;
      isHere ||= INITIAL_TTLS.has(flows.directionWord(other, own, TTLS) & 0xff);
      if (tcp && own === 1 && (mine & SEEN_SYN_ACK) !== 0) {
        (answering ??= new Set()).add(flows.word(other, PORTS) & 0xffff);
      }
      if (tcp && own === 0 && (mine & SEEN_SYN) !== 0) {
        if ((theirs & SEEN_SYN_ACK) !== 0) answered++;
        else this.#triedInVain[inVain++] = other;
      }
      return --left > 0;
    });
    this.#looked = LIMITS.maxEndingNeighbours - left;
    return {
      speaks,
      hears,
      unheardTalks,
      isHere,
      scans: inVain >= Math.min(SCAN_PORTS, SCAN_HOSTS) && this.#isScan(inVain, answered),
      answeringPorts: answering === undefined ? NO_PORTS : [...answering],
    };
  }

  /** Whether the first flows of `#triedInVain` went to many ports of a host, or to many hosts on a port, and few beside them were answered. */
  #isScan(inVain: number, answered: number): boolean {
    const portsOf = new Map<string, Set<number>>();
    const hostsOf = new Map<number, Set<string>>();
    for (let i = 0; i < inVain; i++) {
      const flow = this.#triedInVain[i] as FlowRecord;
      const server = this.#view.addressText(flow, 1);
      const port = this.#view.flows.word(flow, PORTS) & 0xffff;
      addTo(portsOf, server, port);
      addTo(hostsOf, port, server);
    }
    let tried = 0;
    for (const ports of portsOf.values()) tried += ports.size;
    const isWide =
      [...portsOf.values()].some((ports) => ports.size >= SCAN_PORTS) ||
      [...hostsOf.values()].some((hosts) => hosts.size >= SCAN_HOSTS);
    return isWide && answered < tried;
  }

  #lookAtService(flow: FlowRecord): ServiceSummary {
    const { flows } = this.#view;
    const port = flows.word(flow, PORTS) & 0xffff;
    const answeredNs: number[] = [];
    const halfOpen = new Set<string>();
    let unanswered = 0;
    let left = LIMITS.maxEndingNeighbours;
    this.#view.addresses.visitFlows(flow, 1, (other, own) => {
      if (own === 1 && isTcp(flows.word(other, META)) && (flows.word(other, PORTS) & 0xffff) === port) {
        const client = flows.directionWord(other, 0, SEEN);
        const server = flows.directionWord(other, 1, SEEN);
        if ((server & SEEN_SYN_ACK) !== 0 && (client & SEEN_ACK) !== 0) {
          answeredNs.push(flows.double(other, FIRST_TIME));
        } else if ((client & SEEN_SYN) !== 0 && (server & (SEEN_ANY | SEEN_RST)) === 0) unanswered++;
        else if ((client & SEEN_SYN) !== 0 && (client & SEEN_RST) === 0) {
          halfOpen.add(this.#view.addressText(other, 0));
        }
      }
      return --left > 0;
    });
    answeredNs.sort((a, b) => a - b);
    return {
      answeredNs,
      unanswered,
      halfOpenClients: halfOpen.size,
      isFlooded: halfOpen.size >= FLOOD_CLIENTS,
    };
  }
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
