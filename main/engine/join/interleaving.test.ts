/** The order that both directions have to have, and resets that nothing else tells apart. */
import { describe, expect, it } from 'vitest';
import {
  Conversation,
  DEFAULT_START_NS,
  type ConversationPacket,
} from '../../../test/support/conversation.ts';
import { joinCaptures } from '../../../test/support/vantages.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';

const MS = 1_000_000n;
const TRANSIT_MS = 4;
/** The last byte of the source address behind an Ethernet header. */
const SOURCE_END = 29;

interface Seen {
  readonly uid: number;
  readonly packet: ConversationPacket;
}

/** A segment that is answered by a reset, again and again: a loop of which all resets are alike, at the client and at the server. */
function loop(rounds: number, pauseMs: number): readonly [client: Seen[], server: Seen[]] {
  const talk = new Conversation({ startNs: DEFAULT_START_NS, client: { timestamps: false } });
  talk.handshake().exchange(200, 400).exchange(90, 90);
  for (let i = 0; i < rounds; i++) {
    talk.segment('client', { flags: 'A' });
    talk.segment('server', { flags: 'R', ack: 0, window: 0, ipId: 0 });
  }
  const client: Seen[] = [];
  const server: Seen[] = [];
  talk.packets.forEach(({ data }, uid) => {
    const isOfClient = data[SOURCE_END] === talk.packets[0].data[SOURCE_END];
    const sentNs = DEFAULT_START_NS + BigInt(uid * pauseMs) * MS;
    const comesNs = sentNs + BigInt(TRANSIT_MS + (uid % 3)) * MS;
    client.push({ uid, packet: { data, timeNs: isOfClient ? sentNs : comesNs } });
    server.push({ uid, packet: { data, timeNs: isOfClient ? comesNs : sentNs } });
  });
  const inTime = (all: Seen[]): Seen[] =>
    all.sort((a, b) => Number(a.packet.timeNs - b.packet.timeNs) || a.uid - b.uid);
  return [inTime(client), inTime(server)];
}

/** Pairs that are not one packet, and packets of both that are in none. */
function judge(client: readonly Seen[], server: readonly Seen[]): { wrong: number; missed: number } {
  const { flows, join, packets } = joinCaptures(
    client.map(({ packet }) => packet),
    server.map(({ packet }) => packet),
  );
  const ofFirst = [...flows.liveRecords()].find((flow) => flows.timelineOf(flow as FlowRecord) === 1);
  const flow = ofFirst as FlowRecord;
  const { ours, theirs, ofOurs } = join.match(flow, join.twins(flow)[0].flow);
  expect(ours).toHaveLength(client.length);
  expect(theirs).toHaveLength(server.length);
  expect(packets.count).toBe(client.length + server.length);
  let wrong = 0;
  let missed = 0;
  client.forEach(({ uid }, at) => {
    if (ofOurs[at] >= 0 && server[ofOurs[at]].uid !== uid) wrong++;
    if (ofOurs[at] < 0 && server.some((other) => other.uid === uid)) missed++;
  });
  return { wrong, missed };
}

describe('resets of a loop', () => {
  it('are told apart by what they answer, where a capture lost some', () => {
    const [client, server] = loop(120, 10);
    expect(judge(client, server)).toEqual({ wrong: 0, missed: 0 });
    const [few, same] = loop(30, 10);
    const some = few.filter(({ uid }) => uid % 7 !== 3);
    expect(judge(some, same)).toEqual({ wrong: 0, missed: 0 });
  });

  it('are none of those before a step of the clock', () => {
    const [client, server] = loop(40, 60);
    const stepped = server.map(({ uid, packet }): Seen =>
      uid < 50 ? { uid, packet } : { uid, packet: { ...packet, timeNs: packet.timeNs + 500n * MS } },
    );
    expect(judge(client, stepped).wrong).toBe(0);
  });
});
