/** The columns of the list of resets. */
import type { ResetColumn } from '../../../shared/contract/methods.ts';
import { countText } from '../../../shared/format/count.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import type { Column } from '../../lists/column.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { hopsText, senderText } from '../../words/origin.ts';
import type { Clock } from '../../words/values.ts';
import { UNKNOWN, fullTimeText, secondsText, sizeText, timeText } from '../../words/values.ts';

export function resetColumns(clock: Clock, files: number): readonly Column<ResetRow, ResetColumn>[] {
  return [
    {
      id: 'matters',
      title: '!',
      about: 'Whether it ended unfinished work; sorts by importance',
      track: '26px',
      sort: 'importance',
      cell: (row) =>
        row.matters ? (
          <>
            <MattersMark />
            <span className="visually-hidden">matters</span>
          </>
        ) : (
          <span className="visually-hidden">harmless</span>
        ),
      hint: (row) => (row.matters ? 'It ended work that was not finished' : 'Harmless'),
    },
    {
      id: 'frame',
      title: 'Frame',
      track: files > 1 ? '78px' : '62px',
      sort: 'frame',
      align: 'end',
      cell: (row) => (
        <>
          {files > 1 ? <span className="faint">{row.file + 1}:</span> : null}
          {row.frame}
        </>
      ),
      hint: (row) => (files > 1 ? `File ${row.file + 1}, frame ${row.frame}` : `Frame ${row.frame}`),
    },
    {
      id: 'time',
      title: clock.style === 'absolute' ? 'Time (UTC)' : 'Time (s)',
      track: '108px',
      sort: 'time',
      align: 'end',
      minWidth: 800,
      cell: (row) => timeText(clock, row.timeNs),
      hint: (row) => fullTimeText(clock, row.timeNs),
    },
    {
      id: 'client',
      title: 'Client',
      track: 'minmax(80px, 1.1fr)',
      sort: 'client',
      cell: (row) => <span className="mono">{row.client}</span>,
      hint: (row) => row.client,
    },
    {
      id: 'server',
      title: 'Server',
      track: 'minmax(88px, 1.5fr)',
      sort: 'server',
      cell: (row) =>
        row.serverName === '' ? (
          <span className="mono">{row.server}</span>
        ) : (
          <>
            <span>{row.serverName}</span> <span className="mono faint">{row.server}</span>
          </>
        ),
      hint: (row) => (row.serverName === '' ? row.server : `${row.serverName}, ${row.server}`),
    },
    {
      id: 'who',
      title: 'Sent by',
      about: 'Who really sent it, as far as this capture tells',
      track: '104px',
      sort: 'origin',
      cell: (row) => (
        <span className={`who origin-${row.kind}`}>
          <OriginMark kind={row.kind} />
          {senderText(row.kind, row.side)}
        </span>
      ),
      hint: (row) => row.label,
    },
    {
      id: 'hops',
      title: 'Hops',
      about: 'Routers between the capture point and the sender of the reset, by its TTL',
      track: '46px',
      align: 'end',
      minWidth: 900,
      cell: (row) => (row.hops < 0 ? <span className="faint">{UNKNOWN}</span> : row.hops),
      hint: (row) => hopsText(row.hops),
    },
    {
      id: 'confidence',
      title: 'Confidence',
      about: 'How sure it is who sent it; how sure the cause is stands in the verdict',
      track: '104px',
      sort: 'confidence',
      first: 'descending',
      minWidth: 660,
      cell: (row) => <Confidence kind={row.kind} value={row.confidence} />,
    },
    {
      id: 'cause',
      title: 'Cause',
      track: 'minmax(96px, 1.4fr)',
      sort: 'cause',
      cell: (row) => causeOf(row.cause).title,
      hint: (row) => causeOf(row.cause).what,
    },
    {
      id: 'idle',
      title: 'Idle',
      about: 'Silence before it',
      track: '66px',
      sort: 'idle',
      first: 'descending',
      align: 'end',
      minWidth: 980,
      cell: (row) => secondsText(row.idleSeconds),
    },
    {
      id: 'unacked',
      title: 'In flight',
      about: 'Bytes that had been sent and not acknowledged',
      track: '72px',
      sort: 'unacknowledged',
      first: 'descending',
      align: 'end',
      minWidth: 1060,
      cell: (row) =>
        row.unacknowledged === 0 ? <span className="faint">0</span> : sizeText(row.unacknowledged),
      hint: (row) => (row.unacknowledged < 0 ? 'Not known' : `${countText(row.unacknowledged)} bytes`),
    },
  ];
}
