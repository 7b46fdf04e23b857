/**
 * What became of every connection, from what the witnesses at both ends saw: which failed without a reset and how, which were
 * healthy, and whether a reset ended work that was not finished. Nothing here knows a verdict.
 *
 * A connection is known by its two ports: translation on the path leaves them alone.
 */
import type { FailureKind } from '../../shared/model/failure.ts';
import type { Side } from '../../shared/model/verdict.ts';
import type { Sighting } from './facts.ts';
import { ACK, FIN, RST, SYN, type Segment } from './frames.ts';
import type { Place } from './places.ts';

/** What a scenario knows about the connections to one of its ports. */
export interface FailureRule {
  readonly kind: FailureKind;
  /** Which of the scenario's ports, the first unless said. */
  readonly port?: number;
  /** Which of them the connection comes from; any client's port unless said. */
  readonly from?: number;
  /** Kinds that packets cannot tell from it. */
  readonly alternatives?: readonly FailureKind[];
  /** Where a place sees another one; null where it sees nothing that tells. */
  readonly at?: Partial<Record<Place, FailureKind | null>>;
  /** Whose doing it was; null where no capture can tell. */
  readonly side: Side | 'path' | null;
  /** It went on after all. */
  readonly recovered?: boolean;
  readonly matters?: boolean;
}

/** What is true of one failed connection in one capture. */
export interface FailureTruth {
  readonly place: Place;
  readonly scenario: string;
  /** Ends as this capture shows them. */
  readonly client: string;
  readonly server: string;
  readonly kind: FailureKind;
  readonly alternatives: readonly FailureKind[];
  readonly side: Side | 'path' | null;
  readonly recovered: boolean;
  readonly matters: boolean;
}

/** What is true of the connections that one capture shows. */
export interface ConnectionsTruth {
  readonly failures: readonly FailureTruth[];
  readonly healthy: number;
  /** "CLIENT SERVER" of those that are neither. */
  readonly unsettled: readonly string[];
}

/** The same of all captures of a set, by place; nothing in labs made before connections were judged. */
export interface ConnectionsOfSet {
  readonly failures?: readonly FailureTruth[];
  readonly healthy?: Readonly<Record<string, number>>;
  readonly unsettled?: Readonly<Record<string, readonly string[]>>;
}

/** `other`: it ended by a reset, is not over, or nobody says what it was. */
export type Health = 'healthy' | 'other';

/** A lost rest up to this may be a TLS close_notify or a line of farewell. */
const FAREWELL_BYTES = 64;

const before = (a: number, b: number): boolean => ((a - b) | 0) < 0;

/** The two ports of a segment, the server's first. */
export function portsKey(segment: Segment, serverPort: number): string {
  const client = segment.sourcePort === serverPort ? segment.targetPort : segment.sourcePort;
  return `${serverPort} ${client}`;
}

/** Server's and client's port of a key. */
export function portsOf(key: string): [server: number, client: number] {
  const [server, client] = key.split(' ');
  return [Number(server), Number(client)];
}

/** All that one end saw of one connection, in time order. */
type Seen = readonly Sighting[];

export class Outcomes {
  readonly #client: ReadonlyMap<string, Seen>;
  readonly #server: ReadonlyMap<string, Seen>;
  readonly #serverPortOf: (segment: Segment) => number;

  /** @param serverPortOf which of a segment's ports is the one that a scenario serves */
  constructor(client: Seen, server: Seen, serverPortOf: (segment: Segment) => number) {
    this.#serverPortOf = serverPortOf;
    this.#client = this.#byConnection(client);
    this.#server = this.#byConnection(server);
  }

  /** One connection on these ports, opened and closed by both ends with nothing missing and no reset. */
  health(key: string): Health {
    const client = this.#client.get(key) ?? [];
    const server = this.#server.get(key) ?? [];
    const all = [...client, ...server];
    const [serverPort] = portsOf(key);
    if (all.some((s) => s.flags < 0 || (s.flags & RST) !== 0)) return 'other';
    const opened = new Set(all.filter((s) => (s.flags & (SYN | ACK)) === SYN).map((s) => s.seq));
    if (opened.size !== 1) return 'other';
    const fromServer = client.filter((s) => s.sourcePort === serverPort && !s.fromThisHost);
    const fromClient = server.filter((s) => s.targetPort === serverPort && !s.fromThisHost);
    const isWhole = (part: Seen): boolean =>
      part.some((s) => (s.flags & SYN) !== 0) && part.some((s) => (s.flags & FIN) !== 0);
    return isWhole(fromServer) && isWhole(fromClient) ? 'healthy' : 'other';
  }

  /** What the witnesses saw that a failure of this kind excludes; null where it can have happened. */
  contradiction(key: string, { kind, recovered }: FailureRule): string | null {
    const client = this.#client.get(key) ?? [];
    const server = this.#server.get(key) ?? [];
    const [serverPort] = portsOf(key);
    const answered = client.some((s) => s.sourcePort === serverPort && !s.fromThisHost && s.flags >= 0);
    const acknowledged = server.some(
      (s) => s.targetPort === serverPort && !s.fromThisHost && s.flags >= 0 && (s.flags & SYN) === 0,
    );
    if (client.length + server.length === 0) return 'was not seen at either end';
    if (recovered === true) return null;
    switch (kind) {
      case 'no-answer':
      case 'unreachable':
        return answered && client.some((s) => (s.flags & (SYN | ACK)) === (SYN | ACK))
          ? 'got an answer'
          : null;
      case 'half-open':
        return acknowledged ? 'got the last ACK' : null;
      case 'went-silent':
      case 'stalled':
        return client.concat(server).some((s) => !s.fromThisHost && s.flags > 0 && (s.flags & RST) !== 0)
          ? 'ended by a reset'
          : null;
      case 'closed-early':
      case 'cut-short':
      case 'handshake-failed':
        return client.concat(server).some((s) => s.flags > 0 && (s.flags & (FIN | RST)) !== 0)
          ? null
          : 'was not closed';
    }
  }

  /**
   * Whether work was under way on this connection when it ended: a handshake, bytes that had not arrived, a request without
   * an answer. Null where what the programs still meant to do is not in the packets.
   */
  unfinished(segment: Segment, timeNs: bigint): boolean | null {
    const serverPort = this.#serverPortOf(segment);
    const key = portsKey(segment, serverPort);
    const client = sides(this.#client.get(key) ?? [], timeNs, serverPort);
    const server = sides(this.#server.get(key) ?? [], timeNs, serverPort);
    if (client.fromServer === null) return client.fromClient === null ? null : true;
    // What left one end against what the other end acknowledged when it left there.
    const sent = { client: client.fromClient, server: server.fromServer };
    const lost = (end: Way | null, acknowledged: Way | null): number =>
      end === null || acknowledged === null || end.bytes === 0
        ? 0
        : Math.max(0, (end.end - acknowledged.ack) | 0);
    // What lay unacknowledged when the reset left may have been taken by the time it came: then its receiver has all of it.
    const isServers = segment.sourcePort === serverPort;
    const taken = (end: Seen, isReceiver: boolean, known: typeof client): typeof client => {
      const arrival = isReceiver ? end.find((s) => isArrivalOf(s, segment, timeNs)) : undefined;
      return arrival === undefined ? known : sides(end, arrival.timeNs, serverPort);
    };
    const atClient = taken(this.#client.get(key) ?? [], isServers, client).fromClient;
    const atServer = taken(this.#server.get(key) ?? [], !isServers, server).fromServer;
    const bytes = Math.max(lost(sent.client, atServer), lost(sent.server, atClient));
    if (bytes > FAREWELL_BYTES) return true;
    // So few may be a farewell, or the FIN alone.
    if (bytes > 0) return null;
    if (sent.client === null || sent.server === null) return null;
    if (sent.client.fin && sent.server.fin) return false;
    if (sent.client.bytes > 0 && sent.client.lastDataNs > sent.server.lastDataNs) return true;
    return null;
  }

  #byConnection(seen: Seen): Map<string, Sighting[]> {
    const found = new Map<string, Sighting[]>();
    for (const s of seen) {
      const key = portsKey(s, this.#serverPortOf(s));
      const there = found.get(key);
      if (there === undefined) found.set(key, [s]);
      else there.push(s);
    }
    return found;
  }
}

function isArrivalOf(s: Sighting, reset: Segment, sentNs: bigint): boolean {
  if (s.fromThisHost || s.flags < 0 || (s.flags & RST) === 0 || s.timeNs < sentNs) return false;
  return s.seq === reset.seq && s.sourcePort === reset.sourcePort;
}

interface Way {
  /** One past the last byte, SYN and FIN. */
  end: number;
  ack: number;
  bytes: number;
  lastDataNs: bigint;
  fin: boolean;
}

/** What had passed each way at one end before a moment, of the newest connection on these ports. */
function sides(
  seen: Seen,
  timeNs: bigint,
  serverPort: number,
): { fromClient: Way | null; fromServer: Way | null } {
  let fromClient: Way | null = null;
  let fromServer: Way | null = null;
  for (const s of seen) {
    if (s.timeNs >= timeNs) break;
    if (s.flags < 0 || (s.flags & RST) !== 0) continue;
    const isServers = s.sourcePort === serverPort;
    if ((s.flags & (SYN | ACK)) === SYN && !isServers) {
      fromClient = null;
      fromServer = null;
    }
    const old: Way | null = isServers ? fromServer : fromClient;
    const length = s.length + ((s.flags & SYN) !== 0 ? 1 : 0) + ((s.flags & FIN) !== 0 ? 1 : 0);
    const end = (s.seq + length) >>> 0;
    const way: Way = {
      end: old === null || before(old.end, end) ? end : old.end,
      ack: (s.flags & ACK) !== 0 && (old === null || before(old.ack, s.ack)) ? s.ack : (old?.ack ?? 0),
      bytes: (old?.bytes ?? 0) + s.length,
      lastDataNs: s.length > 0 ? s.timeNs : (old?.lastDataNs ?? 0n),
      fin: (old?.fin ?? false) || (s.flags & FIN) !== 0,
    };
    if (isServers) fromServer = way;
    else fromClient = way;
  }
  return { fromClient, fromServer };
}
