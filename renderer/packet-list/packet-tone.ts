/** The kind of a packet that its row is coloured by: calm, and only where something is out of the ordinary. */
import type { PacketRow } from '../../shared/model/rows.ts';
import { hasRst } from '../words/packet-text.ts';

const SENT_AGAIN = /retransmission|out of order|duplicate ACK/u;
const IN_TROUBLE = /zero window|window full|not captured|unseen|ICMP error/u;

export function packetTone(row: PacketRow): string {
  if (row.origin !== 'none') return `packet-reset origin-${row.origin}`;
  if (hasRst(row)) return 'packet-reset';
  if (SENT_AGAIN.test(row.notes)) return 'packet-again';
  return IN_TROUBLE.test(row.notes) || row.protocol.startsWith('ICMP') ? 'packet-trouble' : '';
}
