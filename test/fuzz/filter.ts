/** The quick filter: whatever text somebody types or a link carries, it is refused with a place or tests any row. */
import assert from 'node:assert/strict';
import { compileFilter, type Filter } from '../../shared/filter/filter.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { printFilter } from '../../shared/filter/print.ts';
import { MAX_FILTER_LENGTH } from '../../shared/filter/quick/lexer.ts';
import { QUICK_FIELDS } from '../../shared/filter/quick/fields.ts';
import { sampleFailure, sampleFlow, sampleReset } from '../../renderer/testing/sample.ts';
import { FILTERS } from '../oracle/filters.ts';
import type { FuzzTarget } from './fuzz-loop.ts';

const TEXTS: readonly string[] = [
  'injected server:10.0.0.0/8 -port:443 idle:>60 cause:refused,abort "acme firewall"',
  'ip:2001:db8::/32,192.0.2.1 client:[2001:db8::5]:443 -server:"a \\" b\\\\"',
  'conf:>=90% seconds:<1min tries>7 rtt:<200ms matters:yes,no -recovered:no',
  'ORIGIN:Middle host:\u00e9\u{1f600} label:"two hops" state=S0',
  ...FILTERS,
  'frame:1e3 port:0x50 flow:-1 file:99999999999999999999 hops:>=0.5',
  ...QUICK_FIELDS.map((field) => `${field.name}:${field.name} -${field.name}:>1,"2"`),
];

export const filterTarget: FuzzTarget = {
  name: 'filter',
  corpus: TEXTS.map((text) => new TextEncoder().encode(text)),
  check(input) {
    const text = new TextDecoder().decode(input);
    const compiled = compileFilter(text);
    if (!compiled.ok) {
      const { from, to, message } = compiled.error;
      assert.ok(from >= 0 && from <= to && from <= text.length, 'an error lies in the text');
      assert.notEqual(message, '', 'an error has words');
      return;
    }
    const printed = printFilter(compiled.value.node);
    // Words are shorter than what they stand for: that may be longer than a filter may be.
    if (printed.length <= MAX_FILTER_LENGTH) {
      const again = parseFilter(printed);
      assert.ok(again.ok, 'what is printed can be read');
      assert.deepEqual(shape(again.value), shape(compiled.value.node), 'what is printed means the same');
    }
    const verdicts = answers(compiled.value);
    assert.deepEqual(answers(compiled.value), verdicts, 'a filter remembers nothing');
    if (compiled.value.empty) assert.deepEqual(verdicts, [true, true, true], 'an empty filter lets all pass');
    // Terms that must all hold cannot let more pass together with one more.
    const narrower = compileFilter(`${text} "no row says this"`);
    if (narrower.ok) assert.deepEqual(answers(narrower.value), [false, false, false]);
  },
};

/** Where things stand in a text and how they are written there means nothing. */
function shape(node: unknown): unknown {
  if (typeof node !== 'object' || node === null || node instanceof Uint8Array) return node;
  if (Array.isArray(node)) return node.map((part) => shape(part));
  const kept = Object.entries(node).filter(([key]) => key !== 'span' && key !== 'text');
  return Object.fromEntries(kept.map(([key, value]) => [key, shape(value)]));
}

function answers(filter: Filter): readonly boolean[] {
  return [
    filter.matchesReset(sampleReset(3)),
    filter.matchesFlow(sampleFlow(17)),
    filter.matchesFailure(sampleFailure(17)),
  ];
}
