import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import type { ConversationPacket } from '../../../test/support/conversation.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';

/** The only flow of a capture, or the first of two. */
const ONLY = 0 as FlowRecord;
const SECOND = 1 as FlowRecord;

/** Notes of every packet of the only flow, in capture order. */
function notes(packets: readonly ConversationPacket[]): string[] {
  const session = analyzePackets(packets);
  expect(session.flows.count).toBe(1);
  return Array.from(session.flowPackets(ONLY), (packet) => session.packetRow(packet as PacketNumber).notes);
}

/** Notes of the packets after the first `skip`. */
function notesAfter(skip: number, talk: Conversation): string[] {
  return notes(talk.packets).slice(skip);
}

describe('TcpTracker', () => {
  it('finds nothing remarkable in an ordinary connection', () => {
    const talk = new Conversation().handshake().exchange(100, 5000).exchange(50, 10).closes();
    expect(notes(talk.packets).filter((note) => note !== '')).toEqual([]);
    const row = analyzePackets(talk.packets).flowRow(ONLY);
    expect(row.state).toBe('SF');
    expect(row.history.startsWith('ShA')).toBe(true);
    expect(row.clientBytes).toBe(150);
    expect(row.serverBytes).toBe(5010);
    expect(row.retransmissions).toBe(0);
    expect(row.rttNs).toBeGreaterThan(0);
  });

  it('marks a segment sent again after a time as retransmission', () => {
    const talk = new Conversation().handshake().clientSends(100).wait(0.3).retransmit('client');
    expect(notesAfter(4, talk)).toEqual(['retransmission']);
  });

  it('marks data that was acknowledged already as spurious', () => {
    const talk = new Conversation().handshake().clientSends(100).serverAcks().wait(0.3).retransmit('client');
    expect(notesAfter(5, talk)).toEqual(['spurious retransmission']);
  });

  it('tells a gap from the packet that fills it out of order', () => {
    const talk = new Conversation().handshake();
    const before = talk.packets.length;
    talk
      .clientSends(100, { after: 0.0001 })
      .clientSends(100, { after: 0.0001 })
      .clientSends(100, { after: 0.0001 });
    const packets = [...talk.packets];
    // The second of the three arrives last.
    const [second] = packets.splice(before + 1, 1);
    packets.push({ timeNs: packets[packets.length - 1].timeNs + 1000n, data: second.data });
    expect(notes(packets).slice(before)).toEqual(['', 'previous segment not captured', 'out of order']);
  });

  it('calls a resend after two duplicate acknowledgements fast', () => {
    const talk = new Conversation().handshake();
    talk.clientSends(100).uncaptured((t) => t.clientSends(100));
    const lost = talk.client;
    talk.clientSends(100).clientSends(100).clientSends(100);
    void lost;
    // The server saw only the first: it repeats its acknowledgement for each further one.
    const session = analyzePackets(talk.packets);
    const first = session.packetRow(session.flowPackets(ONLY)[3] as PacketNumber);
    const ack = (first.rawSeq + 100) >>> 0;
    talk.serverAcks({ ack }).serverAcks({ ack }).serverAcks({ ack });
    talk.segment('client', { seq: ack, payload: 100, flags: 'PA', after: 0.001 });
    const all = notes(talk.packets);
    expect(all.slice(-4)).toEqual(['', 'duplicate ACK', 'duplicate ACK', 'fast retransmission']);
  });

  it('recognises keep-alives and their answers', () => {
    const talk = new Conversation().handshake().exchange(10, 10).wait(60).keepAlive('client').serverAcks();
    expect(notes(talk.packets).slice(-2)).toEqual(['keep-alive', 'keep-alive ACK']);
  });

  it('recognises a closed window', () => {
    const talk = new Conversation().handshake().clientSends(100).serverAcks({ window: 0 });
    expect(notes(talk.packets).slice(-1)).toEqual(['zero window']);
  });

  it('takes a packet captured twice for a copy, whatever it is', () => {
    const talk = new Conversation().handshake().clientSends(100).capturedTwice().serverAcks().capturedTwice();
    const all = notes(talk.packets);
    expect(all.filter((note) => note === 'captured twice')).toHaveLength(2);
    expect(all.some((note) => note.includes('retransmission') || note.includes('duplicate ACK'))).toBe(false);
    expect(analyzePackets(talk.packets).flowRow(ONLY).marks).toContain('duplicated');
  });

  it('believes nothing that a reset says about its sender', () => {
    const talk = new Conversation().handshake().exchange(100, 100);
    talk.rst({ from: 'server', seq: 12345 }).serverSends(50);
    expect(notes(talk.packets).slice(-1)).toEqual(['']);
  });

  it('opens a new flow for a SYN with another number on the same ports', () => {
    const first = new Conversation().handshake().exchange(10, 10).closes();
    const second = new Conversation({
      client: { initialSeq: 77_000_000 },
      server: { initialSeq: 88_000_000 },
      startNs: first.nowNs + 5_000_000_000n,
    })
      .handshake()
      .exchange(10, 10);
    const session = analyzePackets([...first.packets, ...second.packets]);
    expect(session.flows.count).toBe(2);
    expect(session.flowRow(SECOND).marks).toContain('port reused');
  });

  it('keeps the flow when the SYN is only sent again', () => {
    const talk = new Conversation().syn().wait(1).retransmit('client').synAck().clientAcks();
    const session = analyzePackets(talk.packets);
    expect(session.flows.count).toBe(1);
    expect(session.packetRow(1 as PacketNumber).notes).toBe('retransmission');
  });

  it('starts in the middle: the client is guessed from the ports, and said to be', () => {
    const talk = new Conversation();
    talk.uncaptured((t) => t.handshake().exchange(100, 100));
    talk.serverSends(100).clientAcks();
    const session = analyzePackets(talk.packets);
    const row = session.flowRow(ONLY);
    expect(row.server.endsWith(':80')).toBe(true);
    expect(row.marks).toContain('mid-stream');
  });

  it('tracks sequence numbers across the wrap', () => {
    const talk = new Conversation({
      client: { initialSeq: 0xffff_fff0 },
      server: { initialSeq: 0xffff_ff00 },
    })
      .handshake()
      .exchange(100, 3000)
      .exchange(100, 3000)
      .closes();
    expect(notes(talk.packets).filter((note) => note !== '')).toEqual([]);
  });

  it('keeps interleaved conversations apart', () => {
    const one = new Conversation({ client: { port: 40_001 } }).handshake().exchange(100, 900).closes();
    const two = new Conversation({ client: { port: 40_002 } }).handshake().exchange(200, 800);
    const session = analyzePackets(interleave(one, two));
    expect(session.flows.count).toBe(2);
    const rows = [session.flowRow(ONLY), session.flowRow(SECOND)];
    expect(rows.map((row) => [row.clientBytes, row.serverBytes])).toEqual([
      [100, 900],
      [200, 800],
    ]);
    expect(rows.map((row) => row.state)).toEqual(['SF', 'S1']);
  });
});
