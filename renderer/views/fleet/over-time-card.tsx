/** Resets over time by who sent them: all sites, and the busiest ones each. Dragging over it, or the keys of its two handles, ask for that time alone. */
import { useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import { lowerFirst } from '../../../shared/format/text.ts';
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import { ORIGIN, ORIGINS_LISTED } from '../../../shared/texts/origin.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { useWidth } from '../../ui/use-width.ts';
import { lastedText, spanText, tableText, utcText } from '../../words/fleet-text.ts';
import { brushed, overTime, totalOf } from './over-time-model.ts';
import type { Bar, Brushed, OverTime, SiteRow } from './over-time-model.ts';
import { PartCard } from './part-state.tsx';
import type { FleetAnswers } from './use-fleet-answers.ts';

const ALL_PX = 104;
const SITE_PX = 34;
const DRAG_PX = 4;

interface OverTimeCardProps {
  readonly part: FleetAnswers['timeline'];
  readonly summary: FleetSummary;
  readonly onAgain: () => void;
}

export function OverTimeCard({ part, summary, onAgain }: OverTimeCardProps) {
  return (
    <PartCard
      id="fleet-over-time"
      title="Resets over time"
      about={
        part.value === null
          ? undefined
          : `bars of ${lastedText(part.value.bucketMs)}, UTC; drag over it to ask for that time alone`
      }
      part={part}
      waiting="Resets over time are being asked for"
      lines={5}
      onAgain={onAgain}
    >
      {(told) => <Drawn told={told} summary={summary} />}
    </PartCard>
  );
}

interface DrawnProps {
  readonly told: Parameters<typeof overTime>[0];
  readonly summary: FleetSummary;
}

function Drawn({ told, summary }: DrawnProps) {
  const scope = useAppState((state) => state.fleetScope);
  const { actions } = useApp();
  const [pointed, setPointed] = useState<number | null>(null);
  const [drag, setDrag] = useState<Brushed | null>(null);
  const [chosen, setChosen] = useState<Brushed | null>(null);
  const { fromMs, toMs } = scope;
  const model = useMemo(
    () => overTime(told, { fromMs, toMs } as typeof scope, summary),
    [told, fromMs, toMs, summary],
  );
  if (model === null || model.all.total === 0)
    return <p className="faint">No resets in what is asked for.</p>;
  const narrow = (range: Brushed): void => {
    setChosen(null);
    actions.changeScope(range);
  };
  const bar = pointed === null ? undefined : model.all.bars.at(pointed);
  return (
    <div className="fleet-over-time">
      <Legend model={model} bar={bar} range={drag ?? chosen} />
      <Plot
        model={model}
        pointed={pointed}
        range={drag ?? chosen}
        onPoint={setPointed}
        onDrag={setDrag}
        onChosen={setChosen}
        onNarrow={narrow}
      />
      {model.moreSites > 0 ? (
        <p className="faint">
          {plural(model.moreSites, 'more site')} in the bars of all; choose one to see it alone.
        </p>
      ) : null}
      {fromMs === undefined && toMs === undefined ? null : (
        <div className="fleet-wider">
          <span className="num">Only {spanText(model.fromMs, model.toMs)}</span>
          <Button
            look="quiet"
            onClick={() => {
              const half = (model.toMs - model.fromMs) / 2;
              actions.changeScope({ fromMs: model.fromMs - half, toMs: model.toMs + half });
            }}
          >
            Twice as much
          </Button>
          <Button
            look="quiet"
            onClick={() => {
              actions.changeScope({ fromMs: undefined, toMs: undefined });
            }}
          >
            All time
          </Button>
        </div>
      )}
    </div>
  );
}

interface LegendProps {
  readonly model: OverTime;
  readonly bar: Bar | undefined;
  readonly range: Brushed | null;
}

function Legend({ model, bar, range }: LegendProps) {
  const when =
    range !== null
      ? spanText(range.fromMs, range.toMs)
      : bar !== undefined
        ? `${utcText(bar.fromMs).slice(0, 16)} · ${plural(totalOf(bar), 'reset')}, ${countText(bar.matters)} matter`
        : plural(model.all.total, 'reset');
  return (
    <div className="chart-legend">
      <span className="chart-when num">{when}</span>
      <span className="spring" />
      {ORIGINS_LISTED.map((kind) => (
        <span key={kind} className="legend-item">
          <OriginMark kind={kind} size={10} /> {lowerFirst(ORIGIN[kind].name)}
          {bar === undefined ? null : <b className="num">{countText(bar[kind])}</b>}
        </span>
      ))}
    </div>
  );
}

interface PlotProps {
  readonly model: OverTime;
  readonly pointed: number | null;
  readonly range: Brushed | null;
  readonly onPoint: (bar: number | null) => void;
  readonly onDrag: (range: Brushed | null) => void;
  readonly onChosen: (range: Brushed | null) => void;
  readonly onNarrow: (range: Brushed) => void;
}

function Plot(props: PlotProps) {
  const { model, pointed, range, onPoint, onDrag, onNarrow } = props;
  const [frame, width] = useWidth<HTMLDivElement>();
  const start = useRef<{ readonly x: number; readonly share: number } | null>(null);
  const dragged = useRef<Brushed | null>(null);
  const shareAt = ({ clientX }: { readonly clientX: number }): number => {
    const box = frame.current?.getBoundingClientRect();
    return box === undefined || box.width === 0 ? 0 : (clientX - box.left) / box.width;
  };
  const down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    // The page of the tests has no capture of pointers.
    (event.currentTarget as Partial<Element>).setPointerCapture?.(event.pointerId);
    start.current = { x: event.clientX, share: shareAt(event) };
  };
  const move = (event: PointerEvent): void => {
    const share = shareAt(event);
    const { length } = model.all.bars;
    onPoint(Math.max(0, Math.min(length - 1, Math.floor(share * length))));
    if (start.current === null) return;
    if (dragged.current === null && Math.abs(event.clientX - start.current.x) < DRAG_PX) return;
    dragged.current = brushed(model, start.current.share, share);
    onDrag(dragged.current);
  };
  const end = (isDone: boolean): void => {
    const taken = dragged.current;
    start.current = null;
    dragged.current = null;
    onDrag(null);
    if (isDone && taken !== null) onNarrow(taken);
  };
  const shareOf = (ms: number): number => (ms - model.fromMs) / (model.toMs - model.fromMs);
  return (
    <div className="fleet-plot">
      <div className="fleet-plot-names" aria-hidden="true">
        <span style={{ height: ALL_PX }}>
          all sites <b className="num">{countText(model.all.total)}</b>
        </span>
        {model.sites.length < 2
          ? null
          : model.sites.map(({ site, total }) => (
              <span key={site} style={{ height: SITE_PX }} title={tableText(site ?? '')}>
                {tableText(site ?? '')} <b className="num">{countText(total)}</b>
              </span>
            ))}
      </div>
      <div
        ref={frame}
        className="fleet-plot-bars"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={() => {
          end(true);
        }}
        onPointerCancel={() => {
          end(false);
        }}
        onPointerLeave={() => {
          onPoint(null);
        }}
      >
        {width === 0 ? null : (
          <>
            <Bars row={model.all} width={width} height={ALL_PX} pointed={pointed} />
            {model.sites.length < 2
              ? null
              : model.sites.map((row) => (
                  <Bars key={row.site} row={row} width={width} height={SITE_PX} pointed={pointed} />
                ))}
          </>
        )}
        {range === null ? null : (
          <span
            className="fleet-brush"
            style={{
              left: `${shareOf(range.fromMs) * 100}%`,
              width: `${(shareOf(range.toMs) - shareOf(range.fromMs)) * 100}%`,
            }}
          />
        )}
        <Handle edge="from" {...props} />
        <Handle edge="to" {...props} />
        <p className="visually-hidden">{plotText(model)}</p>
      </div>
      <div className="fleet-plot-axis num" aria-hidden="true">
        <span>{utcText(model.fromMs).slice(0, 16)}</span>
        <span>{utcText((model.fromMs + model.toMs) / 2).slice(0, 16)}</span>
        <span>{utcText(model.toMs).slice(0, 16)}</span>
      </div>
    </div>
  );
}

interface BarsProps {
  readonly row: SiteRow;
  readonly width: number;
  readonly height: number;
  readonly pointed: number | null;
}

function Bars({ row, width, height, pointed }: BarsProps) {
  const step = width / row.bars.length;
  const gap = step > 4 ? 1 : 0;
  const scale = (height - 6) / Math.max(1, row.most);
  return (
    <svg className="fleet-bars" width={width} height={height} aria-hidden="true">
      {row.bars.map((bar, at) => {
        let top = height - 1;
        return (
          <g key={bar.fromMs}>
            {at === pointed ? (
              <rect className="fleet-pointed" x={at * step} y={0} width={step} height={height} />
            ) : null}
            {[...ORIGINS_LISTED].reverse().map((kind) => {
              if (bar[kind] === 0) return null;
              const high = Math.max(1, bar[kind] * scale);
              top -= high;
              return (
                <rect
                  key={kind}
                  className={`fleet-bar is-${kind}`}
                  x={at * step}
                  y={top}
                  width={Math.max(1, step - gap)}
                  height={high}
                />
              );
            })}
          </g>
        );
      })}
    </svg>
  );
}

const STEPS: Readonly<Record<string, number | undefined>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};

interface HandleProps extends PlotProps {
  readonly edge: 'from' | 'to';
}

/** One edge of the time that is chosen by keys: arrows move it, Enter asks, Escape gives it up. */
function Handle({ edge, model, range, onChosen, onNarrow }: HandleProps) {
  const of = range ?? { fromMs: model.fromMs, toMs: model.toMs };
  const ms = edge === 'from' ? of.fromMs : of.toMs;
  const share = (ms - model.fromMs) / (model.toMs - model.fromMs);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const bars = STEPS[event.key];
    if (bars !== undefined) onChosen(movedEdge(model, of, edge, bars));
    else if (event.key === 'Enter' && range !== null) onNarrow(range);
    else if (event.key === 'Escape' && range !== null) onChosen(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      role="slider"
      tabIndex={0}
      className="fleet-handle"
      data-inert={range === null}
      aria-label={edge === 'from' ? 'Begin of the time to ask for' : 'End of the time to ask for'}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(Math.max(0, Math.min(1, share)) * 100)}
      aria-valuetext={
        range === null ? 'nothing is chosen' : `${spanText(of.fromMs, of.toMs)}; Enter asks for it`
      }
      style={{ left: `${Math.max(0, Math.min(1, share)) * 100}%` }}
      onKeyDown={onKeyDown}
    />
  );
}

function movedEdge(model: OverTime, { fromMs, toMs }: Brushed, edge: 'from' | 'to', bars: number): Brushed {
  const { bucketMs } = model;
  const within = (ms: number, least: number, most: number): number => Math.max(least, Math.min(most, ms));
  return edge === 'from'
    ? { fromMs: within(fromMs + bars * bucketMs, model.fromMs, toMs - bucketMs), toMs }
    : { fromMs, toMs: within(toMs + bars * bucketMs, fromMs + bucketMs, model.toMs) };
}

/** The drawing in words. */
function plotText(model: OverTime): string {
  const { all, sites, bucketMs } = model;
  const peak = all.bars.reduce((most, bar) => (totalOf(bar) > totalOf(most) ? bar : most), all.bars[0]);
  const those = sites.map(({ site, total }) => `${plural(total, 'reset')} at ${tableText(site ?? '')}`);
  return `${plural(all.total, 'reset')} in bars of ${lastedText(bucketMs)}; most, ${totalOf(peak)}, at ${utcText(peak.fromMs)} UTC. ${those.join(', ')}.`;
}
