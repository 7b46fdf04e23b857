/** The columns of packets. */
import { Bookmark } from 'lucide-react';
import { countText } from '../../shared/format/count.ts';
import { flagNames } from '../../shared/format/flags.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import type { Column } from '../lists/column.ts';
import { endValues } from '../lists/cell-values.ts';
import { noteColumn } from '../notes/note-cell.tsx';
import { NamedEnd } from '../names/named-end.tsx';
import { frameHint, frameWidth, pointColumn } from '../lists/row-columns.tsx';
import { frameText } from '../words/frame-text.ts';
import { OriginMark } from '../ui/origin-mark.tsx';
import { ORIGIN } from '../../shared/texts/origin.ts';
import { hasAck } from '../words/packet-text.ts';
import type { Clock } from '../words/values.ts';
import { TIME_NAMES, UNKNOWN, fullTimeText, nanosText, timeText, timeTitle } from '../words/values.ts';

export type PacketColumn = Column<PacketRow, 'frame'>;

export interface PacketColumnChoices {
  readonly clock: Clock;
  /** Names of all files. */
  readonly files: readonly string[];
  /** Of all files. */
  readonly frames: number;
  /** Of one flow: both ends are known, and what tells the sides apart is enough. */
  readonly isOfFlow: boolean;
  /** Sequence and acknowledgement numbers as on the wire. */
  readonly isRaw: boolean;
  readonly isMarked: (packet: number) => boolean;
}

export function packetColumns(choices: PacketColumnChoices): readonly PacketColumn[] {
  return [
    ...whenColumns(choices),
    ...whoColumns(choices),
    ...whatColumns(choices),
    ...tcpColumns(choices),
    ...ipColumns(),
  ];
}

/** Room for the sign of a marked packet. */
const MARK_PX = 16;

function whenColumns(choices: PacketColumnChoices): readonly PacketColumn[] {
  const { clock, frames, isMarked } = choices;
  const files = choices.files.length;
  return [
    {
      id: 'mark',
      title: 'Mark',
      about: 'Packets that you marked (m)',
      width: 40,
      rank: 12,
      isExtra: true,
      cell: (row) => (isMarked(row.packet) ? <Marked /> : null),
      text: (row) => (isMarked(row.packet) ? 'marked' : ''),
    },
    {
      id: 'frame',
      title: 'No.',
      about: files > 1 ? 'File and number of the packet in it' : 'Number of the packet in its file',
      width: frameWidth(files, frames) + MARK_PX,
      min: frameWidth(files, frames),
      rank: 0,
      align: 'end',
      cell: (row) => (
        <>
          {isMarked(row.packet) ? <Marked /> : null}
          {files > 1 ? <span className="faint">{row.file + 1}:</span> : null}
          {row.frame}
        </>
      ),
      hint: (row) => frameHint(row, choices.files),
      text: (row) => frameText(row, files),
    },
    // Packets of one flow are of one point.
    ...(choices.isOfFlow ? [] : pointColumn<'frame'>(choices.files, 5)),
    {
      id: 'time',
      title: timeTitle(clock, 'Time'),
      about: upperFirst(TIME_NAMES[clock.style]),
      width: 112,
      min: 92,
      rank: 1,
      align: 'end',
      cell: (row) => timeText(clock, row.timeNs),
      hint: (row) => fullTimeText(clock, row.timeNs),
      text: (row) => timeText(clock, row.timeNs),
    },
    {
      id: 'since-shown',
      title: 'Δ shown',
      about: 'Time since the packet above it in this list',
      width: 74,
      rank: 9,
      isExtra: true,
      align: 'end',
      cell: (row, before) => sinceText(row, before),
      text: (row, before) => sinceText(row, before),
    },
    {
      id: 'since-flow',
      title: 'Δ flow',
      about: 'Time since the packet before it in its flow',
      width: 74,
      rank: 8,
      align: 'end',
      cell: (row) => <Faint value={nanosText(row.sinceInFlowNs)} />,
      text: (row) => nanosText(row.sinceInFlowNs),
    },
  ];
}

function sinceText(row: PacketRow, before: PacketRow | undefined): string {
  return before === undefined ? UNKNOWN : nanosText(Math.max(0, row.timeNs - before.timeNs));
}

function whoColumns({ isOfFlow }: PacketColumnChoices): readonly PacketColumn[] {
  const end = (
    id: 'source' | 'destination',
    title: string,
    name: (row: PacketRow) => string,
    port: (row: PacketRow) => number,
  ): PacketColumn => {
    const whole = (row: PacketRow): string => withPort(row[id], port(row));
    return {
      id,
      title,
      width: 158,
      min: 108,
      grow: 1,
      rank: isOfFlow ? 7 : 0,
      isExtra: isOfFlow,
      cell: (row) =>
        row[id] === '' ? <Faint value={UNKNOWN} /> : <NamedEnd end={whole(row)} name={name(row)} />,
      hint: (row) => (name(row) === '' ? whole(row) : `${name(row)}, ${whole(row)}`),
      values: (row) => endValues(whole(row), title, transportOf(row)),
      text: whole,
    };
  };
  return [
    {
      id: 'from',
      title: 'From',
      about: 'The side of its flow that it comes from',
      width: 70,
      rank: isOfFlow ? 0 : 10,
      isExtra: !isOfFlow,
      cell: (row) => (
        <span className={`packet-from from-${row.from}`}>{row.from === 'none' ? UNKNOWN : row.from}</span>
      ),
      text: (row) => row.from,
    },
    end(
      'source',
      'Source',
      (row) => row.sourceName,
      (row) => row.sourcePort,
    ),
    end(
      'destination',
      'Destination',
      (row) => row.destinationName,
      (row) => row.destinationPort,
    ),
  ];
}

/** Ports of what is neither have no field of their own, and none is shown. */
function transportOf({ flags, protocol }: PacketRow): string {
  return flags >= 0 ? 'tcp' : protocol === 'ICMP' ? '' : 'udp';
}

/** As endpointText, which has no way to say that there is no port. */
function withPort(address: string, port: number): string {
  if (port < 0 || address === '') return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function whatColumns({ isOfFlow }: PacketColumnChoices): readonly PacketColumn[] {
  return [
    {
      id: 'protocol',
      title: 'Protocol',
      width: 66,
      min: 58,
      rank: 2,
      cell: (row) => (row.protocol === '' ? <Faint value={UNKNOWN} /> : row.protocol),
      text: (row) => row.protocol,
    },
    {
      id: 'length',
      title: 'Length',
      about: 'Bytes on the wire',
      width: 58,
      rank: 3,
      align: 'end',
      cell: (row) => countText(row.length),
      text: (row) => String(row.length),
    },
    {
      id: 'origin',
      title: 'Sent by',
      about: 'Who really sent a reset, as far as this capture tells',
      width: 92,
      rank: 6,
      isExtra: true,
      cell: (row) =>
        row.origin === 'none' ? null : (
          <span className={`who origin-${row.origin}`}>
            <OriginMark kind={row.origin} />
            {ORIGIN[row.origin].name}
          </span>
        ),
      text: (row) => (row.origin === 'none' ? '' : ORIGIN[row.origin].name),
    },
    {
      id: 'info',
      title: 'Info',
      width: 320,
      min: 150,
      grow: isOfFlow ? 2 : 3,
      rank: 0,
      cell: (row) => (
        <>
          {row.origin === 'none' ? null : <OriginMark kind={row.origin} />}
          <span className="packet-info">{withoutPorts(row)}</span>
        </>
      ),
      hint: (row) => row.info,
      text: (row) => row.info,
    },
  ];
}

/** The line without the ports that it begins with: they stand beside the addresses. */
function withoutPorts({ info, notes, sourcePort, destinationPort }: PacketRow): string {
  if (info === '') return notes;
  return info.replace(`${sourcePort} → ${destinationPort} `, '');
}

function tcpColumns({ isRaw }: PacketColumnChoices): readonly PacketColumn[] {
  const number = (id: 'seq' | 'ack', title: string, of: (row: PacketRow) => number): PacketColumn => ({
    id,
    title,
    about: isRaw ? 'As on the wire' : 'Relative to the first seen of its direction',
    width: 92,
    rank: 7,
    isExtra: true,
    align: 'end',
    cell: (row) => (isTcp(row) && (id === 'seq' || hasAck(row)) ? of(row) : <Faint value={UNKNOWN} />),
    hint: (row) => (isTcp(row) ? `${id === 'seq' ? row.rawSeq : row.rawAck} on the wire` : ''),
    text: (row) => (isTcp(row) ? String(of(row)) : ''),
  });
  return [
    {
      id: 'flags',
      title: 'Flags',
      width: 84,
      rank: 6,
      isExtra: true,
      cell: (row) => (isTcp(row) ? flagNames(row.flags) : ''),
      text: (row) => (isTcp(row) ? flagNames(row.flags) : ''),
    },
    number('seq', 'Seq', (row) => (isRaw ? row.rawSeq : row.seq)),
    number('ack', 'Ack', (row) => (isRaw ? row.rawAck : row.ack)),
    {
      id: 'payload',
      title: 'Payload',
      about: 'Bytes behind the headers',
      width: 64,
      rank: 7,
      isExtra: true,
      align: 'end',
      cell: (row) => countText(row.payload),
      text: (row) => String(row.payload),
    },
    {
      id: 'window',
      title: 'Window',
      about: isRaw ? 'As sent, unscaled' : 'In bytes; as sent where a SYN is missing',
      width: 76,
      rank: 7,
      isExtra: true,
      align: 'end',
      cell: (row) =>
        isTcp(row) ? countText(isRaw ? row.window : row.scaledWindow) : <Faint value={UNKNOWN} />,
      hint: (row) => `${row.window} as sent, ${row.scaledWindow} scaled`,
      text: (row) => (isTcp(row) ? String(isRaw ? row.window : row.scaledWindow) : ''),
    },
    {
      id: 'notes',
      title: 'Notes',
      about: 'What is special about it',
      width: 120,
      min: 80,
      grow: 1,
      rank: 8,
      isExtra: true,
      cell: (row) => <Faint value={row.notes} />,
      hint: (row) => row.notes,
      text: (row) => row.notes,
    },
    noteColumn(({ packet }) => `packet ${packet}`),
  ];
}

function ipColumns(): readonly PacketColumn[] {
  return [
    {
      id: 'ttl',
      title: 'TTL',
      about: 'Time to live or hop limit, as captured',
      width: 40,
      rank: 5,
      align: 'end',
      cell: (row) => row.ttl,
      text: (row) => String(row.ttl),
    },
    {
      id: 'ipId',
      title: 'IP ID',
      about: 'Identification of the IPv4 datagram',
      width: 58,
      rank: 9,
      isExtra: true,
      align: 'end',
      cell: (row) => (row.ipId < 0 ? <Faint value={UNKNOWN} /> : row.ipId),
      text: (row) => (row.ipId < 0 ? '' : String(row.ipId)),
    },
    {
      id: 'flow',
      title: 'Flow',
      about: 'Number of its flow',
      width: 58,
      rank: 9,
      isExtra: true,
      align: 'end',
      cell: (row) => (row.flow < 0 ? <Faint value={UNKNOWN} /> : row.flow),
      text: (row) => (row.flow < 0 ? '' : String(row.flow)),
    },
  ];
}

/** Datagrams, ICMP and packets of no flow have neither flags nor numbers. */
function isTcp(row: PacketRow): boolean {
  return row.flow >= 0 && row.flags !== 0;
}

function Faint({ value }: { readonly value: string }) {
  return <span className="faint">{value}</span>;
}

function Marked() {
  return <Bookmark size={11} className="packet-mark" aria-label="marked" />;
}
