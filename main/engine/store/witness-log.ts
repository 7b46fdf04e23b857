/**
 * What the capturing machine's kernel said of resets, and when it was watched: a reset on which a watched kernel is silent
 * was not its.
 *
 * Events are records of 16 words in a ring of blocks that never move; LIMITS.maxWitnessEvents are kept, then the oldest go
 * and are counted. Those of one connection are chained, newest first, under a hash of both ends that does not depend on
 * their order.
 *
 * Invariants
 * - Ids ascend in order of arrival; [first, next) are kept.
 * - A timeline is one run of files that follow each other (Session.startFile): another one may be of another machine, whose
 *   private addresses mean other hosts.
 * - What is told about a time holds only where no event of it can have gone: see `watched`.
 */
import { addressText, parseAddress } from '../../../shared/format/address.ts';
import type { SocketOwner } from '../../../shared/model/witness.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';
import type { KernelEvent } from '../read/kernel-event.ts';
import type { CaptureClock } from '../read/sink.ts';
import { OwnerLog } from './owner-log.ts';

const BLOCK_BITS = 10;
const BLOCK_EVENTS = 1 << BLOCK_BITS;
const BLOCK_MASK = BLOCK_EVENTS - 1;
const CAPACITY = LIMITS.maxWitnessEvents;
const WORDS = 16;

// Words of an event; its time is the double at words 0 and 1.
const TIME = 0;
/** EVENT_* | family << 8 | EVENT_IN_PROCESS */
const META = 2;
/** local << 16 | remote */
const PORTS = 3;
const LOCAL = 4; // … 7
const REMOTE = 8; // … 11
const PID = 12;
/** Numbers of the texts: reason << 16 | comm */
const TEXTS = 13;
/** How many ids before it the event before it of a connection with the same hash is; 0 ends. */
const BEFORE = 14;
const EVENT_TIMELINE = 15;

export const EVENT_SENT = 1;
export const EVENT_RECEIVED = 2;
const IN_PROCESS = 1 << 16;

/** Silence this close to an end of the watch, or to the newest that was read, is not yet silence: events come late. */
const MARGIN_NS = 2_000_000_000;
/** Events looked through for one connection: more are a flood of which no single one can be told. */
const MOST_STEPS = 4096;
/** How long before it is told a loss may have happened. */
const LOSS_REACH_NS = 60_000_000_000;

/** One end of a connection: four words of address, and the port. */
export interface Endpoint {
  readonly words: ArrayLike<number>;
  readonly at: number;
  readonly port: number;
}

/** The ends of a connection as the events tell them. */
export interface WitnessedEnds {
  readonly timeline: number;
  /** 4 or 6 */
  readonly family: number;
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** Events of one connection in a span of time. */
export interface WitnessQuery extends WitnessedEnds {
  /** EVENT_SENT or EVENT_RECEIVED */
  readonly kind: number;
  /** Of the capture's clock, both included. */
  readonly earliestNs: number;
  readonly latestNs: number;
  /** Also those that name no remote end. */
  readonly orNobody: boolean;
}

const NOBODY: Endpoint = { words: [0, 0, 0, 0], at: 0, port: 0 };

/** A time in which the kernel was watched. Times as events keep them. */
interface Watch {
  readonly timeline: number;
  from: number;
  to: number;
}

/** Why a timeline's witness cannot be relied on, in the words of who watched; for people. */
interface Trouble {
  readonly timeline: number;
  readonly from: number;
  to: number;
  readonly why: string;
}

/** What an event says beside its ends and its time. */
export interface WitnessEvent {
  readonly reason: string | null;
  /** Who acted, where the kernel acted on behalf of a process. */
  readonly process: SocketOwner | null;
}

export class WitnessLog {
  /** Ids below it are gone. */
  first = 0;
  next = 0;
  readonly owners: OwnerLog;

  readonly #blocks: { readonly words: Int32Array; readonly doubles: Float64Array }[] = [];
  readonly #newest = new Map<number, number>();
  readonly #own = new Set<string>();
  readonly #watches: Watch[] = [];
  readonly #troubles: Trouble[] = [];
  readonly #timelines = new Set<number>();
  /** Timelines whose machine told its addresses. */
  readonly #addressed = new Set<number>();
  readonly #texts: string[] = [''];
  readonly #textNumbers = new Map<string, number>([['', 0]]);
  readonly #limits: LimitCounter;
  readonly #clock: CaptureClock;
  /** Nanoseconds since 1970 that event times are kept relative to. */
  #baseNs: bigint | undefined = undefined;
  /** Time of the newest event of each timeline. */
  readonly #newestTimes = new Map<number, number>();

  constructor(limits: LimitCounter, clock: CaptureClock) {
    this.#limits = limits;
    this.#clock = clock;
    this.owners = new OwnerLog(limits);
  }

  /** @param timeline of the file that it came in */
  note(event: KernelEvent, timeline: number): void {
    this.#baseNs ??= event.timeNs;
    const time = Number(event.timeNs - this.#baseNs);
    this.#newestTimes.set(timeline, Math.max(this.#newestTimes.get(timeline) ?? time, time));
    switch (event.kind) {
      case 'sent':
        this.#add(EVENT_SENT, event, time, timeline);
        break;
      case 'received':
        this.#add(EVENT_RECEIVED, event, time, timeline);
        break;
      case 'started':
        this.#start(event.text, time, timeline);
        break;
      case 'lost':
        this.#lose(event.text, time, timeline);
        break;
      case 'stopped':
        this.#stop(event.text, time, timeline);
        break;
      case 'owner':
        this.owners.note(event, timeline);
        break;
    }
  }

  /** Whether the kernel was asked at all, with or without success. */
  knows(timeline: number): boolean {
    return this.#timelines.has(timeline);
  }

  /** Whether the machine that captured this timeline told its addresses, all of them. */
  tellsAddresses(timeline: number): boolean {
    return this.#addressed.has(timeline) && this.#own.size < LIMITS.maxOwnAddresses;
  }

  /** Whether it is an address of the machine that captured this timeline. */
  isOwn(timeline: number, address: string): boolean {
    return this.#own.has(ownKey(timeline, address));
  }

  /**
   * Whether every event of that moment must be here: watched from well before until well after it, nothing lost around it.
   * @param timeNs of the capture's clock
   * @param readTo time of the newest packet read
   */
  watched(timeline: number, timeNs: number, readTo: number): boolean {
    const time = timeNs - this.#offsetNs;
    const newest = Math.max(
      readTo - this.#offsetNs,
      this.#newestTimes.get(timeline) ?? Number.NEGATIVE_INFINITY,
    );
    if (newest < time + MARGIN_NS) return false;
    const isIn = (watch: Watch): boolean =>
      watch.timeline === timeline && watch.from + MARGIN_NS <= time && time + MARGIN_NS <= watch.to;
    return this.#watches.some(isIn) && !this.#troubles.some((trouble) => concerns(trouble, timeline, time));
  }

  /** What kept the kernel from being heard at that moment; undefined where nothing is known to have. */
  trouble(timeline: number, timeNs: number): string | undefined {
    const time = timeNs - this.#offsetNs;
    return this.#troubles.find((trouble) => concerns(trouble, timeline, time))?.why;
  }

  /**
   * The events meant, oldest first.
   * @param ids takes their ids
   * @returns how many there are; −1 where there are more than `ids` holds, or too many to look through
   */
  find(query: WitnessQuery, ids: Float64Array): number {
    let count = this.#collect(query, query.remote, ids, 0);
    // Of a listening socket, which has no remote end, the kernel does not say whom it answered.
    if (query.orNobody && count >= 0) count = this.#collect(query, NOBODY, ids, count);
    if (count > 0) ids.subarray(0, count).sort((a, b) => this.#time(a) - this.#time(b) || a - b);
    return count;
  }

  /** Adds to the `already` first of `ids`. */
  #collect(query: WitnessQuery, remote: Endpoint, ids: Float64Array, already: number): number {
    const { timeline, family, local } = query;
    const earliest = query.earliestNs - this.#offsetNs;
    const latest = query.latestNs - this.#offsetNs;
    const meta = query.kind | (family << 8);
    const ports = (local.port << 16) | remote.port;
    let count = already;
    let steps = 0;
    let id = this.#newest.get(hashOf(family, local, remote)) ?? -1;
    while (id >= this.first) {
      if (++steps > MOST_STEPS) return -1;
      const words = this.#words(id);
      const at = this.#at(id);
      const isMeant =
        (words[at + META] & ~IN_PROCESS) === meta &&
        words[at + EVENT_TIMELINE] === timeline &&
        words[at + PORTS] === ports &&
        sameWords(words, at + LOCAL, local) &&
        sameWords(words, at + REMOTE, remote);
      const time = this.#time(id);
      if (isMeant && time >= earliest && time <= latest) {
        if (count === ids.length) return -1;
        ids[count++] = id;
      }
      // Events of one machine come in order, but for those of different processors.
      if (words[at + BEFORE] === 0 || time < earliest - MARGIN_NS) break;
      id -= words[at + BEFORE];
    }
    return count;
  }

  /** Nanoseconds of the capture's clock. */
  time(id: number): number {
    return this.#time(id) + this.#offsetNs;
  }

  event(id: number): WitnessEvent {
    const words = this.#words(id);
    const at = this.#at(id);
    const reason = this.#texts[words[at + TEXTS] >>> 16];
    const comm = this.#texts[words[at + TEXTS] & 0xffff];
    const pid = words[at + PID] >>> 0;
    const acted = (words[at + META] & IN_PROCESS) !== 0 && pid !== 0;
    return {
      reason: reason === '' ? null : reason,
      process: acted ? { name: comm === '' ? 'a process' : comm, pid, cgroup: null } : null,
    };
  }

  get bytes(): number {
    return this.#blocks.length * BLOCK_EVENTS * WORDS * 4;
  }

  get #offsetNs(): number {
    const { epochNs } = this.#clock;
    return epochNs === undefined || this.#baseNs === undefined ? 0 : Number(this.#baseNs - epochNs);
  }

  #start(addresses: string, time: number, timeline: number): void {
    this.#timelines.add(timeline);
    for (const text of addresses.split(' ')) {
      const address = parseAddress(text);
      if (address === undefined) continue;
      this.#addressed.add(timeline);
      if (this.#own.size >= LIMITS.maxOwnAddresses) this.#limits.hit('maxOwnAddresses');
      else this.#own.add(ownKey(timeline, addressText(address.words, 0, address.family)));
    }
    for (const trouble of this.#troubles) {
      if (trouble.timeline === timeline && trouble.to === Infinity) trouble.to = time + MARGIN_NS;
    }
    // Told again in every file of a set, and when addresses change: the watch goes on.
    const open = this.#watches.find((watch) => watch.timeline === timeline && watch.to === Infinity);
    if (open !== undefined) return;
    if (this.#watches.length >= LIMITS.maxWatches) {
      this.#limits.hit('maxWatches');
      this.#watches.shift();
    }
    this.#watches.push({ timeline, from: time, to: Infinity });
  }

  #stop(why: string, time: number, timeline: number): void {
    this.#timelines.add(timeline);
    for (const watch of this.#watches) {
      if (watch.timeline === timeline && watch.to === Infinity) watch.to = time;
    }
    const said = why === '' ? 'the kernel was no longer watched' : why;
    this.#addTrouble({ timeline, from: time - MARGIN_NS, to: Infinity, why: said });
  }

  #lose(count: string, time: number, timeline: number): void {
    const said = /^\d{1,12}$/u.test(count)
      ? `${count} of the kernel's events were lost`
      : 'kernel events were lost';
    this.#addTrouble({ timeline, from: time - LOSS_REACH_NS, to: time + MARGIN_NS, why: said });
  }

  #addTrouble(trouble: Trouble): void {
    if (this.#troubles.length >= LIMITS.maxWatches) {
      // Two in a row become one: it covers what lay between them, which only makes it more careful.
      this.#limits.hit('maxWatches');
      const [a, b] = this.#troubles;
      if (a.timeline === b.timeline)
        this.#troubles.splice(0, 2, { ...b, from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) });
      else this.#troubles.shift();
    }
    this.#troubles.push(trouble);
  }

  #add(kind: number, event: KernelEvent, time: number, timeline: number): void {
    this.#timelines.add(timeline);
    if (this.next - this.first >= CAPACITY) this.#dropOldest();
    const id = this.next++;
    const block = (id % CAPACITY) >>> BLOCK_BITS;
    if (block === this.#blocks.length) {
      const buffer = new ArrayBuffer(BLOCK_EVENTS * WORDS * 4);
      this.#blocks.push({ words: new Int32Array(buffer), doubles: new Float64Array(buffer) });
    }
    const words = this.#words(id);
    const at = this.#at(id);
    this.#blocks[block].doubles[(at + TIME) >> 1] = time;
    words[at + META] = kind | (event.family << 8) | (event.inProcess ? IN_PROCESS : 0);
    words[at + PORTS] = (event.localPort << 16) | event.remotePort;
    for (let i = 0; i < 4; i++) {
      words[at + LOCAL + i] = event.local[i];
      words[at + REMOTE + i] = event.remote[i];
    }
    words[at + PID] = event.pid | 0;
    words[at + TEXTS] = (this.#textNumber(event.reason) << 16) | this.#textNumber(event.comm);
    words[at + EVENT_TIMELINE] = timeline;
    const hash = this.#hash(words, at);
    const before = this.#newest.get(hash);
    words[at + BEFORE] = before === undefined ? 0 : id - before;
    this.#newest.set(hash, id);
  }

  /** Its time is no longer watched: silence before what is kept proves nothing. */
  #dropOldest(): void {
    this.#limits.hit('maxWitnessEvents');
    const id = this.first++;
    const words = this.#words(id);
    const at = this.#at(id);
    const hash = this.#hash(words, at);
    if (this.#newest.get(hash) === id) this.#newest.delete(hash);
    const time = this.#time(id);
    for (const watch of this.#watches) watch.from = Math.max(watch.from, time);
  }

  #hash(words: Int32Array, at: number): number {
    const ports = words[at + PORTS];
    return hashOf(
      (words[at + META] >> 8) & 0xff,
      { words, at: at + LOCAL, port: ports >>> 16 },
      { words, at: at + REMOTE, port: ports & 0xffff },
    );
  }

  #textNumber(text: string): number {
    const known = this.#textNumbers.get(text);
    if (known !== undefined) return known;
    if (this.#texts.length >= LIMITS.maxWitnessTexts) {
      this.#limits.hit('maxWitnessTexts');
      return 0;
    }
    this.#textNumbers.set(text, this.#texts.length);
    return this.#texts.push(text) - 1;
  }

  #words(id: number): Int32Array {
    return this.#blocks[(id % CAPACITY) >>> BLOCK_BITS].words;
  }

  #at(id: number): number {
    return (id & BLOCK_MASK) * WORDS;
  }

  #time(id: number): number {
    return this.#blocks[(id % CAPACITY) >>> BLOCK_BITS].doubles[(this.#at(id) + TIME) >> 1];
  }
}

function concerns(trouble: Trouble, timeline: number, time: number): boolean {
  return trouble.timeline === timeline && trouble.from <= time && time <= trouble.to;
}

function ownKey(timeline: number, address: string): string {
  return `${timeline} ${address}`;
}

function sameWords(words: Int32Array, at: number, end: Endpoint): boolean {
  for (let i = 0; i < 4; i++) if (words[at + i] !== end.words[end.at + i]) return false;
  return true;
}

/** The same for both orders of the ends. */
function hashOf(family: number, a: Endpoint, b: Endpoint): number {
  return (hashEnd(a) + hashEnd(b) + family) | 0;
}

function hashEnd({ words, at, port }: Endpoint): number {
  let hash = port;
  for (let i = 0; i < 4; i++) hash = Math.imul(hash ^ words[at + i] ^ (hash >>> 15), 0x85eb_ca6b);
  return hash ^ (hash >>> 13);
}
