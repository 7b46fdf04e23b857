/** The columns of the list of flows. */
import { noteColumn } from '../../notes/note-cell.tsx';
import type { FlowColumn } from '../../../shared/contract/methods.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import type { Column } from '../../lists/column.ts';
import { clientColumn, pointColumn, serverColumn } from '../../lists/row-columns.tsx';
import type { Clock } from '../../words/values.ts';
import { UNKNOWN, fullTimeText, nanosText, sizeText, timeText, timeTitle } from '../../words/values.ts';
import { EndingName } from '../../ui/ending-mark.tsx';
import { ENDING } from '../../words/ending.ts';
import { stateText } from '../../words/conn-state.ts';

export function flowColumns(
  clock: Clock,
  files: readonly string[],
  onResets: (row: FlowRow) => void,
): readonly Column<FlowRow, FlowColumn>[] {
  return [
    {
      id: 'start',
      title: timeTitle(clock, 'Start'),
      width: 108,
      rank: 2,
      sort: 'start',
      align: 'end',
      cell: (row) => timeText(clock, row.startNs),
      hint: (row) => fullTimeText(clock, row.startNs),
    },
    ...pointColumn<FlowColumn>(files, 1),
    {
      id: 'protocol',
      title: 'Protocol',
      width: 84,
      rank: 4,
      sort: 'application',
      cell: (row) => (
        <>
          {row.protocol.toUpperCase()} <span className="faint">{row.application}</span>
        </>
      ),
      hint: (row) => row.application,
    },
    clientColumn(),
    serverColumn(),
    {
      id: 'packets',
      title: 'Packets',
      width: 72,
      rank: 3,
      sort: 'packets',
      first: 'descending',
      align: 'end',
      cell: (row) => countText(row.packets),
    },
    {
      id: 'clientBytes',
      title: 'Sent',
      about: 'Payload from the client',
      width: 72,
      rank: 8,
      sort: 'clientBytes',
      first: 'descending',
      align: 'end',
      cell: (row) => sizeText(row.clientBytes),
      hint: (row) => `${countText(row.clientBytes)} bytes from the client`,
    },
    {
      id: 'serverBytes',
      title: 'Received',
      about: 'Payload from the server',
      width: 76,
      rank: 7,
      sort: 'serverBytes',
      first: 'descending',
      align: 'end',
      cell: (row) => sizeText(row.serverBytes),
      hint: (row) => `${countText(row.serverBytes)} bytes from the server`,
    },
    {
      id: 'duration',
      title: 'Duration',
      width: 82,
      rank: 5,
      sort: 'duration',
      first: 'descending',
      align: 'end',
      cell: (row) => nanosText(row.durationNs),
    },
    {
      id: 'rtt',
      title: 'RTT',
      about: 'Round trip of the handshake, as the capture point saw it',
      width: 70,
      rank: 9,
      sort: 'rtt',
      first: 'descending',
      align: 'end',
      cell: (row) => nanosText(row.rttNs),
    },
    {
      id: 'state',
      title: 'State',
      about: 'As Zeek names it',
      width: 66,
      rank: 1,
      sort: 'state',
      cell: (row) => <span className="mono">{row.state === '' ? UNKNOWN : row.state}</span>,
      hint: (row) => `${stateText(row.state)} History: ${row.history === '' ? UNKNOWN : row.history}`,
    },
    {
      id: 'ending',
      title: 'Ending',
      about: 'How the connection ended',
      width: 116,
      rank: 0,
      sort: 'ending',
      cell: (row) =>
        row.ending === 'none' ? <span className="faint">{UNKNOWN}</span> : <EndingName ending={row.ending} />,
      hint: (row) => (row.ending === 'none' ? 'Not looked at yet' : ENDING[row.ending].about),
    },
    {
      id: 'retransmissions',
      title: 'Resent',
      about: 'Segments sent again: retransmissions',
      width: 60,
      rank: 6,
      sort: 'retransmissions',
      first: 'descending',
      align: 'end',
      cell: (row) =>
        row.retransmissions === 0 ? <span className="faint">0</span> : countText(row.retransmissions),
    },
    {
      id: 'resets',
      title: 'Resets',
      width: 70,
      rank: 0,
      sort: 'resets',
      first: 'descending',
      align: 'end',
      cell: (row) =>
        row.resets === 0 ? (
          <span className="faint">0</span>
        ) : (
          <button
            type="button"
            tabIndex={-1}
            className="cell-link"
            title={`Show ${plural(row.resets, 'reset')} of this flow`}
            onClick={() => {
              onResets(row);
            }}
          >
            {countText(row.resets)}
          </button>
        ),
    },
    {
      id: 'marks',
      title: 'Marks',
      about: 'What is special about the flow or its capture',
      width: 90,
      min: 60,
      grow: 0.7,
      rank: 10,
      cell: (row) => <span className="faint">{marksText(row)}</span>,
      hint: marksText,
    },
    noteColumn(({ id }) => `flow ${id}`),
  ];
}

/** Where else its connection was captured comes first: the other flows are rows of their own. */
function marksText({ points, marks }: FlowRow): string {
  const also = points > 1 ? `at ${points} capture points` : '';
  return [also, marks].filter((text) => text !== '').join(', ');
}
