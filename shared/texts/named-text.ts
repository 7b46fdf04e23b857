/** Puts the user's names into texts that hold addresses: "10.0.0.1:443" becomes "office firewall (10.0.0.1:443)". */
import { nameKey } from '../names/name-key.ts';

export type Names = ReadonlyMap<string, string>;

/** What may be an address, with or without brackets and port; nameKey decides. */
const CANDIDATE =
  /\[[\da-f:.]{2,45}\](?::\d{1,5})?|(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?|(?:[\da-f]{0,4}:){2,7}(?:[\da-f]{0,4}|\d{1,3}(?:\.\d{1,3}){3}))(?![\w:]|\.\d)/giu;

export interface Run {
  readonly text: string;
  /** The name of the address that this run is; empty for plain text. */
  readonly name: string;
}

/** The text in runs; one plain run where nothing in it has a name. */
export function namedRuns(text: string, names: Names): Run[] {
  if (names.size === 0) return [{ text, name: '' }];
  const runs: Run[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(CANDIDATE)) {
    const name = nameOf(found, names);
    if (name === undefined) continue;
    if (index > from) runs.push({ text: text.slice(from, index), name: '' });
    runs.push({ text: found, name });
    from = index + found.length;
  }
  if (from < text.length || runs.length === 0) runs.push({ text: text.slice(from), name: '' });
  return runs;
}

export function namedText(text: string, names: Names): string {
  return namedRuns(text, names)
    .map((run) => (run.name === '' ? run.text : `${run.name} (${run.text})`))
    .join('');
}

/** @param end an address, with or without its port */
export function nameOf(end: string, names: Names): string | undefined {
  if (names.size === 0) return undefined;
  const key = nameKey(addressOf(end));
  return key === undefined ? undefined : names.get(key);
}

/** "10.0.0.1" of "10.0.0.1:443", "2001:db8::1" of "[2001:db8::1]:443". */
export function addressOf(end: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d{1,5})?$/u.exec(end);
  if (bracketed !== null) return bracketed[1];
  return /^[\d.]+:\d{1,5}$/u.test(end) ? end.slice(0, end.lastIndexOf(':')) : end;
}
