/** The columns of totals by address, and by pair of addresses. */
import type { EndpointColumn } from '../../../shared/contract/methods.ts';
import { countText } from '../../../shared/format/count.ts';
import type { EndpointRow } from '../../../shared/model/rows.ts';
import type { OriginKind } from '../../../shared/model/verdict.ts';
import type { Column } from '../../lists/column.ts';
import { endValues } from '../../lists/cell-values.ts';
import { NamedEnd } from '../../names/named-end.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import type { Clock } from '../../words/values.ts';
import { fullTimeText, nanosText, sizeText, timeText, timeTitle } from '../../words/values.ts';

type EndpointColumns = Column<EndpointRow, EndpointColumn>;

export function endpointColumns(clock: Clock, isPair: boolean): readonly EndpointColumns[] {
  return [
    end('address', isPair ? 'Address A' : 'Address', ({ address, name }) => [address, name]),
    ...(isPair ? [end('other', 'Address B', ({ other, otherName }) => [other, otherName])] : []),
    count('flows', 'Flows', 'Connections and conversations of datagrams', 64, 1),
    count('packets', 'Packets', 'Packets of its flows', 72, 3),
    size('sentBytes', isPair ? 'A → B' : 'Sent', isPair ? 'Payload from A to B' : 'Payload that it sent', 4),
    size(
      'receivedBytes',
      isPair ? 'B → A' : 'Received',
      isPair ? 'Payload from B to A' : 'Payload that it was sent',
      5,
    ),
    count('failures', 'Failures', 'Flows that failed without a reset', 66, 2),
    count('resets', 'Resets', 'Resets of its flows, whoever sent them', 60, 0),
    byOrigin('byMiddlebox', 'middlebox'),
    byOrigin('byEndpoint', 'endpoint'),
    byOrigin('byUnknown', 'unknown'),
    {
      id: 'start',
      title: timeTitle(clock, 'First'),
      about: 'Its first packet',
      width: 108,
      rank: 8,
      sort: 'start',
      align: 'end',
      cell: (row) => timeText(clock, row.startNs),
      hint: (row) => fullTimeText(clock, row.startNs),
      text: (row) => timeText(clock, row.startNs),
    },
    {
      id: 'duration',
      title: 'Span',
      about: 'From its first packet to its last',
      width: 70,
      rank: 9,
      sort: 'duration',
      first: 'descending',
      align: 'end',
      cell: (row) => nanosText(row.endNs - row.startNs),
      text: (row) => nanosText(row.endNs - row.startNs),
    },
  ];
}

function end(
  id: 'address' | 'other',
  title: string,
  of: (row: EndpointRow) => readonly [address: string, name: string],
): EndpointColumns {
  return {
    id,
    title,
    width: 220,
    min: 130,
    grow: 1,
    rank: 0,
    sort: id,
    cell: (row) => {
      const [address, name] = of(row);
      return <NamedEnd end={address} name={name} />;
    },
    values: (row) => endValues(of(row)[0], title),
    hint: (row) => of(row).filter(Boolean).reverse().join(', '),
    text: (row) => of(row)[0],
  };
}

type Counted = 'flows' | 'packets' | 'failures' | 'resets' | 'byEndpoint' | 'byMiddlebox' | 'byUnknown';

function count(id: Counted, title: string, about: string, width: number, rank: number): EndpointColumns {
  return {
    id,
    title,
    about,
    width,
    rank,
    sort: id,
    first: 'descending',
    align: 'end',
    cell: (row) => (row[id] === 0 ? <span className="faint">0</span> : countText(row[id])),
    text: (row) => String(row[id]),
  };
}

function size(
  id: 'sentBytes' | 'receivedBytes',
  title: string,
  about: string,
  rank: number,
): EndpointColumns {
  return {
    id,
    title,
    about,
    width: 78,
    rank,
    sort: id,
    first: 'descending',
    align: 'end',
    cell: (row) => sizeText(row[id]),
    hint: (row) => `${countText(row[id])} bytes`,
    text: (row) => String(row[id]),
  };
}

function byOrigin(id: 'byEndpoint' | 'byMiddlebox' | 'byUnknown', kind: OriginKind): EndpointColumns {
  return {
    ...count(id, ORIGIN[kind].name, `Resets: ${ORIGIN[kind].name.toLowerCase()}`, 112, 6),
    cell: (row) =>
      row[id] === 0 ? (
        <span className="faint">0</span>
      ) : (
        <span className={`origin-counts origin-${kind}`}>
          <OriginMark kind={kind} size={10} />
          {countText(row[id])}
        </span>
      ),
  };
}
