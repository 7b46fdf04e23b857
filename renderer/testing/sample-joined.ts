/** A case of two or three captures of one path for unit tests: its report, a reset's journey, and a ladder told in a few letters. */
import { makeLadderColumns } from '../../shared/columns/ladder.ts';
import type {
  ClockOffset,
  JoinReport,
  JoinedLadder,
  PacketAt,
  ResetJourney,
  Vantage,
} from '../../shared/model/join.ts';

const SAME_CLOCK: ClockOffset = { offsetNs: 0, offsetErrorNs: 0, driftPpm: 0, atNs: 0, steps: [] };
const OTHER_CLOCK: ClockOffset = {
  offsetNs: 31_204_000_000,
  offsetErrorNs: 1_200_000,
  driftPpm: 18,
  atNs: 0,
  steps: [],
};

export function sampleVantages(names: readonly string[] = ['client', 'server']): Vantage[] {
  return names.map((name, file) => ({
    ...(file === 0 ? SAME_CLOCK : { ...OTHER_CLOCK, offsetNs: OTHER_CLOCK.offsetNs / file }),
    files: [file],
    name,
    order: file,
    hopsToNext: file === names.length - 1 ? null : 3,
  }));
}

export function sampleJoin(changes: Partial<JoinReport> = {}): JoinReport {
  return {
    vantages: sampleVantages(),
    pairs: [
      {
        files: [0, 1],
        class: 'same',
        connections: 12,
        matched: 4810,
        onlyFirst: 6,
        onlySecond: 2,
        changed: 31,
        changes: 1 << 3,
        lossToSecond: 0.0012,
        lossToFirst: 0.0004,
        roundTripNs: 24_300_000,
        found: ['addresses of the clients are translated'],
      },
    ],
    connections: 12,
    ...changes,
  };
}

/** Made between the two: it was seen at the client alone. */
export function sampleJourney(changes: Partial<ResetJourney> = {}): ResetJourney {
  return {
    seenAt: [{ vantage: 0, file: 0, frame: 14, packet: 13, timeNs: 1e9, ttl: 61 }],
    absentAt: [{ vantage: 1, lossBound: 0.003, lies: 'before', doubt: null }],
    born: { between: [1, 0] },
    proven: true,
    sameActAs: null,
    ...changes,
  };
}

export interface SampleCourse {
  readonly from?: 'client' | 'server';
  readonly flags?: number;
  readonly seq?: number;
  readonly ack?: number;
  readonly payload?: number;
  /** By vantage: when it passed, ms on the clock of the first; null where it was not seen. */
  readonly seen: readonly (number | null)[];
  /** By vantage: CHANGED bits. */
  readonly changes?: readonly number[];
  /** By vantage: in how many segments it passes. */
  readonly segments?: readonly number[];
  readonly reset?: number;
}

const ACK = 0x10;
/** What routers between two vantages take of a TTL. */
const HOPS = 3;

export interface SampleWay {
  readonly isOrdered?: boolean;
  /** Vantages that a proxy stands before. */
  readonly behindProxy?: readonly number[];
}

/** @param flows of the vantages; packets of each are numbered behind those of the one before */
export function sampleJoinedLadder(
  courses: readonly SampleCourse[],
  names: readonly string[] = ['client', 'server'],
  flows: readonly number[] = names.map((_, index) => index),
  { isOrdered = true, behindProxy = [] }: SampleWay = {},
): JoinedLadder {
  const vantages = sampleVantages(names);
  let number = 0;
  const parts = vantages.map((vantage, v) => {
    const passing = courses
      .flatMap((course, journey) => {
        const atMs = course.seen[v];
        if (atMs === null) return [];
        const segments = course.segments?.[v] ?? 1;
        return Array.from({ length: segments }, (_, segment) => ({
          course,
          journey,
          atMs,
          segment,
          segments,
        }));
      })
      .sort((a, b) => a.atMs - b.atMs);
    const columns = makeLadderColumns(passing.length);
    const journeys = new Uint32Array(passing.length);
    const changes = new Uint16Array(passing.length);
    passing.forEach(({ course, journey, atMs, segment, segments }, i) => {
      const isFromClient = course.from === 'client';
      const payload = (course.payload ?? 0) / segments;
      columns.timeNs[i] = atMs * 1e6 * (1 + vantage.driftPpm / 1e6) + vantage.offsetNs;
      columns.packet[i] = number++;
      columns.file[i] = v;
      columns.frame[i] = i + 1;
      columns.seq[i] = 1000 * (v + 1) + (course.seq ?? 1) + segment * payload;
      columns.ack[i] = 1000 * (v + 1) + (course.ack ?? 1);
      columns.payload[i] = payload;
      columns.length[i] = 54 + payload;
      columns.reset[i] = course.reset ?? -1;
      columns.window[i] = 501;
      columns.flags[i] = course.flags ?? ACK;
      columns.ttl[i] = 64 - HOPS * (isFromClient ? v : vantages.length - 1 - v);
      columns.from[i] = isFromClient ? 0 : 1;
      journeys[i] = journey;
      changes[i] = course.changes?.[v] ?? 0;
    });
    return {
      earlier: 0,
      columns: columns.bytes,
      journeys: new Uint8Array(journeys.buffer),
      changes: new Uint8Array(changes.buffer),
    };
  });
  return {
    vantages: vantages.map((vantage, v) => ({
      ...vantage,
      ...{ file: v, flow: flows[v], client: '10.0.0.1:40000', server: '192.0.2.7:443' },
      isBehindProxy: behindProxy.includes(v),
    })),
    isOrdered,
    parts,
  };
}

/** One packet at two capture points. */
export function samplePlaces(first: number, second: number | null, changes = 0): PacketAt[] {
  return [
    { vantage: 0, packet: first, file: 0, frame: first + 1, changes: 0 },
    { vantage: 1, packet: second, file: 1, frame: second === null ? null : 1, changes },
  ];
}
