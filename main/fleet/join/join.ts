/**
 * Resets held against all other hosts: whether a host nearer to their claimed sender captured the connection, lost nothing, and never saw them;
 * or saw them where they were sent.
 */
import type {
  FleetJoin,
  FleetReset,
  FleetResetId,
  FleetScope,
  FleetWitness,
} from '../../../shared/model/fleet.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import type { Asking } from '../questions/asking.ts';
import { resetsByNumber, resetsOf } from '../questions/resets.ts';
import { FleetError } from '../store.ts';
import { rule } from './decide.ts';
import { columnsOf, RESET_COLUMNS, type ResetFacts, resetFacts } from './facts.ts';
import { gather, type Gathered, missedBytesOf } from './gather.ts';
import { Asker } from './questions.ts';
import { type Testimony, weigh, type Weighed } from './witness.ts';
import { placeName, safe, say } from './words.ts';

/** Resets whose connections are looked for together. */
const AT_ONCE = 64;

export interface Joined {
  readonly joins: readonly FleetJoin[];
  /** Resets of the scope. */
  readonly total: number;
  readonly counts: Readonly<Record<FleetJoin['verdict'], number>>;
}

/**
 * The newest resets of a scope. One that several hosts captured is told once, as who captured it furthest from its claimed sender has it.
 * @param limit rows of the table of resets that are looked at
 */
export async function joinScope(asking: Asking, scope: FleetScope, limit: number): Promise<Joined> {
  const { resets, total } = await resetsOf(asking, scope, limit);
  const joins = onceEach(await joinEach(asking, resets));
  const count = (verdict: FleetJoin['verdict']): number =>
    joins.filter((one) => one.join.verdict === verdict).length;
  return {
    joins: joins.map(({ join }) => join),
    total,
    counts: { forged: count('forged'), sent: count('sent'), open: count('open') },
  };
}

/**
 * One reset by its number.
 * @throws FleetError 'bad-query' where there is none of that number
 */
export async function joinReset(asking: Asking, id: FleetResetId): Promise<FleetJoin> {
  const [reset] = await resetsByNumber(asking, [id]);
  if (reset === undefined) {
    const parts = asking.missing.map(({ name }) => name);
    const why = parts.length === 0 ? '' : ` ${parts.join(', ')} did not answer, and may hold it.`;
    throw new FleetError(
      'bad-query',
      `There is no reset ${id.capture}/${id.segment}/${id.reset}.${why} “resetscope fleet resets” lists them with their numbers.`,
    );
  }
  const [{ join }] = await joinEach(asking, [reset]);
  return join;
}

interface Event {
  readonly join: FleetJoin;
  readonly facts: ResetFacts;
  /** Routers between its claimed sender and who captured it. */
  readonly hops: number;
  /** Captures that hold it as well. */
  readonly seenIn: readonly string[];
}

/** In the order in which they are given. */
async function joinEach(asking: Asking, resets: readonly FleetReset[]): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let at = 0; at < resets.length; at += AT_ONCE) {
    const some = resets.slice(at, at + AT_ONCE);
    const asker = new Asker(asking);
    const facts = await factsOf(asker, some);
    const gathered = await gather(asker, facts);
    for (const [index, one] of gathered.entries()) {
      const weighed = await weighAll(asker, one);
      events.push(eventOf(one, weighed, some[index]));
    }
  }
  return events;
}

async function factsOf(asker: Asker, resets: readonly FleetReset[]): Promise<readonly ResetFacts[]> {
  const rows = await asker.rows({
    from: 'resets',
    columns: columnsOf('resets', RESET_COLUMNS),
    where: [
      {
        any: resets.map(({ capture, segment, reset }) => ({
          all: [
            { column: 'capture', op: '=', value: capture },
            { column: 'segment', op: '=', value: segment },
            { column: 'reset', op: '=', value: reset },
          ],
        })),
      },
    ],
  });
  const byId = new Map(rows.map(resetFacts).map((facts) => [idOf(facts), facts]));
  return resets.map((reset) => {
    const facts = byId.get(idOf(reset));
    if (facts !== undefined) return facts;
    // It was there a question ago: its part of the store went away, or a newer analysis took its place.
    throw new FleetError('failed', `The reset ${idOf(reset)} went away while it was looked at. Ask again.`);
  });
}

function idOf({ capture, segment, reset }: FleetResetId): string {
  return `${capture}/${segment}/${reset}`;
}

async function weighAll(asker: Asker, { the, testimonies }: Gathered): Promise<readonly Weighed[]> {
  const all: Weighed[] = [];
  // Stores give rows in any order where a question names none: what is told must not hang on it.
  for (const testimony of testimonies.toSorted(byPlace)) {
    const weighed = weigh(the, testimony);
    if (weighed.sees !== 'absent') {
      all.push(weighed);
      continue;
    }
    const missedBytes = await missedBytesOf(asker, testimony);
    all.push(missedBytes === 0 ? weighed : weigh(the, { ...testimony, missedBytes }));
  }
  return all;
}

function eventOf({ the, unheard }: Gathered, all: readonly Weighed[], reset: FleetReset): Event {
  const { ruling, weighed } = rule(the, all);
  const { claimed } = the.reset;
  const sorted = weighed.toSorted(
    (a, b) =>
      hopsForOrder(b, claimed) - hopsForOrder(a, claimed) ||
      compareText(a.testimony.place.host, b.testimony.place.host),
  );
  const { sentence, next, between } = say(
    the,
    ruling,
    sorted,
    unheard,
    reset.next === '' ? null : reset.next,
  );
  return {
    join: { reset, witnesses: sorted.map(witnessOf), verdict: ruling.verdict, between, sentence, next },
    facts: the.reset,
    hops: the.flow.hops[claimed] ?? 0,
    seenIn: weighed.filter(({ sees }) => sees === 'seen').map(({ testimony }) => testimony.place.capture),
  };
}

/** Of the rows that tell of one reset, the one captured furthest from its claimed sender, in the place of the first of them. */
function onceEach(events: readonly Event[]): readonly Event[] {
  const told: Event[] = [];
  for (const event of events) {
    const at = told.findIndex((one) => isSameEvent(one, event));
    if (at < 0) told.push(event);
    else if (event.hops > told[at].hops) told[at] = event;
  }
  return told;
}

function isSameEvent(a: Event, b: Event): boolean {
  return (
    a.facts.resetKey !== null &&
    a.facts.resetKey === b.facts.resetKey &&
    (a.seenIn.includes(b.facts.capture) || b.seenIn.includes(a.facts.capture))
  );
}

/** From the receiver to the sender; what has no known place comes first. */
function hopsForOrder({ testimony: { flow } }: Weighed, claimed: Side): number {
  return flow.hops[claimed] ?? Number.MAX_SAFE_INTEGER;
}

function byPlace({ place: a, flow: ofA }: Testimony, { place: b, flow: ofB }: Testimony): number {
  return (
    compareText(a.host, b.host) ||
    compareText(a.site, b.site) ||
    compareText(a.interface ?? '', b.interface ?? '') ||
    compareText(a.capture, b.capture) ||
    ofA.flow - ofB.flow
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function witnessOf({ testimony, sees, isNearerSender, because }: Weighed): FleetWitness {
  const { place, identity } = testimony;
  return {
    host: placeName(place, [place]),
    site: safe(place.site),
    interface: place.interface === null ? null : safe(place.interface),
    ...{ sees, isNearerSender, by: identity.by },
    because: because.map(safe),
  };
}
