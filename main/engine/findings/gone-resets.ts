/**
 * What stays of resets that were let go: the findings they belong to, and how many there were when. Bounded by
 * LIMITS.maxFindings groups: when there are more, the oldest of those that do not matter goes and is counted.
 *
 * The best examples of a finding stay as resets (they are pinned): it can always be looked at. Pinned ones are not counted
 * here, because they are still counted as kept.
 */
import { LIMITS, type LimitCounter } from '../limits.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';
import type { ResetDescription } from '../reset/words/happening.ts';
import type { ResetsOfFindings } from './group-resets.ts';
import { groupKey } from './group-resets.ts';
import { overTime } from './over-time.ts';

/** Resets of a finding that are pinned at most. */
const MOST_PINNED = 5;
/** Distinct clients that are told apart in one finding, and in all together; beyond these the count is a lower bound. */
const MOST_CLIENTS = 512;
const MOST_CLIENTS_OF_ALL = 65_536;
/** Silences that are kept of one finding: more do not make a timer clearer. */
const MOST_SILENCES = 256;
const HISTORY_BUCKETS = 4096;
const FIRST_BUCKET_NS = 1e9;

/** Sums over the resets of one finding that are gone. */
export interface GoneGroup {
  count: number;
  matters: number;
  firstNs: number;
  lastNs: number;
  /** Sums of confidences in who and why. */
  confidence: number;
  causeConfidence: number;
  byServer: number;
  /** Hops of the nearest and the farthest; nothing known: Infinity and −1. */
  nearest: number;
  farthest: number;
  readonly clients: Set<string>;
  readonly silences: number[];
  /** The name that all with a name give the server; '' for none, null where they differ. */
  serverName: string | null;
  /** Examples that are still kept, the best first. */
  readonly pinned: number[];
  readonly example: GoneExample;
}

/** What describes the finding when none of its resets is left. */
export interface GoneExample extends ResetDescription {
  /** Indices as in VerdictColumns. */
  readonly kind: number;
  readonly side: number;
  readonly cause: number;
  readonly hops: number;
  readonly server: string;
}

/** Resets over time, in buckets that double in width when the capture outgrows them. */
export class ResetHistory {
  bucketNs = FIRST_BUCKET_NS;
  #startNs: number | undefined = undefined;
  /** Counts of each bucket, for every kind by its index. */
  readonly counts = ORIGIN_KINDS.map(() => new Uint32Array(HISTORY_BUCKETS));

  get startNs(): number {
    return this.#startNs ?? 0;
  }

  add(kind: number, timeNs: number, times: number): void {
    this.#startNs ??= timeNs;
    let bucket = Math.max(0, Math.floor((timeNs - this.#startNs) / this.bucketNs));
    while (bucket >= HISTORY_BUCKETS) {
      for (const counts of this.counts) halve(counts);
      this.bucketNs *= 2;
      bucket = Math.floor((timeNs - this.#startNs) / this.bucketNs);
    }
    this.counts[kind][bucket] += times;
  }
}

function halve(counts: Uint32Array): void {
  const half = counts.length / 2;
  for (let i = 0; i < half; i++) counts[i] = counts[2 * i] + counts[2 * i + 1];
  counts.fill(0, half);
}

export class GoneResets {
  count = 0;
  matters = 0;
  /** Findings that are gone with all of their resets. */
  groupsGone = 0;
  readonly history = new ResetHistory();
  readonly groups = new Map<string, GoneGroup>();
  /** Counts for every cause by its index. */
  readonly byCause = new Map<number, { count: number; matters: number }>();
  /** Counts for every kind by its index. */
  readonly byKind = ORIGIN_KINDS.map(() => 0);
  readonly #resets: ResetsOfFindings;
  readonly #verdicts: VerdictColumns;
  readonly #limits: LimitCounter;
  readonly #mostPinned: number;
  #pinned = 0;
  #clients = 0;

  /** @param mostPinned resets kept as examples, of all findings together */
  constructor(resets: ResetsOfFindings, verdicts: VerdictColumns, limits: LimitCounter, mostPinned: number) {
    this.#resets = resets;
    this.#verdicts = verdicts;
    this.#limits = limits;
    this.#mostPinned = mostPinned;
  }

  /**
   * A reset has its turn to go.
   * @param describe texts of a reset, for the finding's description
   * @returns resets that go now: itself, or the example whose place it took, or those of a finding that had to go, or none
   */
  take(id: number, describe: (id: number) => ResetDescription): number[] {
    if (this.#resets.times(id) === 0) {
      // A second capture belongs to no finding.
      this.#countPackets(id);
      return [id];
    }
    const key = groupKey(id, this.#resets, this.#verdicts);
    let group = this.groups.get(key);
    const going: number[] = [];
    if (group === undefined) {
      if (this.groups.size >= LIMITS.maxFindings) going.push(...this.#dropGroup());
      group = this.#newGroup(id, describe(id));
      this.groups.set(key, group);
    }
    const place = this.#placeAmong(group.pinned, id);
    // Half of the room is for what matters.
    const room = this.#matters(id) ? this.#mostPinned : this.#mostPinned / 2;
    if (place < MOST_PINNED && this.#pinned < room) {
      group.pinned.splice(place, 0, id);
      this.#pinned++;
      if (group.pinned.length > MOST_PINNED) {
        const displaced = group.pinned.pop() as number;
        this.#pinned--;
        this.#count(group, displaced);
        going.push(displaced);
      }
      return going;
    }
    this.#count(group, id);
    going.push(id);
    return going;
  }

  /** Where it would stand among the examples: those that matter, then the surest, then the earliest. */
  #placeAmong(pinned: readonly number[], id: number): number {
    const score = this.#score(id);
    let place = pinned.length;
    while (place > 0 && score > this.#score(pinned[place - 1])) place--;
    return place;
  }

  #score(id: number): number {
    const at = this.#verdicts.at(id);
    return this.#verdicts.matters[at] + this.#verdicts.confidence[at];
  }

  #newGroup(id: number, description: ResetDescription): GoneGroup {
    const verdicts = this.#verdicts;
    const at = verdicts.at(id);
    return {
      count: 0,
      matters: 0,
      firstNs: Infinity,
      lastNs: -Infinity,
      confidence: 0,
      causeConfidence: 0,
      byServer: 0,
      nearest: Infinity,
      farthest: -1,
      clients: new Set(),
      silences: [],
      serverName: '',
      pinned: [],
      example: {
        kind: verdicts.kind[at],
        side: verdicts.side[at],
        cause: verdicts.cause[at],
        hops: verdicts.hops[at],
        server: this.#resets.server(id),
        label: description.label,
        next: description.next,
        happening: description.happening,
      },
    };
  }

  /** Packets count with their copies, as those that are kept do. */
  #countPackets(id: number): void {
    const members = this.#resets.members(id);
    this.count += members;
    if (this.#matters(id)) this.matters += members;
  }

  #count(group: GoneGroup, id: number): void {
    this.#countPackets(id);
    const verdicts = this.#verdicts;
    const at = verdicts.at(id);
    const time = this.#resets.time(id);
    const times = this.#resets.times(id);
    const matters = times * verdicts.matters[at];
    const kind = verdicts.kind[at];
    this.byKind[kind] += times;
    const cause = this.byCause.get(verdicts.cause[at]) ?? { count: 0, matters: 0 };
    cause.count += times;
    cause.matters += matters;
    this.byCause.set(verdicts.cause[at], cause);
    overTime(time, this.#resets.lastTime(id), times, (ns, share) => {
      this.history.add(kind, ns, share);
    });
    group.count += times;
    group.matters += matters;
    group.firstNs = Math.min(group.firstNs, time);
    group.lastNs = Math.max(group.lastNs, this.#resets.lastTime(id));
    group.confidence += times * verdicts.confidence[at];
    group.causeConfidence += times * verdicts.causeConfidence[at];
    group.byServer += times * this.#resets.claimed(id);
    const hops = verdicts.hops[at];
    if (hops >= 0) group.nearest = Math.min(group.nearest, hops);
    group.farthest = Math.max(group.farthest, hops);
    const silence = verdicts.silenceSeconds[at];
    if (silence >= 0 && group.silences.length < MOST_SILENCES) group.silences.push(silence);
    const name = this.#resets.serverName(id);
    if (name !== '' && group.serverName !== name) group.serverName = group.serverName === '' ? name : null;
    const room = group.clients.size < MOST_CLIENTS && this.#clients < MOST_CLIENTS_OF_ALL;
    const client = this.#resets.clientAddress(id);
    if (room && !group.clients.has(client)) {
      group.clients.add(client);
      this.#clients++;
    }
  }

  /** The oldest finding of noise goes, or the oldest at all; its examples, too. */
  #dropGroup(): number[] {
    this.#limits.hit('maxFindings');
    let chosen: string | undefined;
    for (const [key, group] of this.groups) {
      chosen ??= key;
      const isNoise = group.matters === 0 && !group.pinned.some((id) => this.#matters(id));
      if (!isNoise) continue;
      chosen = key;
      break;
    }
    const group = this.groups.get(chosen ?? '');
    if (chosen === undefined || group === undefined) return [];
    this.groups.delete(chosen);
    this.groupsGone++;
    for (const id of group.pinned) this.#count(group, id);
    this.#clients -= group.clients.size;
    this.#pinned -= group.pinned.length;
    return group.pinned;
  }

  #matters(id: number): boolean {
    return this.#verdicts.matters[this.#verdicts.at(id)] === 1;
  }
}
