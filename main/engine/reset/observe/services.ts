/**
 * How the connections of one service ended, and which silences they survived: what one connection only suggests, a timer or a limit of
 * age, others bear out. Learned from the newest packets of LIMITS.maxComparedFlows flows at most, and kept until `clear`.
 */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { TCP_ACK, TCP_FIN, TCP_RST } from '../../decode/facts.ts';
import {
  FIRST_TIME,
  FLOW_BITS,
  FLOW_MIDSTREAM,
  LAST_PACKET,
  LAST_TIME,
  META,
  PORTS,
  RESETS,
  isTcp,
} from '../../flow/record.ts';
import type { PacketNumber } from '../../../../shared/base/units.ts';
import { LIMITS } from '../../limits.ts';
import type { ResetFacts } from './facts.ts';
import { ABOUT, FlowWindow } from './flow-window.ts';
import { SHORTEST_SILENCE_NS, isUse, lastUse } from './silence.ts';
import type { CaptureView } from './view.ts';

/** Flows of the address that are passed over on the way to those of the service, for each of these. */
const PASSED_OVER = 8;
/** Timers of one kind fire within this of one another. */
const SAME_NS = 250_000_000;
const SAME_SHARE = 0.015;
/** Shorter silences are the same as none that is asked about. */
const SHORTEST_TOLD_NS = SHORTEST_SILENCE_NS - SAME_NS;
/** Younger connections end with their work, not by their age. */
const SHORTEST_AGE_NS = 10_000_000_000;
const SAME_AGE_NS = 600_000_000;
const SAME_AGE_SHARE = 0.004;
/** Others of the same age make a limit likely; one alone may be chance, unless the age is long. */
export const SEVERAL_AGES = 2;
const LONG_AGE_NS = 60_000_000_000;

/** Whether the service ended this and other connections at one age, however busy they were. */
export function isAgeLimited(f: ResetFacts): boolean {
  if (!f.ageLimited) return false;
  return f.sameAges >= SEVERAL_AGES || (f.sender === 1 && f.age >= LONG_AGE_NS);
}

/** The first FIN or reset of a connection. */
interface Ending {
  readonly flow: FlowRecord;
  readonly side: 0 | 1;
  /** There is a reset, at once or after a FIN. */
  readonly byReset: boolean;
  /** −1 where it is not known. */
  readonly silence: number;
  readonly begin: number;
  /** −1 where the begin was not captured. */
  readonly age: number;
}

interface Survival {
  readonly flow: FlowRecord;
  readonly silence: number;
}

interface Service {
  readonly endings: readonly Ending[];
  /** The longest silence of each flow after which the connection was used and answered. */
  readonly survived: readonly Survival[];
}

export class ServiceTable {
  readonly #view: CaptureView;
  /** By address, then by port. */
  readonly #services = new Map<string | number, Map<number, Service>>();
  readonly #window = new FlowWindow();

  constructor(view: CaptureView) {
    this.#view = view;
  }

  clear(): void {
    this.#services.clear();
    this.#window.clear();
  }

  /** Needs `silence` of the facts. */
  observe(f: ResetFacts): void {
    const begin = this.#view.flows.double(f.flow, FIRST_TIME);
    if ((f.flowBits & FLOW_MIDSTREAM) === 0 && f.established) f.age = f.time - begin;
    const asksSilence = f.silence >= SHORTEST_SILENCE_NS;
    const asksAge = f.age >= SHORTEST_AGE_NS;
    if ((!asksSilence && !asksAge) || f.resetsBefore[0] + f.resetsBefore[1] > 0) return;
    const service = this.#service(f.flow);
    if (asksSilence) {
      for (const ending of service.endings) {
        if (ending.flow === f.flow || ending.side !== f.sender || !isSame(ending.silence, f.silence))
          continue;
        if (ending.byReset) f.sameResets++;
        else f.sameCloses++;
      }
      for (const { silence } of service.survived) f.survived = Math.max(f.survived, silence);
    }
    if (asksAge) this.#compareAges(f, service, begin);
  }

  /** Counts the connections that the same side ended at the same age, after other silences and from another begin on. */
  #compareAges(f: ResetFacts, { endings }: Service, begin: number): void {
    const own = endings.find((ending) => ending.flow === f.flow);
    if (own === undefined || own.side !== f.sender || own.age < SHORTEST_AGE_NS) return;
    f.age = own.age;
    let least = own.silence;
    let most = own.silence;
    let older = false;
    for (const ending of endings) {
      if (ending.flow === f.flow || ending.side !== f.sender || ending.age < 0) continue;
      const tolerance = Math.max(SAME_AGE_NS, SAME_AGE_SHARE * f.age);
      if (Math.abs(ending.age - f.age) > tolerance) {
        // Who lives longer shows that there is no such limit.
        if (ending.age > f.age) older = true;
        continue;
      }
      // Connections that began together and end together say nothing of their age.
      if (Math.abs(ending.begin - begin) <= 4 * tolerance) continue;
      f.sameAges++;
      least = Math.min(least, ending.silence);
      most = Math.max(most, ending.silence);
    }
    // Where the silences are the same as well, it was they that counted.
    f.ageLimited = f.sameAges > 0 && !older && (most < SHORTEST_SILENCE_NS || !isSame(least, most));
  }

  #service(flow: FlowRecord): Service {
    const { flows } = this.#view;
    const { words } = flows.block(flow);
    const at = flows.wordsAt(flow);
    const port = words[at + PORTS] & 0xffff;
    const key = this.#view.addresses.key(flow, 1);
    let services = this.#services.get(key);
    if (services === undefined) {
      services = new Map();
      this.#services.set(key, services);
    }
    let service = services.get(port);
    if (service === undefined) {
      service = this.#learn(flow, port);
      services.set(port, service);
    }
    return service;
  }

  #learn(flow: FlowRecord, port: number): Service {
    const { flows, addresses } = this.#view;
    const endings: Ending[] = [];
    const survived: Survival[] = [];
    let visited = 0;
    let read = 0;
    const take = (other: FlowRecord): void => {
      if (this.#mayTell(other)) this.#read(other, endings, survived);
      read++;
    };
    take(flow);
    addresses.visitFlows(flow, 1, (other, side) => {
      if (visited++ >= PASSED_OVER * LIMITS.maxComparedFlows || read >= LIMITS.maxComparedFlows) return false;
      const { words } = flows.block(other);
      const at = flows.wordsAt(other);
      if (side !== 1 || other === flow || !isTcp(words[at + META])) return true;
      if ((words[at + PORTS] & 0xffff) === port) take(other);
      return true;
    });
    return { endings, survived };
  }

  /** Whether it lasted long enough for a silence or an age that any other is held against: most are over sooner, and are not walked. */
  #mayTell(flow: FlowRecord): boolean {
    const { flows } = this.#view;
    return flows.double(flow, LAST_TIME) - flows.double(flow, FIRST_TIME) >= SHORTEST_TOLD_NS;
  }

  #read(flow: FlowRecord, endings: Ending[], survived: Survival[]): void {
    const { flows } = this.#view;
    const w = this.#window;
    w.load(this.#view, flow, (flows.word(flow, LAST_PACKET) >>> 0) as PacketNumber);
    let end = -1;
    let used = -1;
    let longest = -1;
    /** A silence after which the connection was used again, by `asker`, and not yet answered. */
    let open = -1;
    let asker = -1;
    for (let i = w.first; i < w.end && end < 0; i++) {
      if (w.from[i] === ABOUT || w.isDuplicate(i)) continue;
      if ((w.flags[i] & (TCP_FIN | TCP_RST)) !== 0) {
        end = i;
        break;
      }
      if (open >= 0 && w.from[i] !== asker && (w.flags[i] & TCP_ACK) !== 0) {
        longest = Math.max(longest, open);
        open = -1;
      }
      if (!isUse(w, i)) continue;
      if (used >= 0 && w.payload[i] > 0 && w.time[i] - w.time[used] >= SHORTEST_SILENCE_NS) {
        open = w.time[i] - w.time[used];
        asker = w.from[i];
      }
      used = i;
    }
    if (longest >= 0) survived.push({ flow, silence: longest });
    if (end < 0 || (w.from[end] !== 0 && w.from[end] !== 1)) return;
    const side = w.from[end] === 0 ? 0 : 1;
    const start = lastUse(w, end, side);
    const begin = flows.double(flow, FIRST_TIME);
    const midstream = (flows.word(flow, FLOW_BITS) & FLOW_MIDSTREAM) !== 0;
    endings.push({
      flow,
      side,
      byReset: flows.word(flow, RESETS) > 0,
      silence: start < 0 ? -1 : w.time[end] - w.time[start],
      begin,
      age: midstream ? -1 : w.time[end] - begin,
    });
  }
}

function isSame(a: number, b: number): boolean {
  return a >= 0 && b >= 0 && Math.abs(a - b) <= Math.max(SAME_NS, SAME_SHARE * Math.max(a, b));
}

/** Another silence of the service that was survived speaks against a timer from this much more on. */
const LONGER_SHARE = 1.15;
const LONGER_NS = 1_000_000_000;

/** Whether a connection of the service survived a silence clearly longer than this one, and no other bears this one out. */
export function isDoubted(f: ResetFacts): boolean {
  if (f.sameCloses + f.sameResets > 0) return false;
  return f.survived > Math.max(f.silence * LONGER_SHARE, f.silence + LONGER_NS);
}
