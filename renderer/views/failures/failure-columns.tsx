/** The columns of the list of failures. */
import type { FailureColumn } from '../../../shared/contract/methods.ts';
import { countText } from '../../../shared/format/count.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { Column } from '../../lists/column.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { ENDING, failureSideText, triesText } from '../../words/ending.ts';
import type { Clock } from '../../words/values.ts';
import { fullTimeText, secondsText, timeText } from '../../words/values.ts';

export function failureColumns(clock: Clock, files: number): readonly Column<FailureRow, FailureColumn>[] {
  return [
    {
      id: 'matters',
      title: '!',
      about: 'Whether somebody’s work failed; sorts by importance',
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
      hint: (row) => (row.matters ? 'Work failed with it' : 'Harmless'),
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
      minWidth: 880,
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
      id: 'ending',
      title: 'Ending',
      about: 'How the connection failed',
      track: '112px',
      sort: 'kind',
      cell: (row) => (
        <span className={`ending tone-${ENDING[row.kind].tone}`}>
          <EndingMark tone={ENDING[row.kind].tone} size={11} />
          {ENDING[row.kind].name}
        </span>
      ),
      hint: (row) => row.summary,
    },
    {
      id: 'side',
      title: 'Side',
      about: 'Whose doing it was, as far as this capture tells',
      track: '84px',
      sort: 'side',
      minWidth: 690,
      cell: (row) =>
        row.side === null ? (
          <span className="faint">{failureSideText(row.side)}</span>
        ) : (
          failureSideText(row.side)
        ),
    },
    {
      id: 'tries',
      title: 'Tries',
      about: 'How often what got no answer was sent',
      track: '52px',
      sort: 'tries',
      minWidth: 600,
      first: 'descending',
      align: 'end',
      cell: (row) => countText(row.tries),
      hint: (row) => triesText(row.tries),
    },
    {
      id: 'seconds',
      title: 'For',
      about: 'From the first try, or the last sign of life, to the end of the attempt',
      track: '66px',
      sort: 'seconds',
      first: 'descending',
      align: 'end',
      cell: (row) => secondsText(row.seconds),
    },
    {
      id: 'recovered',
      title: 'After it',
      about: 'Whether it went on after all',
      track: '84px',
      minWidth: 1000,
      cell: (row) => (row.recovered ? 'recovered' : <span className="faint">ended</span>),
    },
    {
      id: 'confidence',
      title: 'Confidence',
      about: 'How sure it is that ending and side are right',
      track: '104px',
      sort: 'confidence',
      first: 'descending',
      minWidth: 780,
      cell: (row) => <Confidence kind={null} value={row.confidence} />,
    },
  ];
}
