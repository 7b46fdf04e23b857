/** The packets that a report draws: those around the one that it is about and those that its evidence rests on. */
import { flagNames } from '../../../shared/format/flags.ts';
import type { ReportPacket } from '../../../shared/model/report.ts';
import { REPORT_BOUNDS } from '../../../shared/model/report.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';

const RST = 0x04;
const ACK = 0x10;

interface Subject {
  readonly file: number;
  readonly frame: number;
  readonly timeNs: number;
  readonly flow: number;
}

/**
 * @param packets in capture order
 * @param evidence numbers of the packets that evidence rests on
 */
export function reportPackets(
  packets: readonly PacketRow[],
  evidence: ReadonlySet<number>,
  subject: Subject,
): ReportPacket[] {
  const own = packets.filter(({ flow, from }) => flow === subject.flow && from !== 'none');
  const isSubject = ({ file, frame }: PacketRow): boolean => file === subject.file && frame === subject.frame;
  const at = Math.max(0, own.findIndex(isSubject));
  // What counts most has a place first: the subject, then evidence, then what stands nearest to the subject.
  const order = own
    .map((packet, index) => ({ packet, index }))
    .sort(
      (a, b) =>
        rank(a.packet) - rank(b.packet) ||
        Math.abs(a.index - at) - Math.abs(b.index - at) ||
        a.index - b.index,
    )
    .slice(0, REPORT_BOUNDS.packets)
    .sort((a, b) => a.index - b.index);
  function rank(packet: PacketRow): number {
    return isSubject(packet) ? 0 : evidence.has(packet.packet) ? 1 : 2;
  }
  return order.map(({ packet }, place) => ({
    file: packet.file,
    frame: packet.frame,
    sinceNs: packet.timeNs - subject.timeNs,
    from: packet.from === 'server' ? 'server' : 'client',
    text: packetLine(packet),
    notes: packet.notes,
    isReset: (packet.flags & RST) !== 0 && packet.protocol !== 'UDP',
    isEvidence: evidence.has(packet.packet),
    isAfterGap: isAfterGap(place === 0 ? undefined : order[place - 1].packet, packet),
  }));
}

/** The account holds a part of the flow's packets, but how long ago the one before it was is known of each. */
function isAfterGap(before: PacketRow | undefined, packet: PacketRow): boolean {
  if (before === undefined) return packet.sinceInFlowNs >= 0;
  const since = packet.timeNs - before.timeNs;
  return packet.sinceInFlowNs >= 0 && Math.abs(since - packet.sinceInFlowNs) >= 1;
}

/** "PSH, ACK  seq 1  ack 1  len 512": numbers are relative, as Wireshark shows them. */
function packetLine(packet: PacketRow): string {
  if (packet.protocol === 'UDP' || packet.protocol === 'DNS')
    return `${packet.protocol} len ${packet.payload}`;
  const ack = (packet.flags & ACK) === 0 ? '' : ` ack ${packet.ack}`;
  const length = packet.payload === 0 ? '' : ` len ${packet.payload}`;
  return `${flagNames(packet.flags)} seq ${packet.seq}${ack}${length}`;
}
