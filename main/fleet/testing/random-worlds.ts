/**
 * Worlds out of seeds, what a fleet’s tables hold of them, and whether what a join says of their resets is so.
 *
 * Left out is what no table could show: a single packet lost without anybody’s counting it, and a way that changes within the second before a reset
 * or for the reset alone.
 */
import type { FleetJoin } from '../../../shared/model/fleet.ts';
import type { Side } from '../../../shared/model/verdict.ts';
import type { MissingPart } from '../store.ts';
import type { MemoryTables } from './memory-store.ts';
import {
  type CapturePoint,
  type Connection,
  exchange,
  hash,
  placeOf,
  type PathWorld,
  type Travelling,
  worldTables,
} from './path-world.ts';

/** Mulberry32: the same worlds on every machine. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Made {
  readonly world: PathWorld;
  readonly tables: MemoryTables;
  readonly missing: readonly MissingPart[];
  /** Where each reset was made, by its number and claim; null for its claimed sender. */
  readonly truth: ReadonlyMap<string, number | null>;
}

class Chance {
  readonly #next: () => number;
  constructor(seed: number) {
    this.#next = randomOf(seed);
  }
  is(probability: number): boolean {
    return this.#next() < probability;
  }
  between(from: number, to: number): number {
    return from + (to - from) * this.#next();
  }
  whole(from: number, to: number): number {
    return Math.floor(this.between(from, to + 1));
  }
  of<T>(some: readonly T[]): T {
    return some[this.whole(0, some.length - 1)];
  }
}

const SECONDS = 240;

export function makeWorld(seed: number, isClean: boolean): Made {
  const chance = new Chance(seed);
  const trouble = (probability: number): boolean => !isClean && chance.is(probability);
  const routers = chance.whole(1, 4);
  const delay = chance.of([0.0005, 0.005, 0.05]);
  const truth = new Map<string, number | null>();
  const sequences = new Set<number>();
  const connections: Connection[] = [];
  const changesAt = trouble(0.15) ? chance.between(20, SECONDS) : Infinity;
  const count = chance.whole(6, 10);
  for (let id = 1; id <= count; id++) {
    const at = chance.between(2, SECONDS - 20);
    connections.push(makeConnection(id, at));
  }
  if (trouble(0.1)) {
    // The same ends and numbers once more, as scanners use them.
    const again = chance.of(connections);
    const later = chance.between(1, 60);
    connections.push({
      ...again,
      serverIsn: again.serverIsn + (chance.is(0.5) ? 1 : 0),
      packets: again.packets
        .filter(({ kind }) => kind !== 'rst')
        .map((packet) => ({ ...packet, at: packet.at + later })),
    });
  }
  const points = makePoints();
  const world: PathWorld = {
    routers,
    delay,
    connections,
    points,
    ...(trouble(0.1) ? { rewritesTtlAt: [chance.whole(1, routers)] } : {}),
  };
  return { world, ...harmed(worldTables(world)), truth };

  function makeConnection(id: number, at: number): Connection {
    const packets: Travelling[] = [];
    const isBlocked = chance.is(0.2);
    const device = chance.between(0.1, routers + 0.9);
    if (chance.is(0.7)) {
      const claimed: Side = chance.is(0.7) ? 'server' : 'client';
      const resetAt = at + (trouble(0.2) ? chance.between(1, 15) : chance.between(0.12, 0.5));
      const isForged = chance.is(0.5);
      const sequence = newSequence();
      const isChanged = !isForged && trouble(0.1);
      const times = chance.is(0.15) ? 2 : 1;
      const lost = trouble(0.1) ? { endsAt: device } : {};
      for (let time = 0; time < times; time++) {
        const own = chance.is(0.5) || time === 0 ? sequence : newSequence();
        packets.push({
          ...{ kind: 'rst', from: claimed, at: resetAt + time * 0.001, sequence: own },
          ...(isForged ? { madeAt: device } : isChanged ? { endsAt: device } : lost),
        });
        truth.set(`${claimed} ${own}`, isForged ? device : null);
      }
      if (isChanged) {
        // A device on the way writes another number into it: its sender is the same.
        const other = newSequence();
        packets.push({ kind: 'rst', from: claimed, at: resetAt + delay, madeAt: device, sequence: other });
        truth.set(`${claimed} ${other}`, null);
      }
      if (isForged && trouble(0.1)) {
        // The host that is claimed resets it as well, before or after.
        const other = newSequence();
        packets.push({ kind: 'rst', from: claimed, at: resetAt + chance.between(-0.05, 3), sequence: other });
        truth.set(`${claimed} ${other}`, null);
      }
      if (chance.is(0.6))
        packets.push({
          kind: 'data',
          from: claimed,
          at: resetAt + chance.between(0.05, 2),
          sequence: 7,
          bytes: 40,
        });
    }
    const made = exchange(id, at, { packets, ...(isBlocked ? { isBlockedAt: device } : {}) });
    return {
      ...made,
      packets: made.packets.map((packet) => {
        const isAround = packet.at > changesAt && packet.madeAt === undefined;
        const isSoon = packet.at - changesAt < 2;
        return isAround && !(packet.kind === 'rst' && isSoon) ? { ...packet, isAround } : packet;
      }),
    };
  }

  function newSequence(): number {
    let sequence = chance.whole(1, 4_000_000_000);
    while (sequences.has(sequence)) sequence++;
    sequences.add(sequence);
    return sequence;
  }

  function makePoints(): CapturePoint[] {
    const places = [
      0,
      routers + 1,
      ...Array.from({ length: chance.whole(0, 3) }, () => chance.between(0.1, routers + 0.9)),
    ];
    const chosen = trouble(0.2) ? places.slice(chance.whole(0, 1)) : places;
    const hasBounds = !trouble(0.5);
    const natAt = trouble(0.15) ? chance.between(0.5, routers + 0.5) : Infinity;
    const keyId = chance.of(['public', 'abcd0123']);
    return chosen.map((place, index): CapturePoint => {
      const offset = hasBounds ? chance.between(-0.004, 0.004) : chance.between(-90, 90);
      const isStepped = trouble(0.12);
      const stepAt = chance.between(0, SECONDS);
      const step = chance.of([-40, -3, 3, 40]);
      const isLossy = trouble(0.25);
      const isFiltered = trouble(0.1);
      const missed = (packet: Travelling, { id }: Connection): boolean =>
        isLossy &&
        Number(BigInt.asUintN(16, BigInt(hash(`${seed} ${index} ${id} ${packet.at} ${packet.kind}`)))) < 3000;
      return {
        host: trouble(0.1) ? 'host-0' : `host-${index}`,
        interface: `eth${index}`,
        place,
        clock: (at) => offset + (isStepped && at > stepAt ? step : 0),
        // A machine whose clock was set does not vouch for it.
        clockBound: hasBounds && !isStepped ? 0.005 : null,
        from: trouble(0.2) ? chance.between(0, SECONDS) : 0,
        to: trouble(0.2) ? chance.between(SECONDS / 2, SECONDS) : SECONDS,
        segmentSeconds: chance.of([10, 60, 300]),
        misses: missed,
        losses: chance.is(0.8) || isClean ? 'counted' : 'unknown',
        filter: isFiltered ? 'tcp[13] & 4 == 0' : chance.is(0.3) ? 'host 192.0.2.9 and tcp port 443' : null,
        leavesOut: ({ kind }) => isFiltered && kind === 'rst',
        keyId: trouble(0.05) ? 'ffff0000' : keyId,
        isFile: chance.is(0.2),
        isAnonymised: chance.is(0.3),
        isBehindNat: place > natAt,
        knowsDirections: chance.is(0.7),
      };
    });
  }

  /** Rows that were not brought, and a shard that does not answer. */
  function harmed(tables: MemoryTables): Pick<Made, 'tables' | 'missing'> {
    const isSeldom = (row: object, share: number): boolean =>
      Number(
        BigInt.asUintN(
          16,
          BigInt(
            hash(
              `${seed} ${JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))}`,
            ),
          ),
        ),
      ) <
      share * 65536;
    if (trouble(0.1)) {
      const captures = tables.captures?.filter((row) => !isSeldom(row, 0.2));
      return { tables: { ...tables, captures }, missing: [] };
    }
    if (trouble(0.1)) {
      const alive = <T extends object>(rows: readonly T[] | undefined): readonly T[] =>
        (rows ?? []).filter((row) => !isSeldom(row, 0.5));
      const resets = alive(tables.resets);
      return {
        tables: { ...tables, resets, flows: alive(tables.flows) },
        missing: [{ kind: 'shard', name: 'b', why: 'it does not answer' }],
      };
    }
    return { tables, missing: [] };
  }
}

export interface Told {
  readonly join: FleetJoin;
  readonly claim: string;
  readonly madeAt: number | null;
}

/** The claims of a world’s resets, by the keys that tables have for them. */
export function claimsOf({ world, truth }: Made): ReadonlyMap<string, string> {
  const claims = new Map<string, string>();
  for (const { keyId = 'public' } of world.points) {
    for (const claim of truth.keys()) claims.set(hash(`${keyId} reset ${claim}`), claim);
  }
  return claims;
}

/** What is wrong with what was said; null where all of it is so. */
export function wrong({ world }: Made, { join, claim, madeAt }: Told): string | null {
  const side: Side = claim.startsWith('client') ? 'client' : 'server';
  if (join.verdict === 'forged') {
    if (madeAt === null) return 'a real reset is called forged';
    const places = (join.between ?? []).map((name) => {
      const [host, end = ''] = name.split(' (');
      return world.points
        .filter(
          (point) =>
            point.host === host && (end === '' || end === `${point.interface})` || point.isFile === true),
        )
        .map(({ place }) => place);
    });
    const all = places.flat();
    if (madeAt < Math.min(...all) || madeAt > Math.max(...all))
      return `made at ${madeAt}, not between ${JSON.stringify(join.between)}`;
  }
  if (join.verdict === 'sent' && madeAt !== null) {
    const isInSegment = side === 'server' ? madeAt > world.routers : madeAt < 1;
    if (join.sentence.includes('itself: it is') || !isInSegment) return 'a forged reset is said to be sent';
    const distance = Math.abs(placeOf(world, side) - madeAt);
    if (distance > 1) return 'a forged reset is said to be sent';
  }
  return null;
}
