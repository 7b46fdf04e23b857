import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAppStore } from '../state/store.ts';
import type { Place } from '../state/place.ts';
import { parsePlace, placeName, placeOf, placeText } from './place.ts';

const number = fc.nat({ max: 1e9 });
const numberOrNone = fc.option(number);
const filter = fc.string({ unit: 'grapheme', maxLength: 60 });
const at = fc.option(fc.record({ file: fc.nat(999), frame: fc.integer({ min: 1, max: 1e9 }) }));
const places: fc.Arbitrary<Place> = fc.oneof(
  fc.record({
    view: fc.constantFrom('overview', 'endpoints', 'warnings', 'catch', 'notes'),
    capture: numberOrNone,
  }),
  fc.record({ view: fc.constant('resets'), capture: numberOrNone, filter, at }),
  fc.record({
    view: fc.constantFrom('failures', 'flows'),
    capture: numberOrNone,
    filter,
    flow: numberOrNone,
  }),
  fc.record({ view: fc.constant('packets'), capture: numberOrNone, filter, at }),
  fc.record({ view: fc.constant('connection'), capture: numberOrNone, flow: numberOrNone, at }),
  // A fleet and a lesson stand beside all captures.
  fc.record({
    view: fc.constant('fleet'),
    capture: fc.constant(null),
    fleet: fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 })),
    scope: fc.record(
      {
        fromMs: fc.integer({ min: 0, max: 4e12 }),
        site: fc.string({ minLength: 1, maxLength: 20 }),
        onlyMatters: fc.constant(true),
      },
      { requiredKeys: [] },
    ),
    reset: fc.option(
      fc.record({
        capture: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
        segment: fc.nat(),
        reset: fc.nat(),
      }),
    ),
  }),
  fc.record({
    view: fc.constant('lesson'),
    capture: fc.constant(null),
    name: fc.stringMatching(/^[a-z0-9-]{1,60}$/),
  }),
) as fc.Arbitrary<Place>;

it('comes back from its address', () => {
  fc.assert(
    fc.property(places, (place) => {
      expect(parsePlace(`#${placeText(place)}`)).toEqual(place);
    }),
  );
});

it.each([
  ['/reset/266', { view: 'resets', capture: null, filter: '', at: { file: 0, frame: 266 } }],
  ['/reset/2:266', { view: 'resets', capture: null, filter: '', at: { file: 1, frame: 266 } }],
  [
    '/resets?filter=tcp.port%20%3D%3D%20443',
    { view: 'resets', capture: null, filter: 'tcp.port == 443', at: null },
  ],
  ['/flow/7', { view: 'flows', capture: null, filter: '', flow: 7 }],
  ['/failure/12?capture=2', { view: 'failures', capture: 2, filter: '', flow: 12 }],
  ['/packet/9?filter=tcp', { view: 'packets', capture: null, filter: 'tcp', at: { file: 0, frame: 9 } }],
  ['/lesson/linger-zero', { view: 'lesson', capture: null, name: 'linger-zero' }],
  ['/connection/3?packet=9', { view: 'connection', capture: null, flow: 3, at: { file: 0, frame: 9 } }],
])('%s', (text, place) => {
  expect(parsePlace(text)).toEqual(place);
  expect(placeText(place as Place)).toBe(text.replaceAll('%20', '+'));
});

describe('what is no place', () => {
  it.each([
    '',
    '#',
    '/',
    '/reset/',
    '/reset/0',
    '/reset/0:5',
    '/reset/-1',
    '/reset/5/6',
    '/reset/1e3',
    '/flow/x',
    '/nowhere',
    '/lesson/',
    '/lesson/..',
    '/lesson/linger-zero?capture=2',
    '/resets?capture=x',
    '/connection/3?packet=-1',
    'code=abcdef',
    `/resets?filter=${'a'.repeat(100_000)}`,
    '/__proto__/1',
  ])('%j', (text) => {
    expect(parsePlace(text)).toBeUndefined();
  });

  it('is never an exception', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const place = parsePlace(`/${text}`);
        if (place !== undefined) expect(parsePlace(placeText(place))).toEqual(place);
      }),
    );
  });
});

it('is taken from what is shown', () => {
  const store = createAppStore({ view: 'resets', reset: 4, packetsFlow: 6 });
  store.setState(({ resetQuery }) => ({ resetQuery: { ...resetQuery, filter: 'cause:idle' } }));
  const addresses = { reset: { file: 0, frame: 99 }, packet: null };
  const place = placeOf(store.getState(), addresses, null);
  expect(placeText(place)).toBe('/reset/99?filter=cause%3Aidle');
  expect(placeName(place)).toBe('reset 99');
  store.setState({ view: 'connection' });
  expect(placeText(placeOf(store.getState(), addresses, 3))).toBe('/connection/6?capture=3');
});
