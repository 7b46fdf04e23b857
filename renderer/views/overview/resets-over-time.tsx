/** Resets over time, stacked by origin. */
import { plural } from '../../../shared/format/count.ts';
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { durationText } from '../../../shared/format/duration.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import type { Overview } from '../../../shared/model/capture.ts';
import type { OriginKind } from '../../../shared/model/verdict.ts';
import { useClock } from '../../core/clock.ts';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { useResolvedTheme } from '../../ui/use-resolved-theme.ts';
import { useWidth } from '../../ui/use-width.ts';
import { ORIGIN, ORIGINS_LISTED } from '../../../shared/texts/origin.ts';
import { timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';
import { chartOptions } from './chart-options.ts';
import { countsAt, stackedSeries } from './stacked.ts';

const HEIGHT_PX = 168;

export function ResetsOverTime({ overview }: { readonly overview: Overview }) {
  const clock = useClock();
  const theme = useResolvedTheme();
  const [frame, width] = useWidth<HTMLDivElement>();
  const plot = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const series = useMemo(() => stackedSeries(overview), [overview]);

  useEffect(() => {
    const parent = frame.current;
    if (parent === null || width === 0) return;
    const chart = new uPlot(
      chartOptions({ width, height: HEIGHT_PX, clock, element: parent, onPoint: setPointed }),
      [[]],
      parent,
    );
    plot.current = chart;
    return () => {
      plot.current = null;
      chart.destroy();
    };
    // The theme's colours are read from the style sheet when the chart is made.
  }, [frame, width, clock, theme]);

  useEffect(() => {
    plot.current?.setData(series as uPlot.AlignedData);
  }, [series, width, clock, theme]);

  return (
    <div className="over-time">
      <Legend overview={overview} pointed={pointed} clock={clock} />
      <div ref={frame} style={{ height: HEIGHT_PX }} role="img" aria-label={chartText(overview, clock)} />
    </div>
  );
}

/** The chart in words. */
function chartText(overview: Overview, clock: Clock): string {
  const totals = overview.buckets.middlebox.map((_, bucket) => countsAt(overview, bucket).total);
  const most = Math.max(0, ...totals);
  const peak = totals.indexOf(most);
  const at = timeText(clock, clock.firstNs + peak * overview.bucketNs);
  return `Resets over time in steps of ${durationText(overview.bucketNs)}; most, ${most}, at ${at}`;
}

interface LegendProps {
  readonly overview: Overview;
  readonly pointed: number | null;
  readonly clock: Clock;
}

function Legend({ overview, pointed, clock }: LegendProps) {
  const counts = pointed === null ? null : countsAt(overview, pointed);
  return (
    <div className="chart-legend">
      <span className="chart-when num">
        {counts === null || pointed === null
          ? `bars of ${durationText(overview.bucketNs)}`
          : `${timeText(clock, clock.firstNs + pointed * overview.bucketNs)} · ${plural(counts.total, 'reset')}`}
      </span>
      <span className="spring" />
      {ORIGINS_LISTED.map((kind) => (
        <LegendItem key={kind} kind={kind} count={counts?.[kind]} />
      ))}
    </div>
  );
}

function LegendItem({ kind, count }: { readonly kind: OriginKind; readonly count: number | undefined }) {
  return (
    <span className="legend-item">
      <OriginMark kind={kind} size={10} /> {lowerFirst(ORIGIN[kind].name)}
      {count === undefined ? null : <b className="num">{count}</b>}
    </span>
  );
}
