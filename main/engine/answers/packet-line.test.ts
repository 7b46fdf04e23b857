/** What a list says of a packet. */
import { describe, expect, it } from 'vitest';
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation } from '../../../test/support/conversation.ts';

function rows(talk: Conversation): PacketRow[] {
  const session = analyzePackets(talk.packets);
  return Array.from({ length: session.packets.next }, (_, packet) =>
    session.packetRow(packet as PacketNumber),
  );
}

describe('a packet in a list', () => {
  it('names both ends in the order of its way, and says what it is as Wireshark does', () => {
    const [syn, synAck, ack, data] = rows(new Conversation().handshake().clientSends(100));
    expect([syn.source, syn.sourcePort]).toEqual([synAck.destination, synAck.destinationPort]);
    expect(syn.info).toMatch(/^\d+ → \d+ \[SYN\] Seq=0 Win=\d+ Len=0/u);
    expect(synAck.info).toMatch(/^\d+ → \d+ \[SYN, ACK\] Seq=0 Ack=1 Win=\d+ Len=0/u);
    expect(ack.info).toMatch(/\[ACK\] Seq=1 Ack=1 Win=\d+ Len=0$/u);
    expect(data.info).toMatch(/Len=100$/u);
    expect(data.protocol).toBe('TCP');
    expect(data.reset).toBe(-1);
    expect(data.origin).toBe('none');
  });

  it('tells the time since the packet before it in its flow', () => {
    const [syn, synAck] = rows(new Conversation().handshake());
    expect(syn.sinceInFlowNs).toBe(-1);
    expect(synAck.sinceInFlowNs).toBe(synAck.timeNs - syn.timeNs);
  });

  it('puts what is wrong with a segment before the line', () => {
    const all = rows(new Conversation().handshake().clientSends(100).wait(0.3).retransmit('client'));
    expect(all[4].info).toMatch(/^\[TCP Retransmission\] \d+ → /u);
  });

  it('leads from a reset to its verdict', () => {
    const all = rows(new Conversation().handshake().clientSends(10).segment('server', { flags: 'R' }));
    const last = all[all.length - 1];
    expect(last.reset).toBe(0);
    expect(last.origin).not.toBe('none');
  });
});
