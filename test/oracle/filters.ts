/** The filters that Wireshark and we are both asked about: a table, and the examples that people read; and where we differ on purpose. */
import { readFileSync } from 'node:fs';
import { filterExamples } from '../words/filter-examples.ts';

const TABLE: readonly string[] = readFileSync(new URL('filters.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));

export const FILTERS: readonly string[] = [...new Set([...TABLE, ...filterExamples('wireshark')])];

/** Filters that one of us accepts and the other does not, and why. */
export const DIFFERENT: ReadonlyMap<string, string> = new Map([
  ...[
    '1',
    'foo',
    'foo.bar',
    'foo bar',
    'len',
    'é',
    'len tcp',
    'any',
    'all',
    'TCP',
    '80',
    '0x50',
    '10.0.0.1',
    '::1',
  ].map((text): [string, string] => [text, 'words that name no field are looked for in rows']),
  ['"abc"', 'a text in quotes is looked for in rows'],
  ['tcp.port in {80 443}', 'in a set a space is as good as a comma'],
  ['http.request.method matches "["', 'the expression is read by the engine, where it is rejected'],
  ['tcp.completeness == 31', 'a field that we do not have'],
]);

/** Filters that both reject, at different places. */
export const ELSEWHERE: ReadonlyMap<string, string> = new Map([
  ['aa:bb', 'a word, a colon and a value is a quick term, whose word is unknown'],
]);
