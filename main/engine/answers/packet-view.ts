/** Packets of a flow as rows: the chain of the index walked back, relative numbers, notes in words. */
import { seqDelta, seqUnsigned } from '../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { markNames } from '../../../shared/texts/packet-marks.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { BASE_SEQ, SEEN, SEEN_ANY } from '../flow/record.ts';
import { LIMITS } from '../limits.ts';
import type { FlowView } from './flow-view.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { NO_FLOW } from '../store/packet-index.ts';
import { TCP_FLAGS_MASK } from '../decode/facts.ts';

/** Wireshark's names for the ICMP errors that quote a packet. */
function icmpNote(typeAndCode: number): string {
  return `ICMP error type ${typeAndCode >> 8} code ${typeAndCode & 0xff}`;
}

export function packetNotes(marks: number, typeAndCode: number): string {
  if ((marks & MARK_ICMP) !== 0) return icmpNote(typeAndCode);
  return markNames(marks).join(', ');
}

const NO_SEQ = 0 as SeqNumber;

/** Numbers of the flow's packets that are kept, oldest first; at most LIMITS.maxListedPackets newest ones. */
export function packetsOfFlow(packets: PacketIndex, flows: FlowView, flow: FlowRecord): Uint32Array {
  const limit = LIMITS.maxListedPackets;
  const lastPacket = flows.lastPacket(flow);
  let count = 0;
  for (let p = lastPacket; packets.holds(p) && count < limit; p = packets.previous(p)) count++;
  const numbers = new Uint32Array(count);
  let at = count;
  for (let p = lastPacket; at > 0; p = packets.previous(p)) numbers[--at] = p;
  return numbers;
}

/** Those who ask for the packets around one see the handshake, too: it shows who is who, and is worth its three rows. */
const HANDSHAKE_PACKETS = 3;

/**
 * A packet with those before and after it in its flow, as far as they are kept, in capture order.
 * @param shown further ones, those that evidence rests on
 */
export function packetsAround(
  packets: PacketIndex,
  flows: FlowView,
  flow: FlowRecord,
  packet: PacketNumber,
  [before, after]: readonly [number, number],
  shown: readonly number[],
): readonly PacketRow[] {
  const all = packetsOfFlow(packets, flows, flow);
  const at = all.indexOf(packet);
  const around = all.subarray(Math.max(0, at - before), Math.max(0, at + after + 1));
  const numbers = new Set([...shown, packet, ...around, ...all.subarray(0, HANDSHAKE_PACKETS)]);
  return [...(numbers as Set<PacketNumber>)]
    .filter((number) => packets.holds(number))
    .sort((a, b) => a - b)
    .map((number) => packetRow(packets, flows, number));
}

export function packetRow(packets: PacketIndex, flows: FlowView, packet: PacketNumber): PacketRow {
  const flow = packets.flow(packet);
  const inFlow = flow !== NO_FLOW;
  const direction = packets.direction(packet);
  const marks = packets.marks(packet);
  const isIcmp = (marks & MARK_ICMP) !== 0;
  // Of datagrams these columns keep no numbers of TCP.
  const isDatagram = inFlow && !isIcmp && !flows.isTcp(flow);
  const seq = isDatagram ? NO_SEQ : packets.seq(packet);
  const ack = isDatagram ? NO_SEQ : packets.ack(packet);
  const relative = (number: SeqNumber, side: 0 | 1): number => {
    if (!inFlow || isIcmp) return 0;
    if ((flows.directionWord(flow, side, SEEN) & SEEN_ANY) === 0) return seqUnsigned(number);
    return seqDelta(number, flows.directionWord(flow, side, BASE_SEQ));
  };
  return {
    packet,
    file: packets.file(packet),
    frame: packets.frame(packet),
    timeNs: packets.time(packet),
    flow: inFlow ? flows.id(flow) : -1,
    from: !inFlow ? 'none' : direction === 0 ? 'client' : 'server',
    length: packets.wire(packet),
    payload: packets.payload(packet),
    flags: packets.flags(packet) & TCP_FLAGS_MASK,
    seq: relative(seq, direction),
    ack: relative(ack, direction === 0 ? 1 : 0),
    rawSeq: seqUnsigned(seq),
    rawAck: seqUnsigned(ack),
    window: packets.window(packet),
    ttl: packets.ttl(packet),
    ipId: packets.ipId(packet),
    notes: packetNotes(marks, seq),
  };
}
