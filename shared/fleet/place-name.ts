/** What a place of a fleet is called: a folder by its path, a server by its address without the password. */

const SCHEME = 'clickhouse://';

export function storeOf(place: string): 'folder' | 'clickhouse' {
  return place.toLowerCase().startsWith(SCHEME) ? 'clickhouse' : 'folder';
}

/** The same place without a password, fit for addresses, lists and logs. */
export function withoutPassword(place: string): string {
  if (storeOf(place) === 'folder') return place;
  const rest = place.slice(SCHEME.length);
  const slash = rest.search(/[/?#]/);
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  // A password may have an @ in it that somebody forgot to escape.
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at).split(':', 1)[0];
  const path = slash < 0 ? '' : rest.slice(slash);
  return `${SCHEME}${user === '' ? '' : `${user}@`}${authority.slice(at + 1)}${path}`;
}
