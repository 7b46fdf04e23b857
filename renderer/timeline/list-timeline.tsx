/** The strip under a list's toolbar: what was captured when, and the part of it that lists and overview are narrowed to. */
import { X, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import type { Timeline } from '../../shared/model/timeline.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import { queryOf } from '../state/lists-slice.ts';
import type { TimeRange } from '../state/range-slice.ts';
import { IconButton } from '../ui/button.tsx';
import { OriginMark } from '../ui/origin-mark.tsx';
import { useResolvedTheme } from '../ui/use-resolved-theme.ts';
import { useWidth } from '../ui/use-width.ts';
import { ORIGIN, ORIGINS_LISTED } from '../../shared/texts/origin.ts';
import type { Clock } from '../words/values.ts';
import { sizeText, timeText } from '../words/values.ts';
import { HEIGHT_PX, draw } from './drawing.ts';
import type { Counts, Edge } from './model.ts';
import {
  barAt,
  barRange,
  brushed,
  countsIn,
  movedBy,
  shownRange,
  sizedBy,
  zoomedIn,
  zoomedOut,
} from './model.ts';
import { useTimeline } from './use-timeline.ts';
import './timeline.css';

/** A pointer that moved less did not drag. */
const DRAG_PX = 4;
const PAGE_BARS = 10;

/** @param list whose filter decides which resets and failures are counted; all of them where it is left out */
export function ListTimeline({ list }: { readonly list?: FilteredList }) {
  const { actions } = useApp();
  const clock = useClock();
  const filter = useAppState((state) => (list === undefined ? '' : queryOf(state, list).filter));
  const range = useAppState((state) => state.range);
  const zoom = useAppState((state) => state.zoom);
  const [frame, width] = useWidth<HTMLDivElement>();
  const { timeline, error } = useTimeline(filter, width);
  const [pointed, setPointed] = useState<number | null>(null);
  const [metric, setMetric] = useState<Metric>('packets');
  const [drag, setDrag] = useState<TimeRange | null>(null);

  const toggleMetric = useCallback(() => {
    setMetric((before) => (before === 'packets' ? 'bytes' : 'packets'));
  }, []);
  const zoomIn = useCallback(
    (aroundNs: number | null) => {
      if (timeline !== null) actions.setZoom(zoomedIn(timeline, range, aroundNs));
    },
    [actions, timeline, range],
  );
  const zoomOut = useCallback(() => {
    if (timeline !== null) actions.setZoom(zoomedOut(timeline));
  }, [actions, timeline]);

  const isThere = timeline !== null && (timeline.lastNs > 0 || timeline.packets.some((count) => count > 0));
  const shared = { clock, metric, range: drag ?? range, pointed };
  return (
    <section className="timeline" aria-label="Timeline">
      <div className="timeline-readout num">
        {isThere ? <Readout timeline={timeline} onMetric={toggleMetric} {...shared} /> : null}
      </div>
      <div ref={frame} className="timeline-place" style={{ height: HEIGHT_PX }}>
        {isThere ? (
          <Plot
            width={width}
            timeline={timeline}
            onPoint={setPointed}
            onDrag={setDrag}
            onMetric={toggleMetric}
            onZoomIn={zoomIn}
            onZoomOut={zoomOut}
            {...shared}
          />
        ) : (
          <Nothing timeline={timeline} error={error} />
        )}
      </div>
      <div className="timeline-tools">
        <IconButton
          label="Zoom in"
          keys="Z"
          tabIndex={-1}
          icon={<ZoomIn size={14} aria-hidden="true" />}
          onClick={() => {
            zoomIn(null);
          }}
        />
        <IconButton
          label="Zoom out"
          keys="Shift+Z"
          tabIndex={-1}
          disabled={zoom === null}
          icon={<ZoomOut size={14} aria-hidden="true" />}
          onClick={zoomOut}
        />
      </div>
      {range === null ? null : <RangeChip clock={clock} range={range} />}
    </section>
  );
}

function Nothing({ timeline, error }: { readonly timeline: Timeline | null; readonly error: string | null }) {
  const isReading = useAppState(({ progress: { phase } }) => phase === 'reading' || phase === 'following');
  const text = timeline === null ? (error ?? '') : isReading ? 'No packet so far' : 'No packets';
  return <div className="timeline-none">{text}</div>;
}

type Metric = 'packets' | 'bytes';

/** What all parts of the strip show. */
interface Shared {
  readonly timeline: Timeline;
  readonly clock: Clock;
  readonly metric: Metric;
  /** What is brushed, or is being brushed. */
  readonly range: TimeRange | null;
  /** Bar under the pointer. */
  readonly pointed: number | null;
}

/** The range in words, and the way back to everything. */
function RangeChip({ clock, range }: { readonly clock: Clock; readonly range: TimeRange }) {
  const { actions } = useApp();
  return (
    <div className="timeline-chip">
      <span className="num" title={rangeText(clock, range)}>
        Only {timeText(clock, range.fromNs)} – {timeText(clock, range.toNs)}
      </span>
      <button
        type="button"
        aria-label="Show all of the capture’s time"
        onClick={() => {
          actions.setRange(null);
        }}
      >
        <X size={12} aria-hidden="true" />
      </button>
    </div>
  );
}

function rangeText(clock: Clock, { fromNs, toNs }: TimeRange): string {
  return `${timeText(clock, fromNs)} to ${timeText(clock, toNs)}, ${durationText(toNs - fromNs)}`;
}

function Readout({
  timeline,
  clock,
  metric,
  range,
  pointed,
  onMetric,
}: Shared & { readonly onMetric: () => void }) {
  const told = pointed === null ? range : barRange(timeline, pointed);
  const counts = countsIn(timeline, told);
  return (
    <>
      <div className="timeline-when">
        {told === null
          ? `bars of ${durationText(timeline.widthNs)}`
          : pointed !== null
            ? `${timeText(clock, told.fromNs)} + ${durationText(told.toNs - told.fromNs)}`
            : durationText(told.toNs - told.fromNs)}
      </div>
      <div className="timeline-events">
        {ORIGINS_LISTED.map((kind) => (
          <span key={kind} title={`Resets: ${ORIGIN[kind].name}`} className={dim(counts[kind])}>
            <OriginMark kind={kind} size={10} /> {countText(counts[kind])}
          </span>
        ))}
        <span title="Failures without a reset" className={dim(counts.failures)}>
          <i className="timeline-key is-failure" /> {countText(counts.failures)}
        </span>
      </div>
      <div className="timeline-events">
        <button
          type="button"
          tabIndex={-1}
          title={`Showing ${metric}; switch with B`}
          onClick={onMetric}
          className="timeline-metric"
        >
          <i className="timeline-key is-packets" />{' '}
          {metric === 'packets' ? packetsText(counts) : sizeText(counts.bytes)}
        </button>
        {metric === 'bytes' ? null : (
          <span title="Retransmissions" className={dim(counts.retransmissions)}>
            <i className="timeline-key is-again" /> {countText(counts.retransmissions)} retransmitted
          </span>
        )}
      </div>
    </>
  );
}

function dim(count: number): string {
  return count === 0 ? 'is-none' : '';
}

interface PlotProps extends Shared {
  readonly width: number;
  readonly onPoint: (bar: number | null) => void;
  readonly onDrag: (range: TimeRange | null) => void;
  readonly onMetric: () => void;
  readonly onZoomIn: (aroundNs: number | null) => void;
  readonly onZoomOut: () => void;
}

function Plot(props: PlotProps) {
  const { width, timeline, clock, metric, range, pointed, onPoint, onDrag, onZoomIn } = props;
  const { actions } = useApp();
  const theme = useResolvedTheme();
  const summaryId = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const start = useRef<{ readonly x: number; readonly ns: number } | null>(null);
  const dragged = useRef<TimeRange | null>(null);

  useEffect(() => {
    if (canvas.current === null || width === 0) return;
    draw(canvas.current, { timeline, clock, width, metric, range, hoveredBar: pointed });
    // The theme's colours are read from the style sheet when it is drawn.
  }, [timeline, clock, width, metric, range, pointed, theme]);

  const nsAt = (event: { readonly clientX: number }): number => {
    const left = canvas.current?.getBoundingClientRect().left ?? 0;
    const { fromNs, toNs } = shownRange(timeline);
    return fromNs + ((event.clientX - left) / Math.max(1, width)) * (toNs - fromNs);
  };

  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    // The page of the tests has no capture of pointers.
    (event.currentTarget as Partial<Element>).setPointerCapture?.(event.pointerId);
    start.current = { x: event.clientX, ns: nsAt(event) };
  };
  const onPointerMove = (event: PointerEvent): void => {
    const ns = nsAt(event);
    onPoint(barAt(timeline, ns));
    if (start.current === null) return;
    if (dragged.current === null && Math.abs(event.clientX - start.current.x) < DRAG_PX) return;
    dragged.current = brushed(timeline, start.current.ns, ns);
    onDrag(dragged.current);
  };
  const onPointerUp = (event: PointerEvent): void => {
    const began = start.current;
    start.current = null;
    if (began === null) return;
    if (dragged.current !== null) actions.setRange(dragged.current);
    else if (range !== null && (nsAt(event) < range.fromNs || nsAt(event) >= range.toNs))
      actions.setRange(null);
    dragged.current = null;
    onDrag(null);
  };

  return (
    <div
      className="timeline-plot"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerUp}
      onPointerCancel={() => {
        start.current = null;
        dragged.current = null;
        onDrag(null);
      }}
      onPointerLeave={() => {
        onPoint(null);
      }}
      onDoubleClick={(event) => {
        onZoomIn(nsAt(event));
      }}
    >
      <canvas ref={canvas} aria-hidden="true" style={{ width, height: HEIGHT_PX }} />
      <p id={summaryId} className="visually-hidden">
        {summaryText(timeline, clock, countsIn(timeline, range))}
      </p>
      <Handle edge="from" summaryId={summaryId} {...props} />
      <Handle edge="to" summaryId={summaryId} {...props} />
    </div>
  );
}

/** The strip in words. */
/** `12 of 400 packets` where a filter leaves some out. */
function packetsText({ packets, passing }: Counts): string {
  const all = plural(packets, 'packet');
  return passing === packets ? all : `${countText(passing)} of ${all}`;
}

function summaryText(timeline: Timeline, clock: Clock, counts: Counts): string {
  const { fromNs, toNs } = shownRange(timeline);
  const parts = [
    packetsText(counts),
    plural(counts.retransmissions, 'retransmission'),
    ...ORIGINS_LISTED.filter((kind) => counts[kind] > 0).map(
      (kind) => `${plural(counts[kind], 'reset')}: ${ORIGIN[kind].name}`,
    ),
    plural(counts.failures, 'failure'),
  ];
  return `${timeText(clock, fromNs)} to ${timeText(clock, toNs)} in bars of ${durationText(
    timeline.widthNs,
  )}. ${parts.join(', ')}. Arrows move the selected time, with Shift they size it, Z zooms in, Shift+Z out, Escape clears it.`;
}

interface HandleProps extends PlotProps {
  readonly edge: Edge;
  readonly summaryId: string;
}

/** One edge of the range as a slider; without a range the two stand at the ends of what is shown. */
function Handle(props: HandleProps) {
  const { edge, summaryId, timeline, clock, range, onMetric, onZoomIn, onZoomOut } = props;
  const { actions } = useApp();
  const shown = shownRange(timeline);
  const of = range ?? shown;
  const ns = edge === 'from' ? of.fromNs : of.toNs;
  const share = (ns - shown.fromNs) / (shown.toNs - shown.fromNs);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!keyOf(event)) return;
    event.preventDefault();
    event.stopPropagation();
  };
  const keyOf = (event: KeyboardEvent): boolean => {
    const bars = STEPS[event.key];
    const last = timeline.packets.length - 1;
    if (bars !== undefined) {
      if (range === null) actions.setRange(barRange(timeline, edge === 'from' ? 0 : last));
      else if (event.shiftKey) actions.setRange(sizedBy(range, timeline, edge, bars));
      else actions.setRange(movedBy(range, timeline, bars));
      return true;
    }
    if (event.key === 'z') onZoomIn(null);
    else if (event.key === 'Z') onZoomOut();
    else if (event.key === 'b') onMetric();
    else if (event.key === 'Escape' && range !== null) actions.setRange(null);
    else return false;
    return true;
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className="timeline-handle"
      data-inert={range === null}
      aria-label={edge === 'from' ? 'Begin of the selected time' : 'End of the selected time'}
      aria-describedby={summaryId}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.max(0, Math.min(1, share)) * 100)}
      aria-valuetext={
        range === null ? 'nothing is selected' : `${timeText(clock, ns)}; ${rangeText(clock, range)}`
      }
      style={{ left: `${Math.max(0, Math.min(1, share)) * 100}%` }}
      onKeyDown={onKeyDown}
    />
  );
}

const STEPS: Readonly<Record<string, number | undefined>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -PAGE_BARS,
  PageUp: PAGE_BARS,
  Home: -Infinity,
  End: Infinity,
};
