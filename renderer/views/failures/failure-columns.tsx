/** The columns of the list of failures. */
import type { FailureColumn } from '../../../shared/contract/methods.ts';
import { countText } from '../../../shared/format/count.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { Column } from '../../lists/column.ts';
import {
  clientColumn,
  frameColumn,
  mattersColumn,
  serverColumn,
  timeColumn,
} from '../../lists/row-columns.tsx';
import { Confidence } from '../../ui/confidence.tsx';
import { EndingName } from '../../ui/ending-mark.tsx';
import { failureSideText, triesText } from '../../words/ending.ts';
import type { Clock } from '../../words/values.ts';
import { secondsText } from '../../words/values.ts';

export function failureColumns(
  clock: Clock,
  files: readonly string[],
  frames: number,
): readonly Column<FailureRow, FailureColumn>[] {
  return [
    mattersColumn('Whether somebody’s work failed; sorts by importance', 'Work failed with it'),
    frameColumn(files, frames),
    timeColumn(clock, 4),
    clientColumn(),
    serverColumn(),
    {
      id: 'ending',
      title: 'Ending',
      about: 'How the connection failed',
      width: 112,
      rank: 0,
      sort: 'kind',
      cell: (row) => <EndingName ending={row.kind} />,
      hint: (row) => row.summary,
    },
    {
      id: 'side',
      title: 'Side',
      about: 'Whose doing it was, as far as this capture tells',
      width: 84,
      rank: 2,
      sort: 'side',
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
      width: 52,
      rank: 4,
      sort: 'tries',
      first: 'descending',
      align: 'end',
      cell: (row) => countText(row.tries),
      hint: (row) => triesText(row.tries),
    },
    {
      id: 'seconds',
      title: 'Lasted',
      about: 'From the first try, or the last sign of life, to the end of the attempt',
      width: 66,
      rank: 3,
      sort: 'seconds',
      first: 'descending',
      align: 'end',
      cell: (row) => secondsText(row.seconds),
    },
    {
      id: 'recovered',
      title: 'After it',
      about: 'Whether it went on after all',
      width: 84,
      rank: 6,
      cell: (row) => (row.recovered ? 'recovered' : <span className="faint">ended</span>),
    },
    {
      id: 'confidence',
      title: 'Confidence',
      about: 'How sure it is that ending and side are right',
      width: 104,
      rank: 5,
      sort: 'confidence',
      first: 'descending',
      cell: (row) => <Confidence kind={null} value={row.confidence} />,
    },
  ];
}
