/**
 * Resets held against all other hosts: whether a host nearer to their claimed sender captured the connection, lost nothing, and never saw them;
 * or saw them where they were sent.
 */
import type { FleetJoin, FleetResetId, FleetWitness } from '../../../shared/model/fleet.ts';
import { FleetError, type FleetStore, type Row } from '../store.ts';
import { rule } from './decide.ts';
import { columnsOf, RESET_COLUMNS, resetFacts } from './facts.ts';
import { gather, type Gathered } from './gather.ts';
import { Asker } from './questions.ts';
import { fleetReset, TOLD_COLUMNS } from './told-reset.ts';
import { weigh, type Weighed } from './witness.ts';
import { placeName, safe, say } from './words.ts';

/** Resets whose connections are looked for together. */
const AT_ONCE = 64;

/**
 * @param ids resets by their numbers
 * @throws FleetError 'bad-query' where there is none of a number
 */
export async function joinResets(
  store: FleetStore,
  ids: readonly FleetResetId[],
  signal: AbortSignal,
): Promise<readonly FleetJoin[]> {
  const joins: FleetJoin[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    // What did not answer one question may answer the next: each batch remembers its own.
    const asker = new Asker(store, signal);
    const rows = await rowsOf(asker, ids.slice(at, at + AT_ONCE));
    const gathered = await gather(asker, rows.map(resetFacts));
    joins.push(...gathered.map((one, index) => joinOf(one, rows[index])));
  }
  return joins;
}

async function rowsOf(asker: Asker, ids: readonly FleetResetId[]): Promise<readonly Row[]> {
  const rows = await asker.rows({
    from: 'resets',
    columns: columnsOf('resets', [...new Set([...RESET_COLUMNS, ...TOLD_COLUMNS])]),
    where: [
      {
        any: ids.map(({ capture, segment, reset }) => ({
          all: [
            { column: 'capture', op: '=', value: capture },
            { column: 'segment', op: '=', value: segment },
            { column: 'reset', op: '=', value: reset },
          ],
        })),
      },
    ],
  });
  return ids.map((id) => {
    const row = rows.find(
      (one) =>
        String(one.capture) === id.capture &&
        Number(one.segment) === id.segment &&
        Number(one.reset) === id.reset,
    );
    if (row !== undefined) return row;
    const parts = [...asker.missing.values()].map(({ name }) => name);
    const why = parts.length === 0 ? '' : ` ${parts.join(', ')} did not answer, and may hold it.`;
    throw new FleetError(
      'bad-query',
      `There is no reset ${id.capture}/${id.segment}/${id.reset}.${why} “resetscope fleet resets” lists them with their numbers.`,
    );
  });
}

/** Pure: the same facts give the same words. */
export function joinOf({ the, testimonies, unheard }: Gathered, row: Row): FleetJoin {
  const { ruling, weighed } = rule(
    the,
    testimonies.map((one) => weigh(the, one)),
  );
  const { claimed } = the.reset;
  const sorted = weighed.toSorted(
    (a, b) =>
      hopsForOrder(b, claimed) - hopsForOrder(a, claimed) ||
      a.testimony.place.host.localeCompare(b.testimony.place.host),
  );
  const reset = fleetReset(row, the.place);
  const { sentence, next, between } = say(
    the,
    ruling,
    sorted,
    unheard,
    reset.next === '' ? null : reset.next,
  );
  return {
    reset,
    witnesses: sorted.map(witnessOf),
    verdict: ruling.verdict,
    between,
    sentence,
    next,
  };
}

/** From the receiver to the sender; what has no known place comes first. */
function hopsForOrder({ testimony: { flow } }: Weighed, claimed: 'client' | 'server'): number {
  return flow.hops[claimed] ?? Number.MAX_SAFE_INTEGER;
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
