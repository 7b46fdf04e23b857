/** The columns of the list of resets. */
import { noteColumn } from '../../notes/note-cell.tsx';
import { BadgeCheck, Eye } from 'lucide-react';
import type { ResetColumn } from '../../../shared/contract/methods.ts';
import { countText } from '../../../shared/format/count.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import type { Column } from '../../lists/column.ts';
import {
  clientColumn,
  frameColumn,
  mattersColumn,
  serverColumn,
  timeColumn,
} from '../../lists/row-columns.tsx';
import { lowerFirst } from '../../../shared/format/text.ts';
import { seenText } from '../../words/join-text.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN, hopsText, senderText } from '../../../shared/texts/origin.ts';
import type { Clock } from '../../words/values.ts';
import { UNKNOWN, secondsText, sizeText } from '../../words/values.ts';

export function resetColumns(
  clock: Clock,
  files: readonly string[],
  frames: number,
): readonly Column<ResetRow, ResetColumn>[] {
  return [
    mattersColumn(
      'Whether it ended unfinished work; sorts by importance',
      'It ended work that was not finished',
    ),
    frameColumn(files, frames),
    timeColumn(clock, 4),
    clientColumn(),
    serverColumn(),
    {
      id: 'who',
      title: 'Sent by',
      about: 'Who really sent it, as far as this capture tells',
      width: files.length > 1 ? 146 : 104,
      min: files.length > 1 ? 132 : 84,
      rank: 0,
      sort: 'origin',
      cell: (row) => (
        <span className={`who origin-${row.kind}`}>
          <OriginMark kind={row.kind} />
          {senderText(row.kind, row.side)}
          {row.count > 1 ? ` ×${countText(row.count)}` : null}
          <SeenMark row={row} />
        </span>
      ),
      values: (row) => [
        { field: 'rst.origin', value: row.kind, title: 'Sent by', text: ORIGIN[row.kind].name },
      ],
      hint: (row) => [row.label, countHint(row), seenHint(row)].filter((text) => text !== '').join('; '),
    },
    {
      id: 'hops',
      title: 'Hops',
      about: 'Routers between the capture point and the sender of the reset, by its TTL',
      width: 46,
      rank: 6,
      align: 'end',
      cell: (row) => (row.hops < 0 ? <span className="faint">{UNKNOWN}</span> : row.hops),
      hint: (row) => hopsText(row.hops),
    },
    {
      id: 'confidence',
      title: 'Confidence',
      about: 'How sure it is who sent it; how sure the cause is stands in the verdict',
      width: 104,
      rank: 3,
      sort: 'confidence',
      first: 'descending',
      cell: (row) => <Confidence kind={row.kind} value={row.confidence} isProven={row.proven} />,
    },
    {
      id: 'cause',
      title: 'Cause',
      width: 230,
      min: 170,
      grow: 1.2,
      rank: 0,
      sort: 'cause',
      cell: (row) => <span className="cause-lines">{causeOf(row.cause).title}</span>,
      hint: (row) => causeOf(row.cause).what,
      values: (row) => [
        { field: 'rst.cause', value: row.cause, title: 'Cause', text: causeOf(row.cause).title },
      ],
    },
    {
      id: 'idle',
      title: 'Silence before',
      about: 'Silence before it, or before the packet that it answers',
      width: 100,
      rank: 5,
      sort: 'silence',
      first: 'descending',
      align: 'end',
      cell: (row) => secondsText(row.silenceSeconds),
    },
    {
      id: 'unacked',
      title: 'In flight',
      about: 'Bytes that had been sent and not acknowledged',
      width: 72,
      rank: 7,
      sort: 'unacknowledged',
      first: 'descending',
      align: 'end',
      cell: (row) =>
        row.unacknowledged === 0 ? <span className="faint">0</span> : sizeText(row.unacknowledged),
      hint: (row) => (row.unacknowledged < 0 ? 'Not known' : `${countText(row.unacknowledged)} bytes`),
    },
    noteColumn(({ id }) => `reset ${id}`),
  ];
}

function countHint({ count }: ResetRow): string {
  return count > 1 ? `stands for ${countText(count)} resets` : '';
}

function seenHint({ seenAt, points, proven }: ResetRow): string {
  if (points < 2) return '';
  return `${lowerFirst(seenText(seenAt, points))}${proven ? '; proven' : ''}`;
}

/** Where several captures hold its connection: how many of them saw it, and whether that proves who sent it. */
function SeenMark({ row }: { readonly row: ResetRow }) {
  const { seenAt, points, proven } = row;
  if (points < 2) return null;
  return (
    <span className={proven ? 'seen-mark is-proven' : 'seen-mark'}>
      {proven ? <BadgeCheck size={13} aria-hidden="true" /> : <Eye size={12} aria-hidden="true" />}
      <span aria-hidden="true">
        {seenAt}/{points}
      </span>
      <span className="visually-hidden">{seenHint(row)}</span>
    </span>
  );
}
