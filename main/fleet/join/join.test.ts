import { describe, expect, it } from 'vitest';
import type { FleetJoin, FleetResetId } from '../../../shared/model/fleet.ts';
import { MemoryStore, type MemoryTables } from '../testing/memory-store.ts';
import {
  captureKey,
  type CapturePoint,
  type Connection,
  exchange,
  type PathWorld,
  type Travelling,
  worldTables,
} from '../testing/path-world.ts';
import type { MissingPart } from '../store.ts';
import { Asking } from '../questions/asking.ts';
import { joinReset, joinScope } from './join.ts';

const { signal } = new AbortController();

/** A reset in the server’s name, made by the first router, and what the server goes on saying. */
const forgedAt = (at: number): Travelling[] => [
  { kind: 'rst', from: 'server', at: at + 0.2, sequence: 77, madeAt: 1 },
  { kind: 'data', from: 'server', at: at + 0.3, sequence: 900, bytes: 50 },
];
const realAt = (at: number): Travelling[] => [{ kind: 'rst', from: 'server', at: at + 0.2, sequence: 78 }];

interface Variation {
  readonly client?: Partial<CapturePoint>;
  readonly middle?: Partial<CapturePoint> | null;
  readonly server?: Partial<CapturePoint> | null;
  readonly more?: readonly CapturePoint[];
  readonly connection?: Connection;
  readonly others?: readonly Connection[];
  readonly world?: Partial<PathWorld>;
  readonly missing?: readonly MissingPart[];
  /** Which of the captures’ resets is asked for. */
  readonly asked?: Partial<FleetResetId>;
  /** Changes the tables. */
  readonly change?: (tables: MemoryTables) => MemoryTables;
}

/** Connections of the two hosts before and after the one that is reset, 100 seconds into the world. */
const OTHERS = [20, 60, 99, 130, 180].map((at, index) => exchange(index + 1, at));
const FORGED = exchange(50, 100, { packets: forgedAt(100) });
const REAL = exchange(50, 100, { packets: realAt(100) });

/** The client, and a host between the second router and the server, which is a third one. Clocks are as their machines say. */
async function joined(variation: Variation = {}): Promise<FleetJoin> {
  const { client = {}, middle = null, server = {}, more = [], others = OTHERS, world = {} } = variation;
  const clockBound = 0.005;
  const points: CapturePoint[] = [{ host: 'alpha', place: 0, clockBound, ...client }];
  if (server !== null) points.push({ host: 'omega', place: 3, clockBound, ...server });
  if (middle !== null) points.push({ host: 'mu', place: 1.5, clockBound, ...middle });
  points.push(...more);
  const connections = [...others, variation.connection ?? FORGED];
  const tables = worldTables({ routers: 2, points, connections, ...world });
  const { missing = [], change = (same) => same } = variation;
  const store = new MemoryStore(change(tables), { missing, shards: 2 });
  const row = change(tables).resets?.find(
    ({ capture }) => capture === (variation.asked?.capture ?? captureKey(0)),
  );
  if (row === undefined) throw new Error('There is no reset to ask for.');
  const id = {
    capture: String(row.capture),
    segment: Number(row.segment),
    reset: Number(row.reset),
    ...variation.asked,
  };
  return joinReset(new Asking(store, signal), id);
}

const whyOf = (join: FleetJoin, host: string): string =>
  join.witnesses.find((one) => one.host === host)?.because.join('; ') ?? 'no witness';
const seesOf = (join: FleetJoin, host: string): string | undefined =>
  join.witnesses.find((one) => one.host === host)?.sees;

describe('a reset that a device made', () => {
  it('is forged where the server’s host holds the connection, lost nothing, and not the reset', async () => {
    const join = await joined();
    expect(join).toMatchObject({ verdict: 'forged', between: ['alpha', 'omega'] });
    expect(join.sentence).toBe(
      'The server did not send this reset: a device made it in the server’s name, between alpha and omega or on one of the two. ' +
        'omega, which no router separates from the server, captured this connection in both directions, lost nothing, and the reset never passed there.',
    );
    expect(join.next).toMatch(
      /between alpha and omega .* 10\.0\.0\.1:40050 to 192\.0\.2\.9:443 at 2026-09-21 14:15:00 UTC/,
    );
    expect(join.witnesses).toMatchObject([
      { host: 'omega', sees: 'absent', isNearerSender: true, by: 'match-key' },
    ]);
  });

  it.each<[string, Variation, [string, string]]>([
    ['by the nearest of several hosts', { middle: {} }, ['alpha', 'mu']],
    [
      'between the last that holds it and the first that does not',
      {
        middle: { place: 0.5 },
        connection: exchange(50, 100, { packets: forgedAt(100) }),
      },
      ['mu', 'omega'],
    ],
    [
      'with anonymised addresses',
      { server: { isAnonymised: true }, client: { isAnonymised: true } },
      ['alpha', 'omega'],
    ],
    ['with addresses anonymised at one of the hosts', { server: { isAnonymised: true } }, ['alpha', 'omega']],
    ['through address translation', { server: { isBehindNat: true } }, ['alpha', 'omega']],
    [
      'with clocks that nobody vouches for, by connections before and after',
      {
        client: { clockBound: null, clock: () => 40 },
        server: { clockBound: null },
      },
      ['alpha', 'omega'],
    ],
    ['by files of captures', { client: { isFile: true }, server: { isFile: true } }, ['alpha', 'omega']],
    [
      'where a harmless filter was on',
      { server: { filter: 'tcp and (host 10.0.0.1 or net 10.0.0.0/8) and port 443' } },
      ['alpha', 'omega'],
    ],
    [
      'where the request was taken off the path',
      {
        connection: exchange(50, 100, {
          packets: [{ kind: 'rst', from: 'server', at: 100.2, sequence: 77, madeAt: 1 }],
          isBlockedAt: 1,
        }),
      },
      ['alpha', 'omega'],
    ],
    [
      'when it was sent three times',
      {
        connection: exchange(50, 100, {
          packets: [0, 0.001, 0.002].map((later) => ({
            kind: 'rst',
            from: 'server',
            at: 100.2 + later,
            sequence: 77 + later * 2000,
            madeAt: 1,
          })),
        }),
      },
      ['alpha', 'omega'],
    ],
    [
      'when it was sent twice alike',
      {
        connection: exchange(50, 100, {
          packets: [0, 0.001].map((later) => ({
            kind: 'rst',
            from: 'server',
            at: 100.2 + later,
            sequence: 77,
            madeAt: 1,
          })),
        }),
      },
      ['alpha', 'omega'],
    ],
    [
      'when the server, later, really reset it: both hold that one',
      {
        connection: exchange(50, 100, {
          packets: [...forgedAt(100), { kind: 'rst', from: 'server', at: 100.6, sequence: 990 }],
        }),
      },
      ['alpha', 'omega'],
    ],
    ['over parts of a capture that touch', { server: { segmentSeconds: 5 } }, ['alpha', 'omega']],
    [
      'in the client’s name, towards the server',
      {
        connection: exchange(50, 100, {
          packets: [{ kind: 'rst', from: 'client', at: 100.2, sequence: 70, madeAt: 2 }],
        }),
        asked: { capture: captureKey(1) },
      },
      ['omega', 'alpha'],
    ],
  ])('is forged %s', async (_, variation, between) => {
    const join = await joined(variation);
    expect({ ...join, why: join.witnesses }).toMatchObject({ verdict: 'forged', between });
  });

  it.each<[string, Variation, string | RegExp, RegExp?]>([
    [
      'one packet was lost there',
      { server: { misses: ({ kind }, { id }) => kind === 'fin' || (id === 2 && kind === 'ack') } },
      /lost 1 packet/,
    ],
    [
      'nobody counted losses there',
      { server: { losses: 'unknown' } },
      /nobody counted what its capture lost/,
      /--spool/,
    ],
    ['the capture there is not whole', { server: { isWhole: false } }, /damaged/],
    ['rows are left out there', { server: { untold: 2 } }, /2 resets and flows of that time have no row/],
    [
      'the filter there asks for flags',
      { server: { filter: 'tcp[13] & 4 == 0' } },
      /filter may leave out just the reset/,
      /without flags/,
    ],
    ['the filter there asks for lengths', { server: { filter: 'greater 100' } }, /filter may leave out/],
    [
      'the capture there began later',
      { server: { from: 100.25 } },
      /start of the connection was not captured at both/,
    ],
    ['the capture there ended before', { server: { to: 100.15 } }, /ended .* too early/],
    [
      'a part of the capture there is missing',
      {
        server: { segmentSeconds: 0.1, to: 110 },
        change: (tables) => ({
          ...tables,
          captures: tables.captures?.filter(
            ({ capture, segment }) => capture !== captureKey(1) || segment !== 1002,
          ),
        }),
      },
      /a part of its capture around that time is missing/,
    ],
    [
      'clocks are not known and nothing came after',
      {
        client: { clockBound: null },
        server: { clockBound: null },
        others: OTHERS.slice(0, 3),
      },
      /nothing shows that this capture still ran/,
      /--clock-bound/,
    ],
    [
      'a clock was set meanwhile',
      {
        client: { clockBound: null },
        server: { clockBound: null, clock: (at) => (at < 110 ? 0 : 30) },
      },
      /one of them was set meanwhile/,
    ],
    [
      'the clocks are further apart than is said',
      { server: { clock: () => 5 } },
      /further apart than their machines say/,
    ],
    [
      'the connection’s start was not captured',
      { client: { from: 100.05 } },
      /start of the connection was not captured at both/,
    ],
    [
      'only one direction passes there',
      {
        server: { misses: ({ from }) => from === 'client', losses: 'unseen' },
      },
      /start of the connection|only one direction/,
    ],
    [
      'the claimed sender is not heard there',
      { server: { misses: ({ from }) => from === 'server', losses: 'unseen' } },
      /no other packet of the server was captured there/,
    ],
    [
      'packets of the connection were missed there',
      {
        server: {
          misses: ({ kind, from }, { id }) => id === 50 && kind === 'data' && from === 'client',
          losses: 'unseen',
        },
      },
      /missed packets of this very connection/,
    ],
    [
      'packets of other connections were missed there',
      {
        server: {
          misses: ({ kind, from }, { id }) => id === 3 && kind === 'data' && from === 'client',
          losses: 'unseen',
        },
      },
      /missed 200 acknowledged bytes/,
    ],
    [
      'another reset was captured there',
      {
        connection: exchange(50, 100, {
          packets: [...forgedAt(100), { kind: 'rst', from: 'server', at: 100.25, sequence: 990, endsAt: 2 }],
        }),
      },
      /1 other reset from the server’s address/,
    ],
    ['the keys differ', { server: { keyId: 'abcd0123' } }, 'no witness', /the same --fleet-key/],
    ['no other host holds the connection', { server: null }, 'no witness', /Capture on the server itself/],
    [
      'a part of the store does not answer',
      { missing: [{ kind: 'shard', name: 'store-b:9000', why: 'it does not answer' }] },
      /store-b:9000 did not answer/,
    ],
    [
      'its file there cannot be read',
      {
        missing: [
          {
            kind: 'file',
            name: `resets/${BigInt.asUintN(64, BigInt(captureKey(1)))
              .toString(16)
              .padStart(16, '0')}-00000.parquet`,
            why: 'damaged',
          },
        ],
      },
      /did not answer/,
    ],
    [
      'something writes TTLs anew',
      { world: { rewritesTtlAt: [1] }, client: { place: 0 }, server: { place: 1.5 } },
      /TTL/,
    ],
    [
      'the connection was silent long before, and the hosts did not talk again',
      {
        others: [exchange(9, 60)].map((one) => ({ ...one, clientPort: 9 })),
        connection: exchange(50, 100, {
          packets: [{ kind: 'rst', from: 'server', at: 160, sequence: 77, madeAt: 1 }],
        }),
      },
      /the way may have changed/,
      /talked again/,
    ],
  ])('stays open where %s', async (_, variation, why, next = /./) => {
    const join = await joined(variation);
    expect(whyOf(join, 'omega')).toMatch(why);
    expect(join).toMatchObject({ verdict: 'open', between: null });
    expect(join.next).toMatch(next);
  });

  it('tells nothing by a host further from the claimed sender, or by a second capture of the same point', async () => {
    const again: CapturePoint = {
      host: 'alpha',
      interface: 'any',
      place: 0,
      clockBound: 0.005,
      misses: ({ kind }) => kind === 'rst',
      losses: 'unseen',
    };
    const join = await joined({ server: null, more: [again] });
    expect(join.verdict).toBe('open');
    expect(join.witnesses).toMatchObject([{ host: 'alpha', interface: 'any', isNearerSender: null }]);
    const behind = await joined({ client: { place: 0.5 }, server: null, more: [{ ...again, host: 'beta' }] });
    expect(behind).toMatchObject({ verdict: 'open', witnesses: [{ host: 'beta', isNearerSender: false }] });
    expect(behind.sentence).toMatch(/not nearer to the server than alpha/);
  });
});

describe('a reset that its claimed sender made', () => {
  it('is sent where that host’s own capture shows it leaving', async () => {
    const join = await joined({ connection: REAL, server: { knowsDirections: true } });
    expect(join).toMatchObject({ verdict: 'sent', between: null, next: 'Look at the server.' });
    expect(join.sentence).toBe(
      'The server sent this reset itself: it is omega, and its own capture shows it leaving.',
    );
    expect(seesOf(join, 'omega')).toBe('seen');
  });

  it('is sent where it passed beside the server, and then the words say no more', async () => {
    const join = await joined({ connection: REAL });
    expect(join.verdict).toBe('sent');
    expect(join.sentence).toMatch(
      /Only something in the server’s own network segment could have sent it in its place/,
    );
  });

  it.each<[string, Variation]>([
    ['through address translation', { connection: REAL, server: { isBehindNat: true } }],
    ['with anonymised addresses', { connection: REAL, server: { isAnonymised: true } }],
    [
      'when it was sent twice',
      { connection: exchange(50, 100, { packets: [...realAt(100), ...realAt(100.01)] }) },
    ],
    [
      'though the capture there lost packets',
      { connection: REAL, server: { misses: ({ kind }) => kind === 'data' } },
    ],
    ['by a connection that was captured from its middle on', { connection: REAL, client: { from: 100.1 } }],
  ])('is sent %s', async (_, variation) => {
    expect(await joined(variation)).toMatchObject({ verdict: 'sent' });
  });

  it.each<[string, Variation, RegExp]>([
    [
      'it passed a host on the way: it came from beyond',
      { connection: REAL, server: null, middle: {} },
      /^It came from beyond mu, which holds it too, 1 router from the server\./,
    ],
    [
      'that host holds it once, and the receiver twice',
      {
        connection: exchange(50, 100, {
          packets: [...realAt(100), { kind: 'rst', from: 'server', at: 100.2, sequence: 78, madeAt: 1 }],
        }),
        server: { knowsDirections: true },
      },
      /omega/,
    ],
    [
      'the capture at its sender missed it',
      { connection: REAL, server: { misses: ({ kind }) => kind === 'rst' } },
      /lost 1 packet/,
    ],
    [
      'a host nearer holds it, and one beside does not',
      {
        connection: REAL,
        server: null,
        middle: {},
        more: [
          {
            host: 'nu',
            place: 2.5,
            clockBound: 0.005,
            misses: ({ kind }) => kind === 'rst',
            losses: 'counted',
          },
        ],
      },
      /nu holds the connection and not the reset, which proves nothing: its capture lost 1 packet/,
    ],
  ])('stays open where %s', async (_, variation, sentence) => {
    const join = await joined(variation);
    expect(join.verdict).toBe('open');
    expect(join.sentence).toMatch(sentence);
  });

  it('never came as far as the client: that is loss and no forgery', async () => {
    const lost = exchange(50, 100, {
      packets: [{ kind: 'rst', from: 'server', at: 100.2, sequence: 78, endsAt: 2 }],
    });
    const join = await joined({
      connection: lost,
      server: { knowsDirections: true },
      asked: { capture: captureKey(1) },
    });
    expect(join.verdict).toBe('sent');
    expect(join.sentence).toMatch(
      /It did not come as far as alpha: it was lost or stopped on the way to the client\.$/,
    );
  });

  it('is no proof against its sender where a capture beyond holds it that the nearer one missed', async () => {
    const join = await joined({
      connection: REAL,
      middle: { misses: ({ kind }) => kind === 'rst', losses: 'unseen' },
    });
    expect(join.verdict).toBe('sent');
    expect(whyOf(join, 'mu')).toMatch(/omega holds the reset and may stand nearer/);
  });
});

describe('the words', () => {
  it('hold no name that hides or breaks what follows', async () => {
    const join = await joined({ server: { host: 'om\u001b[31mega\u202e' } });
    expect(join.sentence).toContain('om\\x1b[31mega\\u202e');
    expect(JSON.stringify(join)).not.toMatch(/\u001b|\u202e/u);
  });

  it('name interfaces where a host captured at several', async () => {
    const join = await joined({
      server: null,
      more: [
        { host: 'router', interface: 'inside', place: 0.9, clockBound: 0.001 },
        { host: 'router', interface: 'outside', place: 1.1, clockBound: 0.001 },
      ],
      connection: exchange(50, 100, { packets: forgedAt(100) }),
    });
    expect(join.between).toEqual(['router (inside)', 'router (outside)']);
  });
});

it('says which reset there is not', async () => {
  await expect(joined({ asked: { reset: 99 } })).rejects.toMatchObject({
    code: 'bad-query',
    message: expect.stringMatching(/no reset .*\/0\/99\. “resetscope fleet resets” lists/),
  });
});

it('tells a reset that several hosts captured once, and counts', async () => {
  const points: CapturePoint[] = [0, 1.5, 3].map((place, index) => ({
    ...{ host: `host-${index}`, place, clockBound: 0.005, knowsDirections: true },
  }));
  const connections = [...OTHERS, REAL, exchange(51, 110, { packets: forgedAt(110) })];
  const store = new MemoryStore(worldTables({ routers: 2, points, connections }));
  const joined = await joinScope(new Asking(store, signal), {}, 100);
  expect(joined).toMatchObject({ total: 4, counts: { forged: 1, sent: 1, open: 0 } });
  expect(joined.joins.map(({ reset, verdict }) => [reset.host, verdict])).toEqual([
    ['host-0', 'forged'],
    ['host-0', 'sent'],
  ]);
  expect(await joinScope(new Asking(store, signal), { host: 'host-2' }, 100)).toMatchObject({
    ...{ total: 1, joins: [{ reset: { host: 'host-2' }, verdict: 'sent' }] },
  });
});

it('ends with its signal', async () => {
  const asking = new Asking(new MemoryStore({}), AbortSignal.abort(new Error('enough')));
  await expect(joinReset(asking, { capture: '1', segment: 0, reset: 0 })).rejects.toThrow('enough');
});
