import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CAUSE_CODES } from '../model/cause.ts';
import type { FleetScope } from '../model/fleet.ts';
import { ORIGIN_KINDS } from '../model/verdict.ts';
import { parseResetId, resetIdText, scopeOf, scopeText } from './scope-text.ts';

const word = fc.string({ minLength: 1, maxLength: 40 });
const time = fc.integer({ min: -1e12, max: 4e12 });
const scope = fc.record(
  {
    fromMs: time,
    toMs: time,
    site: word,
    host: word,
    server: word,
    serverPort: fc.nat(65_535),
    client: word,
    cause: fc.constantFrom(...CAUSE_CODES),
    origin: fc.constantFrom(...ORIGIN_KINDS),
    onlyMatters: fc.constant(true),
  },
  { requiredKeys: [] },
);
const read = (texts: ReturnType<typeof scopeText>): FleetScope | undefined =>
  scopeOf((name) => texts.find(([one]) => one === name)?.[1] ?? null);

it('finds every scope again', () => {
  fc.assert(
    fc.property(scope, (one) => {
      expect(read(scopeText(one))).toEqual(one);
    }),
  );
});

it.each([
  ['a time', [['from', 'yesterday']]],
  ['a port', [['port', '70000']]],
  ['an origin', [['origin', 'nobody']]],
  ['a cause', [['cause', '__proto__']]],
  ['a word', [['site', '']]],
  ['what matters', [['matters', 'no']]],
] as const)('refuses what is not %s', (_what, texts) => {
  expect(read(texts)).toBeUndefined();
});

it('finds the reset again that a text names', () => {
  const id = { capture: '-9223372036854775808', segment: 3, reset: 70_000 };
  expect(parseResetId(resetIdText(id))).toEqual(id);
  for (const text of ['', '1', '1/2', '1/2/3/4', 'a/0/0', '1/-1/0', '1/0/x', '1//2', '1.2.3'])
    expect(parseResetId(text)).toBeUndefined();
});
