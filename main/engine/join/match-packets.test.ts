/** Packets of made connections at two places: what was lost, sent again, cut up, renumbered or changed between them is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { ethernet, ipv4, tcp, type TcpFields } from '../../../test/support/packet-builder.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { Session } from '../session.ts';
import { NOTHING_USUAL, PacketMatcher } from './match-packets.ts';
import { Slices } from './slices.ts';

const MS = 1_000_000;
const START_NS = 1_700_000_000_000_000_000n;

/** A packet on its way, however often it is seen. */
interface Sent {
  readonly atMs: number;
  readonly from: 'client' | 'server';
  readonly fields: Partial<TcpFields>;
  readonly id: number;
  /** What happens to it between the two places. */
  readonly fate: 'passes' | 'lost' | 'missed' | 'doubled';
  readonly delayMs: number;
}

/** What the way does to all packets. */
interface Way {
  readonly shift: readonly [client: number, server: number];
  readonly ids: 'kept' | 'zero' | 'counted anew';
  readonly offsetMs: number;
  /** Of data of the client that is longer: cut before it comes to the second place. */
  readonly mss: number;
  readonly isPlain: boolean;
}

interface Seen {
  readonly uid: number;
  readonly timeNs: number;
  readonly data: Uint8Array;
  /** Bytes of the sender that it carries. */
  readonly range: readonly [number, number];
}

const TRANSIT_MS = 8;

function walk(sent: readonly Sent[], way: Way): { a: Seen[]; b: Seen[] } {
  const a: Seen[] = [];
  const b: Seen[] = [];
  let counted = 1000;
  sent.forEach(({ atMs, from, fields, id, fate, delayMs }, uid) => {
    const isOfClient = from === 'client';
    const near = isOfClient ? a : b;
    const far = isOfClient ? b : a;
    const see = (into: Seen[], ms: number, part: readonly [number, number], cut: boolean): void => {
      const isSecond = into === b;
      const [own, other] = isOfClient ? way.shift : [way.shift[1], way.shift[0]];
      const flags = String(fields.flags ?? 'A');
      const isLast = part[1] === Number(fields.payload ?? 0);
      const packet = tcp({
        srcPort: isOfClient ? 40_000 : 443,
        dstPort: isOfClient ? 443 : 40_000,
        ...fields,
        seq: (Number(fields.seq) + part[0] + (isSecond ? own : 0)) >>> 0,
        ack: flags.includes('A') ? (Number(fields.ack) + (isSecond ? other : 0)) >>> 0 : 0,
        flags: (isSecond && !way.isPlain) || (cut && !isLast) ? flags.replace('P', '') : flags,
        payload: part[1] - part[0],
      });
      const idThere =
        way.ids === 'zero' ? 0 : isSecond && way.ids === 'counted anew' ? ++counted & 0xffff : id;
      const header = { src: isOfClient ? '10.0.0.1' : '10.0.0.2', dst: isOfClient ? '10.0.0.2' : '10.0.0.1' };
      const ttl = isOfClient === isSecond ? 60 : 64;
      into.push({
        uid,
        timeNs: Math.round((ms + (isSecond ? way.offsetMs : 0)) * MS),
        data: ethernet({}, ipv4({ ...header, ttl, id: idThere & 0xffff, df: true }, packet)),
        range: [Number(fields.seq) + part[0], Number(fields.seq) + part[1]],
      });
    };
    const length = Number(fields.payload ?? 0);
    const parts: (readonly [number, number])[] = [];
    for (let at = 0; at === 0 || at < length; at += way.mss) parts.push([at, Math.min(length, at + way.mss)]);
    const isCut = isOfClient && parts.length > 1;
    if (fate !== 'missed') see(near, atMs, [0, length], false);
    if (fate === 'lost') return;
    const times = fate === 'doubled' ? [0, 0.05] : [0];
    for (const again of times) {
      (isCut ? parts : ([[0, length]] as const)).forEach((part, i) => {
        see(far, atMs + TRANSIT_MS + delayMs + again + i * 0.01, part, isCut);
      });
    }
  });
  const inTime = (one: Seen, other: Seen): number => one.timeNs - other.timeNs;
  return { a: a.sort(inTime), b: b.sort(inTime) };
}

function read(...captures: readonly (readonly Seen[])[]): Session {
  const session = new Session();
  session.expectJoin();
  for (const [at, packets] of captures.entries()) {
    session.startFile(`${at + 1}.pcap`, 'none', false);
    const written = packets.map(({ timeNs, data }) => ({ timeNs: START_NS + BigInt(timeNs), data }));
    session.feed(writePcap({ nanos: true, packets: written }));
    session.endFile(true);
  }
  return session;
}

function matchOf(session: Session, shift: readonly [number, number]) {
  return new PacketMatcher(session).match(
    {
      ...{ first: 0 as FlowRecord, second: 1 as FlowRecord, isSwapped: false },
      ...{ class: shift[0] === 0 && shift[1] === 0 ? 'same' : 'rewritten', seqShift: shift },
    },
    NOTHING_USUAL,
  );
}

/** Pairs that are not one packet, and packets that both places saw and that were not matched. */
function judge(sent: readonly Sent[], way: Way): { wrong: string[]; missed: string[] } {
  const { a, b } = walk(sent, way);
  const match = matchOf(read(a, b), way.shift);
  expect(match.ours).toHaveLength(a.length);
  expect(match.theirs).toHaveLength(b.length);
  const wrong: string[] = [];
  const missed: string[] = [];
  const look = (own: Seen[], others: Seen[], counterparts: Int32Array, where: string): void => {
    own.forEach((seen, at) => {
      const other = counterparts[at];
      const what = `${where} ${at}: ${JSON.stringify(sent[seen.uid])}`;
      if (other >= 0 && others[other].uid !== seen.uid)
        wrong.push(`${what} is not ${JSON.stringify(others[other].uid)}`);
      // Of a packet that was doubled one may be left over where nothing says that it is a copy.
      const isFound = own.some(({ uid }, i) => uid === seen.uid && counterparts[i] >= 0);
      if (!isFound && others.some(({ uid }) => uid === seen.uid)) missed.push(what);
    });
  };
  look(a, b, match.ofOurs, 'A');
  look(b, a, match.ofTheirs, 'B');
  return { wrong, missed };
}

type Step = readonly [
  kind: 'data' | 'answer' | 'again' | 'repeat' | 'alive' | 'late',
  size: number,
  fate: Sent['fate'],
  pauseMs: number,
];

/** A connection out of steps: data of either side, resends, duplicate ACKs, keep-alives, reordering. */
function tell(steps: readonly Step[], hasTimestamps: boolean): Sent[] {
  const sent: Sent[] = [];
  const next = { client: 0xffff_f000, server: 77_000 };
  const ids = { client: 500, server: 60_000 };
  let now = 0;
  const send = (from: Sent['from'], fields: Partial<TcpFields>, fate: Sent['fate'], delayMs = 0): void => {
    const isSyn = String(fields.flags).includes('S');
    const ts = hasTimestamps ? { ts: [Math.round(now * 3) + 10, 5] as const } : {};
    sent.push({
      ...{ atMs: now, from, fate, delayMs: delayMs + ((sent.length * 7) % 5) / 20, id: ++ids[from] & 0xffff },
      fields: {
        ...{ seq: next[from], ack: next[from === 'client' ? 'server' : 'client'], flags: 'A', payload: 0 },
        ...fields,
        options: isSyn ? { mss: 1460, sackPermitted: true, ...ts } : ts,
      },
    });
  };
  send('client', { flags: 'S', ack: 0 }, 'passes');
  next.client++;
  now += 20;
  send('server', { flags: 'SA' }, 'passes');
  next.server++;
  now += 20;
  send('client', {}, 'passes');
  for (const [kind, size, fate, pauseMs] of steps) {
    now += 2 + pauseMs;
    if (kind === 'data' || kind === 'answer' || kind === 'late') {
      const from = kind === 'answer' ? 'server' : 'client';
      // One that comes late is overtaken by those after it.
      send(from, { flags: 'PA', payload: size }, fate, kind === 'late' ? 3 : 0);
      next[from] += size;
    } else if (kind === 'again') {
      const earlier = sent.filter(({ fields }) => Number(fields.payload) > 0).at(-1 - (size % 3));
      if (earlier === undefined) continue;
      now += 220;
      send(earlier.from, { ...earlier.fields, ack: earlier.fields.ack }, fate);
    } else if (kind === 'repeat') {
      for (let i = 0; i < 2 + (size % 3); i++) {
        send('server', {}, i === size % 4 ? fate : 'passes');
        now += 3;
      }
    } else {
      now += 5000;
      send('client', { seq: next.client - 1 }, fate);
      now += 20;
      send('server', {}, 'passes');
    }
  }
  return sent;
}

const fates = fc.constantFrom<Sent['fate'][]>('passes', 'passes', 'passes', 'passes', 'lost', 'doubled');
const step = (fate: fc.Arbitrary<Sent['fate']>): fc.Arbitrary<Step> =>
  fc.tuple(
    fc.constantFrom('data', 'data', 'answer', 'again', 'repeat', 'alive', 'late'),
    fc.integer({ min: 1, max: 1400 }),
    fate,
    fc.integer({ min: 0, max: 30 }),
  );
const ways = fc.record({
  shift: fc.constantFrom([0, 0] as const, [0x7123_4567, 0] as const, [-5, 0xfedc_ba98] as const),
  ids: fc.constantFrom<Way['ids'][]>('kept', 'zero', 'counted anew'),
  offsetMs: fc.integer({ min: 0, max: 5_000_000 }),
  mss: fc.constant(1460),
  isPlain: fc.boolean(),
});

describe('packets of two places', () => {
  it('are matched, and no other, with losses, resends, repeats, reordering, new numbers and changed flags between', () => {
    fc.assert(
      fc.property(
        fc.array(step(fates), { maxLength: 40 }),
        ways,
        fc.boolean(),
        (steps, way, hasTimestamps) => {
          // A copy of an acknowledgement is told from the next one by its IP-ID or time stamps alone.
          const told = hasTimestamps || way.ids === 'kept';
          const sent = tell(steps, hasTimestamps).map((one): Sent =>
            one.fate === 'doubled' && !told ? { ...one, fate: 'passes' } : one,
          );
          expect(judge(sent, way)).toEqual({ wrong: [], missed: [] });
        },
      ),
      { numRuns: 120 },
    );
  });

  it('are matched where either capture misses some, once a few have shown how packets pass', () => {
    const shown = Array.from({ length: 3 }, (): Step[] => [
      ['data', 100, 'passes', 5],
      ['answer', 200, 'passes', 5],
    ]).flat();
    const missing = fc.constantFrom<Sent['fate'][]>('passes', 'passes', 'passes', 'lost', 'missed');
    fc.assert(
      fc.property(
        fc.array(step(missing), { maxLength: 40 }),
        ways,
        fc.boolean(),
        (steps, way, hasTimestamps) => {
          // Nothing else tells a packet from its resend.
          fc.pre(hasTimestamps || way.ids === 'kept');
          expect(judge(tell([...shown, ...steps], hasTimestamps), way)).toEqual({ wrong: [], missed: [] });
        },
      ),
      { numRuns: 120 },
    );
  });

  it('are matched by their bytes where one place sees them before they are cut up', () => {
    const long = fc.tuple(
      fc.constantFrom('data' as const, 'answer' as const, 'repeat' as const),
      fc.integer({ min: 1, max: 9000 }),
      fc.constantFrom<Sent['fate'][]>('passes', 'passes', 'lost'),
      fc.integer({ min: 5, max: 30 }),
    );
    fc.assert(
      fc.property(fc.array(long, { maxLength: 30 }), ways, fc.boolean(), (steps, way, hasTimestamps) => {
        expect(judge(tell(steps, hasTimestamps), { ...way, mss: 1400 })).toEqual({ wrong: [], missed: [] });
      }),
      { numRuns: 80 },
    );
  });
});

describe('a resend', () => {
  const talk = (fates: readonly Sent['fate'][]): Sent[] =>
    tell(
      [
        ['data', 100, 'passes', 0],
        ['answer', 100, 'passes', 0],
        ...fates.map((fate, i): Step => [i === 0 ? 'data' : 'again', 300, fate, 0]),
      ],
      false,
    );
  const way: Way = { shift: [0, 0], ids: 'zero', offsetMs: 1234, mss: 1460, isPlain: true };

  it('is matched with itself where its original was lost, by time alone', () => {
    expect(judge(talk(['lost', 'passes']), way)).toEqual({ wrong: [], missed: [] });
    expect(judge(talk(['lost', 'lost', 'passes', 'lost', 'passes']), way)).toEqual({ wrong: [], missed: [] });
  });

  it('is no pair with its original', () => {
    expect(judge(talk(['lost', 'missed']), way)).toEqual({ wrong: [], missed: [] });
  });
});

describe('captures that were made to be hard', () => {
  const count = 6000;
  const flood = (options: (at: number) => Partial<Sent>): Sent[] => [
    ...tell([], false),
    ...Array.from({ length: count }, (_, at): Sent => ({
      ...{ atMs: 100 + at, from: 'client', id: 7, fate: 'passes', delayMs: 0 },
      fields: { seq: 0xffff_f001, ack: 77_001, flags: 'A', payload: 0 },
      ...options(at),
    })),
  ];
  const way: Way = { shift: [0, 0], ids: 'kept', offsetMs: 0, mss: 1460, isPlain: true };

  it('take work in proportion to their packets, all alike, all over each other, or of all lengths', () => {
    const shapes: ((at: number) => Partial<Sent>)[] = [
      () => ({}),
      (at) => ({ fate: at % 3 === 0 ? 'lost' : at % 3 === 1 ? 'missed' : 'passes' }),
      (at) => ({
        fields: { seq: 0xffff_f001, ack: 77_001, flags: 'A', payload: 1 + (at % 900) },
        fate: at % 2 === 0 ? 'lost' : 'missed',
      }),
      (at) => ({
        fields: { seq: 0xffff_f001 + at, ack: 77_001 + at, flags: 'A', payload: 900 - (at % 800) },
        fate: at % 2 === 0 ? 'lost' : 'missed',
      }),
    ];
    for (const shape of shapes) {
      const { a, b } = walk(flood(shape), way);
      const session = read(a, b);
      const slices = new CountedSlices();
      const matcher = new PacketMatcher(session, slices);
      const pair = {
        first: 0 as FlowRecord,
        second: 1 as FlowRecord,
        class: 'same',
        isSwapped: false,
        seqShift: [0, 0],
      } as const;
      for (const steps = matcher.steps(pair, NOTHING_USUAL); steps.next().done !== true;);
      expect(slices.work).toBeLessThan(100 * (a.length + b.length));
    }
  });

  it('lose nothing where all packets are alike', () => {
    const all = flood(() => ({}));
    const { a, b } = walk(all, way);
    const { ofOurs } = matchOf(read(a, b), [0, 0]);
    expect(ofOurs.filter((other) => other >= 0)).toHaveLength(all.length);
  });
});

class CountedSlices extends Slices {
  work = 0;

  override spend(work: number): boolean {
    this.work += work;
    return super.spend(work);
  }
}
