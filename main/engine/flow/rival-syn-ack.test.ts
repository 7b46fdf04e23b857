import { describe, expect, it } from 'vitest';
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { judge } from '../../../test/support/capture-fixture.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import { FLOW_BITS, FLOW_ESTABLISHED, FLOW_RIVAL_SYN_ACK } from './record.ts';

const ONLY = 0 as FlowRecord;
/** Far from the server's own, on either side of it. */
const OTHER_NUMBERS = [999_000, 0xf000_0000];

/** Rows of all packets, of which there must be one flow, established. */
function rowsOf(talk: Conversation) {
  const session = analyzePackets(talk.packets);
  expect(session.flows.count).toBe(1);
  const bits = session.flows.word(ONLY, FLOW_BITS);
  expect(bits & FLOW_ESTABLISHED).not.toBe(0);
  expect(bits & FLOW_RIVAL_SYN_ACK).toBe(0);
  return talk.packets.map((_, packet) => session.packetRow(packet as PacketNumber));
}

/** A SYN-ACK that neither side knows of. */
function forged(talk: Conversation, seq: number): Conversation {
  const { client, server } = talk;
  const [{ received }, { next }] = [client, server];
  talk.segment('server', { flags: 'SA', seq, ack: client.initialSeq + 1, after: 0.001 });
  client.received = received;
  server.next = next;
  return talk;
}

describe.each(OTHER_NUMBERS)('a second SYN-ACK of number %d', (seq) => {
  it('changes nothing after the handshake', () => {
    const talk = new Conversation().handshake().clientSends(300);
    const rows = rowsOf(forged(talk, seq).serverAcks().serverSends(500).clientAcks());
    expect(rows.map((row) => row.notes).filter((notes) => notes !== '')).toEqual([]);
    expect(rows.map((row) => row.seq).slice(5)).toEqual([1, 1, 301]);
  });

  it('changes nothing where the client takes the first', () => {
    const talk = forged(new Conversation().syn().synAck(), seq).clientAcks().exchange(300, 500);
    const rows = rowsOf(talk);
    expect(rows.map((row) => row.notes).filter((notes) => notes !== '')).toEqual([]);
    expect(rows.map((row) => row.seq).slice(4)).toEqual([1, 1, 1, 301]);
  });

  it('is the server’s where the client takes it', () => {
    const talk = forged(new Conversation().syn(), seq).synAck().clientAcks().exchange(300, 500);
    const rows = rowsOf(talk);
    expect(rows.map((row) => row.notes).filter((notes) => notes !== '')).toEqual([]);
    expect(rows.map((row) => row.seq).slice(4)).toEqual([1, 1, 1, 301]);
  });

  it('does not hide that the server goes on after a forged reset', () => {
    const told = (talk: Conversation) =>
      talk.exchange(300, 500).rst({ from: 'server', ttl: 50 }).serverSends(500, { after: 0.05 }).clientAcks();
    const server = { hops: 12 };
    const [plain] = judge(told(new Conversation({ server }).handshake()));
    const talk = new Conversation({ server }).handshake();
    const [verdict] = judge(told(forged(talk, seq)));
    expect(plain.codes).toEqual(expect.arrayContaining(['sender-goes-on', 'seq-next']));
    expect(verdict.codes).toEqual(expect.arrayContaining(['sender-goes-on', 'seq-next']));
    expect(verdict.origin).toEqual(plain.origin);
  });
});
