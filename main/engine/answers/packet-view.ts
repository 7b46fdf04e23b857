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
import { TCP_FLAGS_MASK, TCP_RST } from '../decode/facts.ts';
import { LAST_RESET } from '../flow/record.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';
import { packetLine } from './packet-line.ts';
import type { PacketSources } from './packet-line.ts';
import type { JoinView } from '../join/join-view.ts';
import { resetOfPacket } from './reset-of-packet.ts';

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

/** What rows of packets are made of; the session has all of it. */
export interface PacketStores extends PacketSources {
  readonly flows: FlowTable;
  readonly resets: ResetLog;
  readonly verdicts: VerdictColumns;
  readonly join: JoinView;
}

/**
 * A packet with those before and after it in its flow, as far as they are kept, in capture order.
 * @param shown further ones, those that evidence rests on
 */
export function packetsAround(
  stores: PacketStores,
  flow: FlowRecord,
  packet: PacketNumber,
  [before, after]: readonly [number, number],
  shown: readonly number[],
): readonly PacketRow[] {
  const { packets, flowView } = stores;
  const all = packetsOfFlow(packets, flowView, flow);
  const at = all.indexOf(packet);
  const around = all.subarray(Math.max(0, at - before), Math.max(0, at + after + 1));
  const numbers = new Set([...shown, packet, ...around, ...all.subarray(0, HANDSHAKE_PACKETS)]);
  return [...(numbers as Set<PacketNumber>)]
    .filter((number) => packets.holds(number))
    .sort((a, b) => a - b)
    .map((number) => packetRow(stores, number));
}

export function packetRow(stores: PacketStores, packet: PacketNumber): PacketRow {
  const { packets, flowView: flows } = stores;
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
  const before = packets.previous(packet);
  const numbers = {
    seq: relative(seq, direction),
    ack: relative(ack, direction === 0 ? 1 : 0),
    payload: packets.payload(packet),
    notes: packetNotes(marks, seq),
  };
  return {
    packet,
    file: packets.file(packet),
    frame: packets.frame(packet),
    timeNs: packets.time(packet),
    sinceInFlowNs: inFlow && packets.holds(before) ? packets.time(packet) - packets.time(before) : -1,
    flow: inFlow ? flows.id(flow) : -1,
    from: !inFlow ? 'none' : direction === 0 ? 'client' : 'server',
    length: packets.wire(packet),
    flags: packets.flags(packet) & TCP_FLAGS_MASK,
    rawSeq: seqUnsigned(seq),
    rawAck: seqUnsigned(ack),
    window: packets.window(packet),
    ttl: packets.ttl(packet),
    ipId: packets.ipId(packet),
    ...numbers,
    ...packetLine(stores, packet, numbers),
    ...resetOf(stores, packet, inFlow && !isIcmp && !isDatagram ? flow : undefined),
  };
}

/** The reset that the packet is, and who sent it once that is judged. */
function resetOf(
  { packets, flows, resets, verdicts, join }: PacketStores,
  packet: PacketNumber,
  flow: FlowRecord | undefined,
): Pick<PacketRow, 'reset' | 'origin'> {
  if (flow === undefined || (packets.flags(packet) & TCP_RST) === 0) return { reset: -1, origin: 'none' };
  const record = resetOfPacket(resets, flows.word(flow, LAST_RESET), packet);
  const reset = record < 0 ? -1 : join.primary(record);
  if (reset < 0 || !verdicts.has(reset)) return { reset, origin: 'none' };
  return { reset, origin: ORIGIN_KINDS[verdicts.kind[verdicts.at(reset)]] };
}
