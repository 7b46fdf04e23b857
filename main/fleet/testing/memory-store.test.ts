import { describe, expect, it } from 'vitest';
import type { Row, Select } from '../store.ts';
import { MemoryStore } from './memory-store.ts';

const ROWS: Row[] = [
  { capture: '-5', segment: 0, reset: 0, time: 1_000_000_000n, claimed: 'server', cause: 'Timer', count: 3 },
  { capture: '-5', segment: 0, reset: 1, time: 2_500_000_000n, claimed: 'client', matters: true, count: 1 },
  {
    capture: '7',
    segment: 1,
    reset: 0,
    time: 4_000_000_000n,
    claimed: 'server',
    cause: 'timer',
    matters: false,
  },
  { capture: '10', segment: 1, reset: 1, time: -1n, claimed: 'client', cause: 'é', idle_seconds: 0.5 },
];

const { signal } = new AbortController();

async function ask(select: Partial<Select>): Promise<readonly Row[]> {
  const store = new MemoryStore({ resets: ROWS });
  const { rows } = await store.ask({ from: 'resets', columns: {}, limit: 100, ...select }, signal);
  return rows;
}

const id = { capture: { column: 'capture' }, reset: { column: 'reset' } } as const;
const named = (rows: readonly Row[]): string[] => rows.map(({ capture, reset }) => `${capture}/${reset}`);

describe('rows', () => {
  it.each<[string, Select['where'], string[]]>([
    ['none', [], ['-5/0', '-5/1', '7/0', '10/1']],
    ['equality of a key by its number', [{ column: 'capture', op: '=', value: -5n }], ['-5/0', '-5/1']],
    ['order of keys by number', [{ column: 'capture', op: '>', value: '7' }], ['10/1']],
    ['a time', [{ column: 'time', op: '>=', value: 2_500_000_000n }], ['-5/1', '7/0']],
    ['a flag', [{ column: 'matters', op: '=', value: false }], ['7/0']],
    ['that null equals nothing', [{ column: 'matters', op: '<>', value: true }], ['7/0']],
    ['null', [{ column: 'matters', is: 'null' }], ['-5/0', '10/1']],
    ['what is not null', [{ column: 'cause', is: 'not-null' }], ['-5/0', '7/0', '10/1']],
    ['a list', [{ column: 'reset', in: [1, 5] }], ['-5/1', '10/1']],
    ['an empty list', [{ column: 'reset', in: [] }], []],
    ['text in text, cases alike', [{ column: 'cause', contains: 'IME' }], ['-5/0', '7/0']],
    ['text in text beyond ASCII', [{ column: 'cause', contains: 'É' }], ['10/1']],
    [
      'several',
      [
        { column: 'claimed', op: '=', value: 'server' },
        { column: 'reset', op: '<', value: 1 },
      ],
      ['-5/0', '7/0'],
    ],
    [
      'any of several',
      [
        {
          any: [
            { column: 'cause', op: '=', value: 'é' },
            { column: 'count', op: '>', value: 1 },
          ],
        },
      ],
      ['-5/0', '10/1'],
    ],
    ['any of none', [{ any: [] }], []],
    ['all of none', [{ all: [] }], ['-5/0', '-5/1', '7/0', '10/1']],
  ])('are chosen by %s', async (_, where = [], expected) => {
    expect(named(await ask({ columns: id, where }))).toEqual(expected);
  });

  it('are ordered with null last either way, and cut', async () => {
    const by = (descending: boolean): Partial<Select> => ({
      columns: { ...id, cause: { column: 'cause' } },
      orderBy: [{ by: 'cause', descending }],
    });
    expect(named(await ask(by(false)))).toEqual(['-5/0', '7/0', '10/1', '-5/1']);
    expect(named(await ask(by(true)))).toEqual(['10/1', '7/0', '-5/0', '-5/1']);
    expect(named(await ask({ ...by(true), limit: 1 }))).toEqual(['10/1']);
    const orderBy = [{ by: 'reset', descending: true }, { by: 'capture' }];
    expect(named(await ask({ columns: id, orderBy }))).toEqual(['-5/1', '10/1', '-5/0', '7/0']);
  });

  it('have null in columns that were not given', async () => {
    expect((await ask({ columns: { summary: { column: 'summary' } }, limit: 1 }))[0]).toEqual({
      summary: null,
    });
  });
});

describe('groups', () => {
  it('tell what is asked of each', async () => {
    const rows = await ask({
      columns: {
        claimed: { column: 'claimed' },
        n: { count: true },
        sum: { sum: 'count' },
        least: { min: 'time' },
        most: { max: 'capture' },
        mean: { mean: 'idle_seconds' },
        timers: { countWhere: { column: 'cause', contains: 'timer' } },
        ofMatters: { sumWhere: 'count', where: { column: 'matters', op: '=', value: true } },
        causes: { distinct: 'cause' },
        last: { latest: 'cause', by: 'time' },
      },
      groupBy: ['claimed'],
      orderBy: [{ by: 'claimed' }],
    });
    expect(rows).toEqual([
      {
        claimed: 'client',
        n: 2,
        sum: 1,
        least: -1n,
        most: '10',
        mean: 0.5,
        timers: 0,
        ofMatters: 1,
        causes: 1,
        last: null,
      },
      {
        claimed: 'server',
        n: 2,
        sum: 3,
        least: 1_000_000_000n,
        most: '7',
        mean: null,
        timers: 2,
        ofMatters: 0,
        causes: 2,
        last: 'timer',
      },
    ]);
  });

  it('are all rows where nothing is grouped by, also where there are none', async () => {
    const columns = {
      n: { count: true },
      sum: { sum: 'count' },
      latest: { latest: 'cause', by: 'time' },
    } as const;
    expect(await ask({ columns })).toEqual([{ n: 4, sum: 4, latest: 'timer' }]);
    const where = [{ column: 'reset', op: '>', value: 9 } as const];
    expect(await ask({ columns, where })).toEqual([{ n: 0, sum: null, latest: null }]);
    expect(
      await ask({ columns: { claimed: { column: 'claimed' }, ...columns }, where, groupBy: ['claimed'] }),
    ).toEqual([]);
  });

  it('take null for a value of its own', async () => {
    const columns = { matters: { column: 'matters' }, n: { count: true } } as const;
    const rows = await ask({ columns, groupBy: ['matters'], orderBy: [{ by: 'matters' }] });
    expect(rows).toEqual([
      { matters: false, n: 1 },
      { matters: true, n: 1 },
      { matters: null, n: 2 },
    ]);
  });

  it('are stretches of time, before 1970 too', async () => {
    const columns = { from: { bucket: 'time', seconds: 2 }, n: { count: true } } as const;
    const rows = await ask({ columns, groupBy: ['from'], orderBy: [{ by: 'from' }] });
    expect(rows).toEqual([
      { from: -2_000_000_000n, n: 1 },
      { from: 0n, n: 1 },
      { from: 2_000_000_000n, n: 1 },
      { from: 4_000_000_000n, n: 1 },
    ]);
  });
});

describe('a question', () => {
  it.each<[string, Partial<Select>, RegExp]>([
    ['of an unknown column', { columns: { a: { column: 'nonsense' } } }, /no column “nonsense”/],
    ['ordered by what it has not', { columns: id, orderBy: [{ by: 'time' }] }, /no column “time”/],
    ['that adds texts', { columns: { a: { sum: 'cause' } } }, /no numbers/],
    [
      'of a column beside a group',
      { columns: { ...id, n: { count: true } }, groupBy: ['capture'] },
      /“reset”/,
    ],
    ['grouped by a count', { columns: { n: { count: true } }, groupBy: ['n'] }, /“n”/],
    [
      'with a value of another type',
      { columns: id, where: [{ column: 'reset', op: '=', value: 'a' }] },
      /a is no int/,
    ],
    ['for no number of rows', { columns: id, limit: -1 }, /-1/],
  ])('%s is refused', async (_, select, words) => {
    await expect(ask(select)).rejects.toMatchObject({
      code: 'bad-query',
      message: expect.stringMatching(words),
    });
  });

  it('is told what is missing, and ends with its signal', async () => {
    const missing = [{ kind: 'shard', name: 'b:9000', why: 'it does not answer' }] as const;
    const store = new MemoryStore({}, { missing, shards: 2 });
    const select: Select = { from: 'flows', columns: { n: { count: true } }, limit: 1 };
    expect(await store.ask(select, signal)).toEqual({ rows: [{ n: 0 }], missing });
    await expect(store.ask(select, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
  });
});

it('takes no row that its table could not hold', () => {
  expect(() => new MemoryStore({ flows: [{ cause: 'x' }] })).toThrow(/no column “cause”/);
  expect(() => new MemoryStore({ flows: [{ flow: 0.5 }] })).toThrow(/is no int/);
});
