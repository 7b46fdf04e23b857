import { describe, expect, it } from 'vitest';
import type { FleetBucket, FleetWitness } from '../../../shared/model/fleet.ts';
import { sampleCoverage, sampleFleetJoin, sampleHost } from '../../testing/sample-fleet.ts';
import { coverageTroubles } from './coverage-model.ts';
import { joinStrip } from './join-strip-model.ts';
import { brushed, overTime } from './over-time-model.ts';
import { serverOf } from './scope-bar.tsx';
import { presetOf, presetRange } from './time-presets.ts';

describe('resets over time', () => {
  const bucket = (site: string, fromMs: number, middlebox: number): FleetBucket => ({
    site,
    fromMs,
    endpoint: 0,
    middlebox,
    unknown: 1,
    matters: 0,
  });
  const summary = { fromMs: 1_000, toMs: 1_060 };
  const told = {
    bucketMs: 10,
    buckets: [bucket('a', 1_010, 2), bucket('b', 1_010, 5), bucket('b', 1_040, 1)],
  };

  it('adds sites up over the whole time, those with most first', () => {
    const drawn = overTime(told, {}, summary);
    expect(drawn?.all.bars.map(({ middlebox }) => middlebox)).toEqual([0, 7, 0, 0, 1, 0]);
    expect(drawn?.all).toMatchObject({ total: 11, most: 9 });
    expect(drawn?.sites.map(({ site, total }) => [site, total])).toEqual([
      ['b', 8],
      ['a', 3],
    ]);
    expect([drawn?.fromMs, drawn?.toMs]).toEqual([1_000, 1_060]);
  });

  it('covers the time that is asked for, whole bars of it', () => {
    const drawn = overTime(told, { fromMs: 1_003, toMs: 1_048 }, summary);
    expect([drawn?.fromMs, drawn?.toMs]).toEqual([1_000, 1_050]);
  });

  it('leaves the sites with fewest to the bars of all', () => {
    const buckets = Array.from({ length: 9 }, (_, at) => bucket(`s${at}`, 1_000, at));
    expect(overTime({ bucketMs: 10, buckets }, {}, summary)).toMatchObject({ moreSites: 3 });
  });

  it('is nothing where nothing is told, and bounded where a store tells nonsense', () => {
    expect(overTime({ bucketMs: 0, buckets: [] }, {}, summary)).toBeNull();
    expect(overTime({ bucketMs: 10, buckets: [] }, {}, { fromMs: null, toMs: null })).toBeNull();
    expect(
      overTime({ bucketMs: 1e-6, buckets: [] }, {}, { fromMs: 0, toMs: 1e12 })?.all.bars.length,
    ).toBeLessThanOrEqual(500);
  });

  it('is brushed bar by bar, in either direction', () => {
    const drawn = overTime(told, {}, summary);
    if (drawn === null) throw new Error('there is something to draw');
    expect(brushed(drawn, 0.2, 0.6)).toEqual({ fromMs: 1_010, toMs: 1_040 });
    expect(brushed(drawn, 0.6, 0.2)).toEqual({ fromMs: 1_010, toMs: 1_040 });
    expect(brushed(drawn, -1, 2)).toEqual({ fromMs: 1_000, toMs: 1_060 });
  });
});

describe('coverage', () => {
  it('has nothing to cure where all is there', () => {
    expect(coverageTroubles(sampleCoverage({ hosts: [sampleHost('a', 's')] }))).toEqual([]);
  });

  it('names each weakness once', () => {
    const hosts = [
      sampleHost('a', 's', { gaps: [{ fromMs: 1, toMs: 2 }], keyId: 'public' }),
      sampleHost('b', 's', { lost: 7, spoolLostFiles: 2, keyId: 'ab12cd34' }),
      sampleHost('c', 's', { lost: null, keyId: null, clockBoundSeconds: null }),
    ];
    const missing = [
      { kind: 'shard', name: 'db2', why: '' },
      { kind: 'file', name: 'x', why: '' },
      { kind: 'host', name: 'd', why: '' },
    ] as const;
    expect(
      coverageTroubles({
        ...sampleCoverage(),
        hosts,
        missing,
        shards: { answered: 1, total: 2 },
      }).map(({ what }) => what),
    ).toEqual([
      '1 shard did not answer',
      '1 file could not be read',
      '1 host brought nothing',
      '1 host with gaps',
      '1 host lost packets',
      '1 host did not count losses',
      '1 clock of unknown error',
      '1 spool overflowed',
      '2 fleet keys were used',
    ]);
  });
});

describe('the path of a reset', () => {
  const witness = (host: string, changes: Partial<FleetWitness>): FleetWitness => ({
    host,
    site: 's',
    interface: null,
    sees: 'seen',
    isNearerSender: true,
    by: 'match-key',
    because: [],
    ...changes,
  });
  const hosts = (join: Parameters<typeof joinStrip>[0]): string[] =>
    joinStrip(join).stops.map(({ host, isBornAfter }) => `${host}${isBornAfter ? ' ×' : ''}`);

  it('goes from its receiver over who saw it to who did not', () => {
    const join = sampleFleetJoin({
      witnesses: [
        witness('server-host', { sees: 'absent' }),
        witness('tap', { sees: 'unclear' }),
        witness('firewall', {}),
        witness('laptop', { isNearerSender: false }),
      ],
      between: ['tap', 'server-host'],
    });
    expect(hosts(join)).toEqual(['laptop', 'client-host', 'firewall', 'tap ×', 'server-host']);
  });

  it('draws no place where none is known, and hosts of no known place beside it', () => {
    const join = sampleFleetJoin({
      witnesses: [witness('somewhere', { isNearerSender: null, sees: 'absent' })],
      between: null,
    });
    expect(hosts(join)).toEqual(['client-host']);
    expect(joinStrip(join).elsewhere.map(({ host }) => host)).toEqual(['somewhere']);
  });

  it('runs the other way where the reset is in the client’s name', () => {
    const { reset } = sampleFleetJoin();
    const strip = joinStrip(sampleFleetJoin({ reset: { ...reset, claimed: 'client' } }));
    expect([strip.receiver, strip.sender]).toEqual([reset.server, reset.client]);
  });
});

it.each([
  ['shop.example', { server: 'shop.example' }],
  ['shop.example:443', { server: 'shop.example', serverPort: 443 }],
  [' :8443 ', { serverPort: 8443 }],
  ['[2001:db8::1]:443', { server: '2001:db8::1', serverPort: 443 }],
  ['2001:db8::1', { server: '2001:db8::1' }],
  ['10.0.0.1:99999', { server: '10.0.0.1:99999' }],
  ['', {}],
])('reads the server %s', (text, found) => {
  expect(serverOf(text)).toEqual({ server: undefined, serverPort: undefined, ...found });
});

it('knows its stretches of time again', () => {
  const end = 1e12;
  for (const id of ['hour', 'quarter', 'day', 'week', 'all']) {
    const { fromMs, toMs } = presetRange(id, end);
    expect(presetOf(fromMs, toMs, end)).toBe(id);
  }
  expect(presetOf(end - 5, end, end)).toBe('own');
  expect(presetRange('day', null)).toEqual({ fromMs: undefined, toMs: undefined });
});
