/** Endless captures: memory stays bounded, what is known of resets stays true, and what is let go is counted. */
import type { FlowId, FlowRecord, Milliseconds, PacketNumber } from '../../../shared/base/units.ts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { writePcap, writePcapng } from '../../../test/support/capture-writer.ts';
import type { ConversationPacket } from '../../../test/support/conversation.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../../test/support/conversation.ts';
import { EndlessTraffic } from '../../../test/support/endless-traffic.ts';
import type { RetentionOptions } from './retention-options.ts';
import { LIVE_RETENTION } from './retention-options.ts';
import { Session } from '../session.ts';
import { CHUNK_PACKETS } from '../store/packet-index.ts';

const FOREVER = 1e6;
/** Four chunks of 32 packets. */
const TINY: RetentionOptions = {
  maxPackets: 128,
  chunkPackets: 32,
  maxFlows: 40,
  maxResets: 12,
  maxNoiseAccounts: 100,
  maxNames: 4,
  idleSeconds: FOREVER,
  settleSeconds: FOREVER,
  restartAt: LIVE_RETENTION.restartAt,
};
const SECOND = 1_000_000_000n;

/** Reads in pieces, judging in between as a host does. */
function live(packets: readonly ConversationPacket[], options: Partial<RetentionOptions> = {}): Session {
  const session = new Session({ ...TINY, ...options });
  session.startFile('live.pcap', 'none', false);
  const bytes = writePcap({ nanos: true, packets });
  const piece = 1 + Math.floor(bytes.length / 40);
  for (let at = 0; at < bytes.length; at += piece) {
    session.feed(bytes.slice(at, at + piece));
    session.reconsider(true);
    session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
    expectBounded(session, { ...TINY, ...options });
  }
  session.endFile(true);
  session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
  return session;
}

function expectBounded(session: Session, options: RetentionOptions): void {
  const { packets, flows, resets, verdicts, addresses } = session;
  const chunks = Math.max(1, Math.floor(options.maxPackets / options.chunkPackets));
  expect(packets.chunksHeld).toBeLessThanOrEqual(chunks);
  expect(flows.live).toBeLessThanOrEqual(options.maxFlows);
  // So many packets between two looks.
  expect(flows.records).toBeLessThanOrEqual(options.maxFlows + 512);
  expect(addresses.count).toBeLessThanOrEqual(2 * flows.live);
  // What is open lies in the kept packets.
  expect(resets.count - resets.first).toBeLessThanOrEqual(chunks * options.chunkPackets);
  expect(verdicts.kept).toBeLessThanOrEqual(options.maxResets + chunks * options.chunkPackets);
  expect(session.resetIds().length).toBeLessThanOrEqual(options.maxResets + chunks * options.chunkPackets);
}

/** Conversation `i`, of hosts of its own, `i` seconds after the first. */
function talk(i: number, options: { readonly client?: string; readonly port?: number } = {}): Conversation {
  return new Conversation({
    client: { address: options.client ?? `10.1.${i >> 8}.${i & 255}`, port: options.port ?? 40_000, hops: 3 },
    server: { address: `198.51.${100 + (i >> 8)}.${i & 255}`, hops: 5, delay: 0.01 },
    startNs: DEFAULT_START_NS + BigInt(i) * SECOND,
  });
}

function aborted(i: number): Conversation {
  return talk(i).handshake().clientSends('GET / HTTP/1.1\r\n\r\n').serverAcks().rst({ from: 'server' });
}

function polite(i: number): Conversation {
  return talk(i).handshake().exchange(10, 10).closes('client').rst({ from: 'client' });
}

function range<T>(count: number, make: (i: number) => T): T[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

describe('a capture within its bounds', () => {
  it('is the same as without', () => {
    const packets = interleave(...range(12, aborted));
    // Chunks that close early skip numbers, so these are whole.
    const bounded = live(packets, { chunkPackets: CHUNK_PACKETS, maxPackets: 2 * CHUNK_PACKETS });
    const whole = analyzePackets(packets);
    expect(bounded.summary().letGo).toBeNull();
    expect(range(12, (id) => bounded.resetDetail(id))).toEqual(range(12, (id) => whole.resetDetail(id)));
  });
});

describe('what is let go', () => {
  it('is counted, and the findings go on counting it', () => {
    const session = live(interleave(...range(100, aborted)));
    const { letGo, packets, flows, resets, resetsThatMatter } = session.summary();
    expect([packets, flows, resets, resetsThatMatter]).toEqual([600, 100, 100, 100]);
    expect(letGo?.packets).toBe(packets - 128 + ((128 - (packets % 32)) % 32));
    expect(letGo?.flows).toBeGreaterThan(70);
    expect((letGo?.resets ?? 0) + session.resetIds().length).toBe(100);
    const warnings = session.files[0].warnings.map(({ code, message }) => `${code} ${message}`);
    expect(warnings.join()).toContain(`${letGo?.packets} packets, ${letGo?.flows} connections`);
  });

  it('leaves a finding whole: count, first, last, rate, clients, examples', () => {
    const sameServer = range(100, (i) =>
      new Conversation({
        client: { address: `10.0.0.${i}` },
        startNs: DEFAULT_START_NS + BigInt(i) * 60n * SECOND,
      })
        .handshake()
        .clientSends(100)
        .serverAcks()
        .rst({ from: 'server' }),
    );
    const packets = interleave(...sameServer);
    const bounded = live(packets);
    const whole = analyzePackets(packets);
    const [found] = bounded.findings(bounded.resetIds(), 10).list;
    const [expected] = whole.findings(whole.resetIds(), 10).list;
    expect({ ...found, examples: [], meanConfidence: 0 }).toEqual({
      ...expected,
      examples: [],
      meanConfidence: 0,
    });
    expect(found.meanConfidence).toBeCloseTo(expected.meanConfidence, 1);
    expect(found.examples.length).toBe(5);
    for (const id of found.examples) expect(bounded.hasReset(id)).toBe(true);
    const overview = bounded.overview(bounded.resetIds(), 50);
    expect(overview.buckets.endpoint.reduce((sum, count) => sum + count, 0)).toBe(100);
    expect(overview.byOrigin.endpoint).toBe(100);
  });

  it('is the noise before what matters', () => {
    const session = live(interleave(...range(60, (i) => (i % 2 === 0 ? polite(i) : aborted(i)))));
    const settled = [...session.resetIds()].filter((id) => id < session.resets.first);
    const important = settled.filter((id) => session.resetRow(id).matters);
    expect(settled.length).toBeGreaterThan(3);
    expect(important.length).toBeGreaterThan(settled.length / 2);
  });

  it('says of a reset that it is gone, and knows the account of one that is settled', () => {
    const session = live(interleave(...range(100, aborted)));
    const kept = new Set(session.resetIds());
    const settled = [...kept].filter((id) => id < session.resets.first);
    const gone = range(100, (id) => id).filter((id) => !kept.has(id));
    expect(gone.length).toBeGreaterThan(50);
    expect(session.findDetail(gone[0])).toBeUndefined();
    const whole = analyzePackets(interleave(...range(100, aborted)));
    for (const id of settled) {
      const detail = session.resetDetail(id);
      const { timeNs, frame, client, flow } = whole.resetRow(id);
      expect(session.resetRow(id)).toMatchObject({ id, timeNs, frame, client, flow });
      expect(detail.row).toEqual(session.resetRow(id));
      expect(detail.packets).toEqual([]);
      expect(detail.verdict.origin.kind).toBe('endpoint');
    }
  });

  it('takes the comments of its packets along', () => {
    const blocks = interleave(...range(100, aborted)).map(({ data, timeNs }, i) => {
      return { kind: 'packet' as const, data, timeNs, comments: [`packet ${i}`] };
    });
    const session = new Session(TINY);
    session.startFile('live.pcapng', 'none', false);
    session.feed(writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] }));
    session.endFile(true);
    const { packets } = session;
    expect(packets.oldest).toBeGreaterThan(0);
    const told: [number, string][] = [];
    for (let packet = 0; packet < packets.next; packet++) {
      for (const comment of session.comments.get(packet as PacketNumber)) told.push([packet, comment]);
    }
    expect(told.length).toBe(packets.count - packets.gone);
    for (const [packet, comment] of told) {
      expect(packets.holds(packet as PacketNumber)).toBe(true);
      expect(comment).toBe(`packet ${packets.frame(packet as PacketNumber) - 1}`);
    }
  });

  it('may have accepted what is refused now', () => {
    const accepted = polite(0);
    const others = range(60, (i) => polite(i + 1));
    const refused = talk(0, { port: 41_000 }).wait(70).refused();
    const codes = (session: Session): string[] =>
      session.resetDetail(session.resets.count - 1).verdict.evidence.map(({ code }) => code);
    expect(codes(analyzePackets(interleave(...others, refused)))).toContain('nothing-accepted');
    const whole = codes(analyzePackets(interleave(accepted, ...others, refused)));
    expect(whole).not.toContain('nothing-accepted');
    const bounded = live(interleave(accepted, ...others, refused));
    expect(bounded.summary().letGo?.flows).toBeGreaterThan(0);
    expect(codes(bounded)).not.toContain('nothing-accepted');
    // Nor is one that follows the first that was accepted.
    const after = talk(0, { port: 42_000 }).wait(71).handshake().exchange(10, 10);
    const again = live(interleave(accepted, ...others, refused, after));
    expect(codes(again)).not.toContain('refused-until');
  });

  it('takes no flow for another one that uses its record', () => {
    const session = live(interleave(...range(100, aborted)));
    const ids = [...session.liveFlows()].map((flow) => session.flowRow(flow as FlowRecord).id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(session.flows.id(session.flows.flowOf(id as FlowId))).toBe(id);
    expect(session.flows.flowOf(0 as FlowId)).toBe(-1);
    expect(session.flows.flowOf(100 as FlowId)).toBe(-1);
    for (const flow of session.liveFlows()) {
      for (const packet of session.flowPackets(flow as FlowRecord)) {
        expect(session.packetRow(packet as PacketNumber).flow).toBe(session.flows.id(flow as FlowRecord));
      }
    }
  });
});

describe('a connection that outlives its packets', () => {
  function idleThenReset(seconds: number, options: Partial<RetentionOptions>): Session {
    const pooled = talk(0).handshake().exchange(100, 100).wait(seconds).rst({ from: 'server', after: 0 });
    const others = range(40, (i) => polite(i + 1));
    return live(interleave(pooled, ...others), options);
  }

  it('keeps its state: the reset after a long silence is known for what it is', () => {
    const session = idleThenReset(350, {});
    const last = session.resets.count - 1;
    const { verdict, flow } = session.resetDetail(last);
    expect(flow).toMatchObject({ id: 0, packets: 8 });
    expect(verdict.idleSeconds).toBeCloseTo(350, 3);
    expect(verdict.cause.code).toBe('idle-timeout');
    expect(verdict.limitations.join()).toContain('let go');
    expect(verdict.origin.kind).not.toBe('middlebox');
  });

  it('is let go when it was idle for too long, and begins anew in the middle', () => {
    const session = idleThenReset(350, { idleSeconds: 5 });
    const { flow } = session.resetDetail(session.resets.count - 1);
    expect(flow.id).toBeGreaterThan(0);
    expect(flow.marks).toContain('mid-stream');
  });
});

describe('packet numbers', () => {
  it('begin anew before they are used up', () => {
    const traffic = new EndlessTraffic(aborted(0).packets);
    const options = { ...TINY, restartAt: 50 * CHUNK_PACKETS };
    const session = new Session(options);
    session.startFile('live.pcap', 'none', false);
    session.feed(traffic.header);
    const talks = 2000;
    for (const chunk of traffic.chunks(0, talks, 1e8)) session.feed(chunk);
    session.endFile(true);
    session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
    expectBounded(session, options);
    expect(session.packets.next).toBeLessThan(51 * CHUNK_PACKETS);
    const { packets, resets } = session.summary();
    expect([packets, resets]).toEqual([talks * traffic.packetsOfOne, talks]);
    const { list } = session.findings(session.resetIds(), 10);
    expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(talks);
  });
});

describe('any traffic', () => {
  const kinds = [
    aborted,
    polite,
    (i: number) => talk(i).refused(),
    (i: number) => talk(i).handshake().exchange(500, 3000).closes('server'),
    (i: number) =>
      talk(i)
        .handshake()
        .clientSends(50)
        .rst({ from: 'server', ttl: 40, ipId: 7, options: {} })
        .serverSends(9),
    (i: number) => talk(i).syn().wait(20).syn(),
    (i: number) => talk(i).handshake().wait(15).keepAlive('client').wait(15).rst({ from: 'client' }),
  ] as const;
  const talks = fc.array(fc.nat({ max: kinds.length - 1 }), { minLength: 1, maxLength: 70 });

  it('is judged alike while it is at hand, loses no count, and accuses nobody for what was let go', () => {
    fc.assert(
      fc.property(talks, fc.boolean(), (which, together) => {
        const all = which.map((kind, i) => kinds[kind](i));
        const packets = together ? interleave(...all) : all.flatMap((one) => one.packets);
        const whole = analyzePackets(packets);
        const bounded = live(packets);
        const total = whole.resets.count;
        expect(bounded.resets.count).toBe(total);
        const { list, noise } = bounded.findings(bounded.resetIds(), 1000);
        expect(list.reduce((sum, { count }) => sum + count, 0)).toBe(total);
        expect(list.filter((one) => one.noise).length).toBe(noise.findings);
        for (const id of bounded.resetIds()) {
          const [here, there] = [bounded.resetRow(id), whole.resetRow(id)];
          expect([here.frame, here.client, here.server]).toEqual([there.frame, there.client, there.server]);
          const first = whole.packets.frame(whole.flowPackets(whole.resetView.flow(id))[0] as PacketNumber);
          // Half of the four chunks lie before it when it is settled.
          const isAtHand = Math.floor((here.frame - 1) / 32) - Math.floor((first - 1) / 32) <= 1;
          if (isAtHand) {
            expect([here.kind, here.cause, here.matters]).toEqual([there.kind, there.cause, there.matters]);
            expect(here.confidence).toBeCloseTo(there.confidence, 6);
          } else if (here.kind === 'middlebox') {
            expect(there.kind).toBe('middlebox');
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});
