/** The graphs of a connection: drawn, moved by wheel, drag and keys, read out in words, and as a table for those who want numbers. */
import { ChartNoAxesCombined, Download, Maximize2, Table2, ZoomIn, ZoomOut } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { bytesText } from '../../shared/format/bytes.ts';
import { durationText } from '../../shared/format/duration.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { DrawnCanvas } from '../ui/drawn-canvas.tsx';
import { useDrawingTheme } from '../ui/drawing-theme.ts';
import { Empty } from '../ui/empty.tsx';
import type { Painter } from '../ui/painter.ts';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useSize } from '../ui/use-size.ts';
import type { GraphsScene, SequenceKind } from './paint-graphs.ts';
import { LEFT, RIGHT, SEQUENCE_KINDS, paintGraphs, timeAt } from './paint-graphs.ts';
import type { TimeRange } from './range.ts';
import { moved, zoomed } from './range.ts';
import { SeriesTable } from './series-table.tsx';
import { seriesCsv } from './series-csv.ts';
import type { SideSeries } from './use-series.ts';
import { useSeries } from './use-series.ts';
import './graphs.css';

interface GraphsProps {
  readonly flow: number;
  readonly isTcp: boolean;
  /** Of all packets that are kept. */
  readonly whole: TimeRange;
  /** Time that the axis counts from. */
  readonly zeroNs: number;
  readonly packets: number;
  /** Whose data is shown first: that of the side that sent more. */
  readonly busier: Side;
  readonly resets: GraphsScene['resets'];
  readonly selectedNs: number | null;
  readonly onPick: (timeNs: number) => void;
  readonly onCsv: (name: string, csv: string) => void;
}

const STEP = 0.15;
const ZOOM = 1.5;
/** Pointers that move less have clicked. */
const CLICK_PX = 4;
const KIND_NAMES: Readonly<Record<SequenceKind, string>> = { tcptrace: 'tcptrace', stevens: 'Stevens' };

export function Graphs(props: GraphsProps) {
  const { flow, whole, zeroNs, packets, resets, selectedNs, onPick } = props;
  const theme = useDrawingTheme();
  const [frame, { width, height }] = useSize<HTMLDivElement>();
  useFirstFocus(frame);
  const [side, setSide] = useState<Side>(props.busier);
  const [kind, setKind] = useState<SequenceKind>('tcptrace');
  const [part, setPart] = useState<TimeRange | null>(null);
  const [pointedNs, setPointed] = useState<number | null>(null);
  const [isTable, setTable] = useState(false);
  const range = part ?? whole;
  const { shown, error } = useSeries(flow, side, range, width - LEFT - RIGHT, packets);

  const scene = useMemo<GraphsScene | null>(
    () =>
      shown === null
        ? null
        : { width, height, theme, range, zeroNs, shown, kind, resets, selectedNs, pointedNs },
    [width, height, theme, range, zeroNs, shown, kind, resets, selectedNs, pointedNs],
  );
  const draw = useCallback(
    (painter: Painter) => {
      if (scene !== null) paintGraphs(painter, scene);
    },
    [scene],
  );

  const zoomAt = useCallback(
    (atNs: number, factor: number) => {
      setPart((now) => zoomed(now ?? whole, whole, atNs, factor));
    },
    [whole],
  );
  const middle = (range.fromNs + range.toNs) / 2;
  const move = (byNs: number): void => {
    setPart(moved(range, whole, byNs));
  };

  // React listens to wheels passively, where the page could not be kept from scrolling.
  const geometry = useRef({ width, range });
  useEffect(() => {
    geometry.current = { width, range };
  });
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const now = geometry.current;
      const x = event.clientX - element.getBoundingClientRect().left;
      if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const px = event.deltaX === 0 ? event.deltaY : event.deltaX;
        const perPx = (now.range.toNs - now.range.fromNs) / Math.max(1, now.width - LEFT - RIGHT);
        setPart(moved(now.range, whole, px * perPx));
      } else zoomAt(timeAt(now, x), Math.exp(event.deltaY * 0.002));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      element.removeEventListener('wheel', onWheel);
    };
  }, [frame, whole, zoomAt]);

  const drag = useRef<{ x: number; range: TimeRange; hasMoved: boolean } | null>(null);
  const onPointerMove = (event: PointerEvent<HTMLDivElement>): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const held = drag.current;
    if (held === null || event.buttons === 0) {
      setPointed(x < LEFT || x > width - RIGHT ? null : timeAt({ width, range }, x));
      return;
    }
    if (Math.abs(x - held.x) > CLICK_PX) held.hasMoved = true;
    if (!held.hasMoved) return;
    const perPx = (held.range.toNs - held.range.fromNs) / Math.max(1, width - LEFT - RIGHT);
    setPart(moved(held.range, whole, (held.x - x) * perPx));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const span = range.toNs - range.fromNs;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => {
        move(-STEP * span);
      },
      ArrowRight: () => {
        move(STEP * span);
      },
      Home: () => {
        move(-Infinity);
      },
      End: () => {
        move(Infinity);
      },
      '+': () => {
        zoomAt(middle, 1 / ZOOM);
      },
      '=': () => {
        zoomAt(middle, 1 / ZOOM);
      },
      '-': () => {
        zoomAt(middle, ZOOM);
      },
      '0': () => {
        setPart(null);
      },
    };
    const act = Object.hasOwn(acts, event.key) ? acts[event.key] : undefined;
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <div className="graphs">
      <div className="graphs-tools" role="toolbar" aria-label="Graphs">
        <div className="segmented" role="group" aria-label="Whose data">
          {(['client', 'server'] as const).map((one) => (
            <Button
              key={one}
              look="quiet"
              aria-pressed={side === one}
              onClick={() => {
                setSide(one);
              }}
            >
              Data of the {one}
            </Button>
          ))}
        </div>
        <div className="segmented" role="group" aria-label="Sequence graph">
          {SEQUENCE_KINDS.map((one) => (
            <Button
              key={one}
              look="quiet"
              aria-pressed={kind === one}
              onClick={() => {
                setKind(one);
              }}
            >
              {KIND_NAMES[one]}
            </Button>
          ))}
        </div>
        <IconButton
          label="Closer"
          keys="+"
          icon={<ZoomIn size={15} aria-hidden="true" />}
          onClick={() => {
            zoomAt(middle, 1 / ZOOM);
          }}
        />
        <IconButton
          label="Farther"
          keys="-"
          icon={<ZoomOut size={15} aria-hidden="true" />}
          onClick={() => {
            zoomAt(middle, ZOOM);
          }}
        />
        <IconButton
          label="The whole connection"
          keys="0"
          icon={<Maximize2 size={14} aria-hidden="true" />}
          disabled={part === null}
          onClick={() => {
            setPart(null);
          }}
        />
        <span className="graphs-note num">
          {durationText(range.toNs - range.fromNs)} of {durationText(whole.toNs - whole.fromNs)}
          {shown !== null && !shown.isScaled ? ' · windows as sent: their scale was not seen' : ''}
        </span>
        <span className="spring" />
        <IconButton
          label="As a table"
          pressed={isTable}
          icon={<Table2 size={15} aria-hidden="true" />}
          onClick={() => {
            setTable(!isTable);
          }}
        />
        <IconButton
          label="Save what is shown as CSV"
          icon={<Download size={15} aria-hidden="true" />}
          disabled={shown === null}
          onClick={() => {
            if (shown !== null) props.onCsv(`series-flow-${flow}-${side}.csv`, seriesCsv(shown, zeroNs));
          }}
        />
      </div>
      {isTable ? (
        <SeriesTable flow={flow} side={side} range={range} zeroNs={zeroNs} packets={packets} />
      ) : null}
      <div
        ref={frame}
        className="graphs-frame"
        hidden={isTable}
        role="img"
        tabIndex={0}
        data-pane
        aria-label={graphsText(side, shown, range, resets.length)}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = {
            x: event.clientX - event.currentTarget.getBoundingClientRect().left,
            range,
            hasMoved: false,
          };
        }}
        onPointerMove={onPointerMove}
        onPointerUp={(event) => {
          const held = drag.current;
          drag.current = null;
          if (held === null || held.hasMoved) return;
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
          if (x >= LEFT) onPick(timeAt({ width, range }, x));
        }}
        onPointerLeave={() => {
          setPointed(null);
        }}
        onDoubleClick={() => {
          setPart(null);
        }}
      >
        {error !== null ? (
          <Empty
            icon={<ChartNoAxesCombined size={26} strokeWidth={1.4} />}
            tone="bad"
            title="The graphs could not be made"
          >
            {error}
          </Empty>
        ) : shown !== null && shown.most.seq === 0 ? (
          <Empty
            icon={<ChartNoAxesCombined size={26} strokeWidth={1.4} />}
            title={`No data of the ${side} was captured`}
          >
            {props.isTcp
              ? `The ${side} sent none, or this capture holds one direction alone.`
              : 'Datagrams have no sequence numbers, round trips or windows.'}
          </Empty>
        ) : (
          <DrawnCanvas width={width} height={height} theme={theme} draw={draw} />
        )}
      </div>
      {isTable ? null : <Readout shown={shown} pointedNs={pointedNs} zeroNs={zeroNs} kind={kind} />}
    </div>
  );
}

/** The graphs in words. */
function graphsText(side: Side, shown: SideSeries | null, range: TimeRange, resets: number): string {
  const head = `Graphs of the data of the ${side} over ${durationText(range.toNs - range.fromNs)}`;
  if (shown === null) return head;
  const { most } = shown;
  const trip = most.rttNs > 0 ? `, round trips up to ${durationText(most.rttNs)}` : '';
  return `${head}: up to byte ${most.seq}, at most ${bytesText(most.flight)} in flight, window up to ${bytesText(most.window)}${trip}, ${resets} resets. Arrow keys move, plus and minus zoom, 0 shows all; the table has the numbers.`;
}

interface ReadoutProps {
  readonly shown: SideSeries | null;
  readonly pointedNs: number | null;
  readonly zeroNs: number;
  readonly kind: SequenceKind;
}

function Readout({ shown, pointedNs, zeroNs, kind }: ReadoutProps) {
  const isPointed =
    shown !== null && pointedNs !== null && pointedNs >= shown.fromNs && pointedNs <= shown.toNs;
  return (
    <p className="graphs-readout">
      {isPointed ? (
        <span className="num">{pointedText(shown, pointedNs, zeroNs)}</span>
      ) : (
        <>
          <Key look="is-sent" text="sent" />
          <Key look="is-again" text="sent again" />
          {kind === 'tcptrace' ? <Key look="is-ack" text="acknowledged" /> : null}
          {kind === 'tcptrace' ? <Key look="is-edge" text="window’s end" /> : null}
          <Key look="is-flight" text="in flight" />
          <span className="faint">
            Wheel zooms, drag moves, click chooses the packet, double click shows all
          </span>
        </>
      )}
    </p>
  );
}

function Key({ look, text }: { readonly look: string; readonly text: string }) {
  return (
    <span className="graphs-key">
      <i className={look} aria-hidden="true" /> {text}
    </span>
  );
}

/** What the last column at or before a moment says. */
function pointedText({ series, columns, fromNs, toNs }: SideSeries, atNs: number, zeroNs: number): string {
  const at = Math.min(columns - 1, Math.floor(((atNs - fromNs) / Math.max(1, toNs - fromNs)) * columns));
  const last = (values: Float64Array): number => {
    for (let column = at; column >= 0; column--) if (!Number.isNaN(values[column])) return values[column];
    return NaN;
  };
  const parts = [`${durationText(Math.max(0, atNs - zeroNs))} after the first packet`];
  const add = (name: string, value: number, text: (value: number) => string): void => {
    if (!Number.isNaN(value)) parts.push(`${name} ${text(value)}`);
  };
  add('sent up to', last(series.sentHigh), String);
  add('acknowledged', last(series.ackHigh), String);
  add('in flight', last(series.flightHigh), bytesText);
  add('window', last(series.windowHigh), bytesText);
  add('round trip', last(series.rttHigh), durationText);
  return parts.join(' · ');
}
