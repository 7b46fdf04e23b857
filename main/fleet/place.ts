/** What kind of store a place is. */
import { isClickHousePlace } from './clickhouse/place.ts';

/** @param place as users write it */
export function kindOfPlace(place: string): 'folder' | 'clickhouse' {
  return isClickHousePlace(place) ? 'clickhouse' : 'folder';
}
