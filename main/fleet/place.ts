/** What kind of store a place is. */
const SERVER = /^clickhouse:\/\//iu;

/** @param place as users write it */
export function kindOfPlace(place: string): 'folder' | 'clickhouse' {
  return SERVER.test(place) ? 'clickhouse' : 'folder';
}
