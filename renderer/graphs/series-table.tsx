/** The numbers behind the graphs, in a few steps of equal time. */
import { bytesText } from '../../shared/format/bytes.ts';
import { countText } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { UNKNOWN } from '../words/values.ts';
import type { TimeRange } from './range.ts';
import type { SideSeries } from './use-series.ts';
import { useSeries } from './use-series.ts';

const STEPS = 60;

interface SeriesTableProps {
  readonly flow: number;
  readonly side: Side;
  readonly range: TimeRange;
  readonly zeroNs: number;
  readonly packets: number;
}

export function SeriesTable({ flow, side, range, zeroNs, packets }: SeriesTableProps) {
  const { shown } = useSeries(flow, side, range, STEPS, packets);
  if (shown === null) return <div className="graphs-table" />;
  const step = (shown.toNs - shown.fromNs) / shown.columns;
  return (
    <div className="graphs-table" tabIndex={0} role="region" aria-label="Numbers of the graphs">
      <table>
        <caption>
          Data of the {side} in steps of {durationText(step)}; steps without packets are left out
        </caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Sent up to</th>
            <th scope="col">Sent again</th>
            <th scope="col">Acknowledged</th>
            <th scope="col">In flight, at most</th>
            <th scope="col">Window, at least</th>
            <th scope="col">Round trip, at most</th>
            <th scope="col">Bytes</th>
            <th scope="col">Duplicate ACKs</th>
          </tr>
        </thead>
        <tbody>
          {Array.from({ length: shown.columns }, (_, column) => column)
            .filter((column) => holds(shown, column))
            .map((column) => (
              <Step
                key={column}
                shown={shown}
                column={column}
                offset={shown.fromNs + column * step - zeroNs}
              />
            ))}
        </tbody>
      </table>
    </div>
  );
}

function holds({ series }: SideSeries, column: number): boolean {
  return !Number.isNaN(series.flightHigh[column]) || series.bytes[column] > 0;
}

interface StepProps {
  readonly shown: SideSeries;
  readonly column: number;
  readonly offset: number;
}

function Step({ shown: { series }, column, offset }: StepProps) {
  const text = (value: number, tell: (value: number) => string): string =>
    Number.isNaN(value) ? UNKNOWN : tell(value);
  return (
    <tr>
      <th scope="row">{durationText(Math.max(0, offset))}</th>
      <td>{text(series.sentHigh[column], countText)}</td>
      <td>{text(series.againHigh[column] - series.againLow[column], bytesText)}</td>
      <td>{text(series.ackHigh[column], countText)}</td>
      <td>{text(series.flightHigh[column], bytesText)}</td>
      <td>{text(series.windowLow[column], bytesText)}</td>
      <td>{text(series.rttHigh[column], durationText)}</td>
      <td>{countText(series.bytes[column])}</td>
      <td>{countText(series.duplicates[column])}</td>
    </tr>
  );
}
