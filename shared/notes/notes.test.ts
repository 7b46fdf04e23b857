import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASE_FORMAT, CASE_VERSION, caseText, parseCase, type CaseFile } from './case-file.ts';
import { mergeCases, withEntries } from './change-case.ts';
import { SAMPLED_PACKETS, sampledPlaces } from './identity.ts';
import { NOTE_BOUNDS, type Entry } from './note.ts';

const CAPTURE = { sha256: '0'.repeat(64), packets: 1, firstUs: '0', lastUs: '0' };

function entry(id: number, over: Partial<Entry> = {}): Entry {
  return {
    id: id.toString(16).padStart(8, '0'),
    version: 1,
    changedMs: 0,
    about: { kind: 'packet', frame: 1 },
    text: 'a',
    isMarked: false,
    isRemoved: false,
    ...over,
  };
}

function caseOf(...entries: Entry[]): CaseFile {
  return { format: CASE_FORMAT, version: CASE_VERSION, capture: CAPTURE, names: [], entries };
}

describe('a case file', () => {
  it('comes back as it was written', () => {
    const file = caseOf(
      entry(1),
      entry(2, { about: { kind: 'finding', key: 'k', frame: 2 }, isMarked: true }),
      entry(3, { about: { kind: 'filter', filter: 'tcp.flags.reset' }, text: '' }),
    );
    expect(parseCase(caseText(file))).toEqual({ ok: true, value: file });
  });

  it('of an older version is migrated step by step', () => {
    const migrations = new Map([
      [0, ({ notes, ...rest }: Record<string, unknown>) => ({ ...rest, entries: notes })],
    ]);
    const { entries, ...rest } = caseOf(entry(1));
    const old = JSON.stringify({ ...rest, version: 0, notes: entries });
    expect(parseCase(old, migrations)).toEqual({ ok: true, value: caseOf(entry(1)) });
    expect(parseCase(old)).toMatchObject({ error: { why: 'damaged', message: 'there is no version 0' } });
  });

  it('says what is wrong and where', () => {
    const wrong = JSON.stringify(caseOf(entry(1, { version: 0 })));
    expect(parseCase(wrong)).toMatchObject({
      error: { why: 'damaged', message: expect.stringContaining('entries.0.version') },
    });
    expect(parseCase(JSON.stringify(caseOf(entry(1), entry(1))))).toMatchObject({
      error: { message: 'two entries have the same id' },
    });
  });
});

describe('changing a case', () => {
  it('is refused where it would hold too much', () => {
    const full = caseOf(...Array.from({ length: NOTE_BOUNDS.entries }, (_, i) => entry(i)));
    expect(withEntries(full, [entry(1, { text: 'b' })]).ok).toBe(true);
    expect(withEntries(full, [entry(NOTE_BOUNDS.entries)]).ok).toBe(false);
  });

  it('forgets the oldest of what was removed', () => {
    const gone = Array.from({ length: NOTE_BOUNDS.removed + 5 }, (_, i) =>
      entry(i, { isRemoved: true, changedMs: i }),
    );
    const changed = withEntries(caseOf(), gone);
    const oldest = changed.ok ? Math.min(...changed.value.entries.map(({ changedMs }) => changedMs)) : -1;
    expect(oldest).toBe(5);
  });

  const some = fc
    .uniqueArray(
      fc.record({ id: fc.nat(6), version: fc.integer({ min: 1, max: 3 }), text: fc.constantFrom('a', 'b') }),
      {
        selector: ({ id }) => id,
      },
    )
    .map((all) => caseOf(...all.map(({ id, ...over }) => entry(id, over))));
  const sorted = (file: CaseFile): readonly Entry[] =>
    [...file.entries].sort((a, b) => (a.id < b.id ? -1 : 1));

  it('two cases are merged in any order to the same, and again to nothing new', () => {
    fc.assert(
      fc.property(some, some, some, (a, b, c) => {
        const merged = sorted(mergeCases(mergeCases(a, b), c));
        expect(sorted(mergeCases(c, mergeCases(b, a)))).toEqual(merged);
        expect(sorted(mergeCases(mergeCases(a, b), mergeCases(b, c)))).toEqual(merged);
      }),
    );
  });
});

it('a sample is spread over all packets, first and last among them, none twice', () => {
  expect(sampledPlaces(3)).toEqual([0, 1, 2]);
  for (const packets of [SAMPLED_PACKETS, SAMPLED_PACKETS + 1, 1000, 2 ** 33]) {
    const places = sampledPlaces(packets);
    expect(new Set(places).size).toBe(SAMPLED_PACKETS);
    expect([places[0], places.at(-1)]).toEqual([0, packets - 1]);
  }
});
