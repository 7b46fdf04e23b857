/** Who captured: one place for each capture, whatever parts it was told in. */
import type { Row } from '../store.ts';
import { text } from './facts.ts';
import { batches, type Asker } from './questions.ts';
import type { Place } from './witness.ts';

const MOST_AT_ONCE = 500;

export async function placesOf(
  asker: Asker,
  captures: readonly string[],
): Promise<ReadonlyMap<string, Place>> {
  const rows: Row[] = [];
  for (const some of batches([...new Set(captures)], MOST_AT_ONCE)) {
    const answer = await asker.rows({
      from: 'captures',
      columns: {
        capture: { column: 'capture' },
        host: { latest: 'host', by: 'time' },
        site: { latest: 'site', by: 'time' },
        interface: { latest: 'interface', by: 'time' },
        key_id: { latest: 'key_id', by: 'time' },
        live: { countWhere: { column: 'source', op: '=', value: 'live' } },
      },
      where: [{ column: 'capture', in: some }],
      groupBy: ['capture'],
    });
    rows.push(...answer);
  }
  return new Map(
    rows.map((row) => {
      const capture = String(row.capture);
      const place: Place = {
        capture,
        host: text(row.host) ?? '',
        site: text(row.site) ?? '',
        interface: text(row.interface),
        keyId: text(row.key_id),
        isFile: Number(row.live) === 0,
      };
      return [capture, place];
    }),
  );
}

/** A capture that no row tells of, as where its part of the store does not answer. */
export function unknownPlace(capture: string): Place {
  return { capture, host: '', site: '', interface: null, keyId: null, isFile: false };
}
