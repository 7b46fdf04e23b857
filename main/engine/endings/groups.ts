/** Failures of one kind, side and server as one thing that happened, however often. Bounded, and it outlives the flows. */
import { countText, plural } from '../../../shared/format/count.ts';
import type { Failure, FailureGroup, FailureKind, FailureRow } from '../../../shared/model/failure.ts';
import { LIMITS } from '../limits.ts';
import { type KeptFailure, type ToldFailure, groupOf } from './failure-log.ts';
import { spanText } from './texts.ts';

/** Failures to look at. */
const EXAMPLES = 20;

interface OpenGroup {
  readonly kind: FailureKind;
  readonly side: Failure['side'];
  readonly recovered: boolean;
  readonly isScan: boolean;
  readonly servers: Set<string>;
  serverName: string;
  count: number;
  matters: number;
  /** Sum over its failures. */
  confidence: number;
  readonly clients: Set<string>;
  firstNs: number;
  lastNs: number;
  shortest: number;
  longest: number;
  /** What is said of the one that lasted longest. */
  told: FailureRow;
  readonly examples: number[];
}

export class FailureGroups {
  count = 0;
  matters = 0;
  /** Of those that matter: they went on after all. */
  delays = 0;
  readonly #groups = new Map<string, OpenGroup>();
  /** Failures whose group did not fit; each counts as a group of its own. */
  #more = 0;

  add(told: ToldFailure): void {
    const { matters, recovered } = told.failure;
    this.count++;
    if (matters) this.matters++;
    if (matters && recovered) this.delays++;
    const key = groupOf(told);
    const group = this.#groups.get(key);
    if (group !== undefined) join(group, told);
    else if (this.#groups.size < LIMITS.maxFindings) this.#groups.set(key, opened(told));
    else this.#more++;
  }

  /** Takes one out again. What it lent to times and names of its group stays. */
  remove({ matters, recovered, group: key }: KeptFailure): void {
    this.count--;
    if (matters) this.matters--;
    if (matters && recovered) this.delays--;
    const group = this.#groups.get(key);
    if (group === undefined) return;
    // The mean stays.
    group.confidence -= group.confidence / group.count;
    group.count--;
    if (matters) group.matters--;
    if (group.count === 0) this.#groups.delete(key);
  }

  merge(other: FailureGroups): void {
    this.count += other.count;
    this.matters += other.matters;
    this.delays += other.delays;
    this.#more += other.#more;
    for (const [key, group] of other.#groups) {
      const own = this.#groups.get(key);
      this.#groups.set(key, own === undefined ? group : together(own, group));
    }
  }

  /** What matters first, then the largest. */
  list(limit: number): { readonly groups: readonly FailureGroup[]; readonly more: number } {
    const all = [...this.#groups.values()].sort(
      (a, b) =>
        Number(b.matters > 0) - Number(a.matters > 0) ||
        Number(a.recovered) - Number(b.recovered) ||
        b.count - a.count ||
        a.firstNs - b.firstNs,
    );
    return { groups: all.slice(0, limit).map(closed), more: Math.max(0, all.length - limit) + this.#more };
  }
}

/** Servers and clients counted one by one; more are told as "at least". */
const MOST_COUNTED = 10_000;

/** Two halves of one group as a third one. */
function together(a: OpenGroup, b: OpenGroup): OpenGroup {
  return {
    ...a,
    servers: new Set([...a.servers, ...b.servers]),
    serverName: a.serverName === b.serverName ? a.serverName : '',
    count: a.count + b.count,
    matters: a.matters + b.matters,
    confidence: a.confidence + b.confidence,
    clients: new Set([...a.clients, ...b.clients]),
    firstNs: Math.min(a.firstNs, b.firstNs),
    lastNs: Math.max(a.lastNs, b.lastNs),
    shortest: Math.min(a.shortest, b.shortest),
    longest: Math.max(a.longest, b.longest),
    told: a.longest >= b.longest ? a.told : b.told,
    examples: [...a.examples, ...b.examples].slice(0, EXAMPLES),
  };
}

function opened(told: ToldFailure): OpenGroup {
  const row = told.row();
  const group: OpenGroup = {
    kind: row.kind,
    side: row.side,
    recovered: row.recovered,
    isScan: told.failure.isScan,
    servers: new Set(),
    serverName: row.serverName,
    count: 0,
    matters: 0,
    confidence: 0,
    clients: new Set(),
    firstNs: row.timeNs,
    lastNs: row.timeNs,
    shortest: row.seconds,
    longest: row.seconds,
    told: row,
    examples: [],
  };
  join(group, told);
  return group;
}

function join(group: OpenGroup, told: ToldFailure): void {
  const { matters, confidence, seconds } = told.failure;
  const { timeNs, serverName } = told;
  group.count++;
  if (matters) group.matters++;
  group.confidence += confidence;
  if (group.clients.size < MOST_COUNTED) group.clients.add(told.clientAddress);
  if (group.servers.size < MOST_COUNTED) group.servers.add(told.server);
  if (group.serverName !== serverName) group.serverName = '';
  group.firstNs = Math.min(group.firstNs, timeNs);
  group.lastNs = Math.max(group.lastNs, timeNs);
  group.shortest = Math.min(group.shortest, seconds);
  if (seconds > group.longest) {
    group.longest = seconds;
    group.told = told.row();
  }
  if (group.examples.length < EXAMPLES) group.examples.push(told.id);
}

function closed(group: OpenGroup): FailureGroup {
  const { kind, side, recovered, servers, serverName, count, matters, clients, firstNs, lastNs, told } =
    group;
  const [server] = servers;
  return {
    kind,
    side,
    recovered,
    server: servers.size === 1 ? server : 'several',
    serverName,
    count,
    matters,
    clients: clients.size,
    firstNs,
    lastNs,
    sentence: sentence(group),
    next: told.next,
    meanConfidence: group.confidence / count,
    examples: group.examples,
  };
}

/** What happened to several connections, as a plural subject says it. */
const HAPPENED: Readonly<Record<FailureKind, string>> = {
  'no-answer': 'got no answer to their SYN',
  unreachable: 'were ended by an ICMP error',
  'went-silent': 'went silent: what was sent again stayed unanswered',
  'half-open': 'were never completed: the SYN-ACK was repeated',
  stalled: 'stalled',
  'closed-early': 'were closed before any reply to the request',
  'cut-short': 'ended before the reply was complete',
  'handshake-failed': 'failed inside the TLS handshake',
};

function sentence(group: OpenGroup): string {
  const { count, told, clients, servers, serverName, firstNs, lastNs, shortest, longest } = group;
  if (count === 1) return told.summary;
  const [first] = clients;
  const from = clients.size === 1 ? first : `${countText(clients.size)} clients`;
  const [one] = servers;
  const target =
    servers.size === 1
      ? `${one}${serverName === '' ? '' : ` (${serverName})`}`
      : `${countText(servers.size)} addresses or ports`;
  const within = lastNs > firstNs ? `, within ${spanText((lastNs - firstNs) / 1e9)}` : '';
  const each =
    longest > 0
      ? ` (${shortest === longest ? '' : `${spanText(shortest)} to `}${spanText(longest)} each)`
      : '';
  const scan = group.isScan ? ' It looks like a scan.' : '';
  const gotOver = group.recovered ? ' and went on or were replaced' : '';
  const isUdp = told.protocol === 'udp';
  const happened = isUdp && group.kind === 'no-answer' ? 'got no answer' : HAPPENED[group.kind];
  return `${plural(count, isUdp ? 'request' : 'connection')} from ${from} to ${target} ${happened}${each}${gotOver}${within}.${scan}`;
}
