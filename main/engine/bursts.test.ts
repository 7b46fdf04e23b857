/** Floods of resets: judged a few times, counted whole, and every packet of them is found. */
import type { PacketNumber } from '../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../test/support/analyze.ts';
import type { ConversationPacket } from '../../test/support/conversation.ts';
import { Conversation, interleave } from '../../test/support/conversation.ts';
import { TCP_RST } from './decode/facts.ts';
import { LIMITS } from './limits.ts';
import { ResetJudge } from './reset/judge.ts';
import type { Session } from './session.ts';

const SINGLE = LIMITS.maxResetsOfFlow;

const opened = (port = 40_000): Conversation =>
  new Conversation({
    client: { address: '10.0.0.1', port },
    server: { address: '192.0.2.7', hops: 8 },
  }).handshake();

/** Kinds of floods on one connection. */
const FLOODS: Record<string, (talk: Conversation, resets: number) => Conversation> = {
  'from one side': (talk, resets) => {
    for (let i = 0; i < resets; i++) talk.rst({ from: 'server', after: 0.000_05 });
    return talk;
  },
  'from both sides': (talk, resets) => {
    for (let i = 0; i < resets; i++) talk.rst({ from: i % 2 === 0 ? 'server' : 'client', after: 0.000_05 });
    return talk;
  },
  'with rising numbers': (talk, resets) => {
    for (let i = 0; i < resets; i++) talk.rst({ from: 'server', seq: 5000 + i * 1460, after: 0.000_05 });
    return talk;
  },
  'with data between them': (talk, resets) => {
    for (let i = 0; i < resets; i++) talk.clientSends(100).rst({ from: 'server', style: 'reply' });
    return talk;
  },
  'with any TTL': (talk, resets) => {
    for (let i = 0; i < resets; i++) talk.rst({ from: 'server', ttl: 1 + (i % 255), after: 0.000_05 });
    return talk;
  },
};

const framesOf = (session: Session, id: number): number[] =>
  session.resetMembers(id).map(({ frame }) => frame);

/** Frames of all resets, as a filter over all packets finds them. */
function framesOfResets(session: Session): number[] {
  const frames: number[] = [];
  for (let packet = 0 as PacketNumber; packet < session.packets.next; packet++) {
    if ((session.packets.flags(packet) & TCP_RST) !== 0) frames.push(session.packets.frame(packet));
  }
  return frames;
}

function framesTold(session: Session): number[] {
  return [...session.resetIds()].flatMap((id) => framesOf(session, id)).sort((a, b) => a - b);
}

describe.each(Object.entries(FLOODS))('a flood %s', (_, flood) => {
  it('is told in some dozens of entries, which hold every packet of it', () => {
    const session = analyzePackets(flood(opened(), 1000).packets);
    expect(session.resetIds().length).toBeLessThanOrEqual(SINGLE + LIMITS.maxBurstsOfFlow + 2);
    expect(framesTold(session)).toEqual(framesOfResets(session));
    const { resets } = session.summary();
    expect(resets).toBe(1000);
    const { byOrigin, buckets, findings } = session.overview(session.resetIds(), 20);
    const sum = (counts: readonly number[]): number => counts.reduce((a, b) => a + b, 0);
    expect(sum(Object.values(byOrigin))).toBe(1000);
    expect(sum(Object.values(buckets).flat())).toBe(1000);
    expect(sum(findings.list.map(({ count }) => count))).toBe(1000);
  });

  it('costs as many verdicts however long it is', () => {
    const judged = [300, 3000].map((resets) => {
      const session = analyzePackets(flood(opened(), resets).packets);
      return session.resetIds().length;
    });
    expect(judged[1]).toBeLessThanOrEqual(judged[0] + LIMITS.maxBurstsOfFlow);
  });
});

it('tells the first dozens one by one, as if no others came', () => {
  const few = analyzePackets(FLOODS['from one side'](opened(), SINGLE).packets);
  expect([...few.resetIds()].map((id) => few.resetRow(id).count)).toEqual(Array<number>(SINGLE).fill(1));
  expect(few.resetAccount(SINGLE - 1).burst).toBeNull();
});

it('says what a burst stands for', () => {
  const session = analyzePackets(FLOODS['from one side'](opened(), SINGLE + 500).packets);
  const row = session.resetRow(SINGLE);
  expect(row.count).toBe(500);
  const { burst, verdict } = session.resetAccount(SINGLE);
  expect(burst).toEqual({
    count: 500,
    lastFrame: row.frame + 499,
    lastNs: session.packets.time((session.packets.next - 1) as PacketNumber),
  });
  expect(verdict.limitations[0]).toMatch(/stands for 500 resets/u);
});

it('tells the one of many blind guesses that hits by itself', () => {
  const talk = opened().exchange(100, 100);
  const far = 1_000_000_000;
  for (let i = 0; i < 300; i++) talk.rst({ from: 'server', seq: far + i * 65_536, after: 0.000_05 });
  talk.rst({ from: 'server', after: 0.000_05 });
  const hit = talk.packets.length;
  for (let i = 0; i < 300; i++) talk.rst({ from: 'server', seq: far - i * 65_536, after: 0.000_05 });
  const session = analyzePackets(talk.packets);
  const single = [...session.resetIds()]
    .map((id) => framesOf(session, id))
    .filter((frames) => frames.length === 1);
  expect(single).toContainEqual([hit]);
});

it('keeps another emitter apart', () => {
  const talk = FLOODS['from one side'](opened(), 200).rst({ from: 'server', ttl: 33, after: 0.000_05 });
  const frame = talk.packets.length;
  const session = analyzePackets(FLOODS['from one side'](talk, 200).packets);
  expect([...session.resetIds()].map((id) => framesOf(session, id))).toContainEqual([frame]);
});

it('takes resets a minute apart for no burst', () => {
  const talk = FLOODS['from one side'](opened(), SINGLE + 10);
  talk.wait(120);
  FLOODS['from one side'](talk, 10);
  const counts = [...analyzePackets(talk.packets).resetIds()].slice(SINGLE);
  expect(counts).toHaveLength(2);
});

it('counts second captures in a burst once', () => {
  const talk = opened();
  for (let i = 0; i < 200; i++) talk.rst({ from: 'server', after: 0.01 }).capturedTwice();
  const session = analyzePackets(talk.packets);
  expect(session.summary().resets).toBe(400);
  const { byOrigin } = session.overview(session.resetIds(), 10);
  expect(byOrigin.endpoint + byOrigin.middlebox + byOrigin.unknown).toBe(200);
});

it('walks the packets of two long flows once each, however their resets alternate', () => {
  const walked = [30, 60].map((resets) => {
    const talks = [opened(40_000), opened(40_001)];
    for (const talk of talks) {
      for (let i = 0; i < resets; i++) {
        for (let k = 0; k < 200; k++) talk.clientSends(10, { after: 0.000_1 });
        talk.rst({ from: 'server', style: 'reply', after: 0.000_1 });
      }
    }
    return walkedBy(interleave(...talks)) / resets;
  });
  expect(walked[1]).toBeLessThanOrEqual(1.5 * walked[0]);
});

/** Packets that judging all resets walks. */
function walkedBy(packets: readonly ConversationPacket[]): number {
  const view = analyzePackets(packets);
  let walked = 0;
  const { holds } = view.packets;
  view.packets.holds = (packet: PacketNumber): boolean => {
    walked++;
    return holds.call(view.packets, packet);
  };
  const judge = new ResetJudge(view);
  for (let id = 0; id < view.resets.count; id++) judge.classify(id);
  return walked;
}
