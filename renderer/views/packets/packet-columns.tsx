/** The columns of the packets of one flow. */
import { countText } from '../../../shared/format/count.ts';
import { flagNames } from '../../../shared/format/flags.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import type { Column } from '../../lists/column.ts';
import { hasAck } from '../../words/packet-text.ts';
import type { Clock } from '../../words/values.ts';
import { UNKNOWN, fullTimeText, timeText, timeTitle } from '../../words/values.ts';

export function packetColumns(clock: Clock, isTcp: boolean): readonly Column<PacketRow, never>[] {
  const tcp: readonly Column<PacketRow, never>[] = [
    {
      id: 'flags',
      title: 'Flags',
      track: 'minmax(84px, 0.6fr)',
      cell: (row) => flagNames(row.flags),
    },
    {
      id: 'seq',
      title: 'Seq',
      about: 'Relative to the first seen of its direction',
      track: '92px',
      align: 'end',
      cell: (row) => row.seq,
      hint: (row) => `${row.rawSeq} on the wire`,
    },
    {
      id: 'ack',
      title: 'Ack',
      track: '92px',
      align: 'end',
      cell: (row) => (hasAck(row) ? row.ack : <span className="faint">{UNKNOWN}</span>),
      hint: (row) => `${row.rawAck} on the wire`,
    },
    {
      id: 'window',
      title: 'Window',
      track: '70px',
      align: 'end',
      minWidth: 780,
      cell: (row) => row.window,
      hint: () => 'As sent, unscaled',
    },
  ];
  return [
    { id: 'frame', title: 'Frame', track: '76px', align: 'end', cell: (row) => row.frame },
    {
      id: 'time',
      title: timeTitle(clock, 'Time'),
      track: '116px',
      align: 'end',
      cell: (row) => timeText(clock, row.timeNs),
      hint: (row) => fullTimeText(clock, row.timeNs),
    },
    {
      id: 'from',
      title: 'From',
      track: '86px',
      cell: (row) => (
        <span className={`packet-from from-${row.from}`}>{row.from === 'none' ? UNKNOWN : row.from}</span>
      ),
    },
    ...(isTcp ? tcp : []),
    { id: 'payload', title: 'Payload', track: '72px', align: 'end', cell: (row) => countText(row.payload) },
    {
      id: 'length',
      title: 'Length',
      track: '68px',
      align: 'end',
      minWidth: 700,
      cell: (row) => countText(row.length),
    },
    {
      id: 'ttl',
      title: 'TTL',
      about: 'Time to live or hop limit, as captured',
      track: '52px',
      align: 'end',
      cell: (row) => row.ttl,
    },
    {
      id: 'ipId',
      title: 'IP ID',
      track: '66px',
      align: 'end',
      minWidth: 860,
      cell: (row) => (row.ipId < 0 ? <span className="faint">{UNKNOWN}</span> : row.ipId),
    },
    {
      id: 'notes',
      title: 'Notes',
      track: 'minmax(90px, 1.2fr)',
      cell: (row) => <span className="faint">{row.notes}</span>,
      hint: (row) => row.notes,
    },
  ];
}
