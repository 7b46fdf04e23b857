/**
 * The whole ladder in one strip: how dense it is, where its resets and its trouble are, and which part is in view. It is for the
 * pointer; by keys the ladder itself is walked.
 */
import { useCallback, useLayoutEffect, useMemo, useRef } from 'react';
import type { PointerEvent } from 'react';
import {
  MARK_ANY_RETRANSMISSION,
  MARK_WINDOW_FULL,
  MARK_ZERO_WINDOW,
} from '../../shared/model/packet-marks.ts';
import { originColour, paintOrigin } from '../ui/drawn-marks.ts';
import { DrawnCanvas } from '../ui/drawn-canvas.tsx';
import { useDrawingTheme } from '../ui/drawing-theme.ts';
import type { Painter } from '../ui/painter.ts';
import { useSize } from '../ui/use-size.ts';
import type { FlowPackets } from './flow-packets.ts';
import type { Rungs } from './rungs.ts';
import { rungOf } from './rungs.ts';
import type { LadderReset } from './scene.ts';

interface OverviewStripProps {
  readonly packets: FlowPackets;
  readonly rungs: Rungs;
  readonly resets: ReadonlyMap<number, LadderReset>;
  /** Given a function that says which part of the ladder is in view, px. Scrolling calls it, and renders nothing. */
  readonly followRef: { current: (top: number, view: number) => void };
  readonly onMove: (top: number) => void;
}

/** px of one bar. */
const BAR = 2;
const TROUBLE = MARK_ANY_RETRANSMISSION | MARK_ZERO_WINDOW | MARK_WINDOW_FULL;

interface Density {
  readonly packets: Uint32Array;
  readonly trouble: Uint32Array;
  readonly most: number;
  readonly resets: readonly { readonly y: number; readonly reset: LadderReset }[];
}

export function OverviewStrip({ packets, rungs, resets, followRef, onMove }: OverviewStripProps) {
  const theme = useDrawingTheme();
  const [frame, { width, height }] = useSize<HTMLDivElement>();
  const scale = height / Math.max(rungs.totalPx, height, 1);
  const density = useMemo(
    () => densityOf(packets, rungs, resets, scale, height),
    [packets, rungs, resets, scale, height],
  );
  const draw = useCallback(
    (painter: Painter) => {
      density.packets.forEach((count, bar) => {
        if (count === 0) return;
        const length = 4 + (width - 14) * Math.sqrt(count / density.most);
        painter.box(4, bar * BAR, length, BAR - 0.5, { fill: theme.colour('line-strong') });
        if (density.trouble[bar] === 0) return;
        const share = Math.max(4, length * (density.trouble[bar] / count));
        painter.box(4, bar * BAR, share, BAR - 0.5, { fill: theme.colour('warn') });
      });
      for (const { y, reset } of density.resets) {
        const colour = originColour(theme, reset.kind);
        painter.line(0, y, width, y, { colour, width: 1 });
        paintOrigin(painter, width - 8, y, reset.kind, 5, colour);
      }
    },
    [density, theme, width],
  );
  const box = useRef<HTMLDivElement>(null);
  const inView = useRef({ top: 0, view: 0 });
  useLayoutEffect(() => {
    const place = (top: number, view: number): void => {
      inView.current = { top, view };
      const element = box.current;
      if (element === null) return;
      element.hidden = view >= rungs.totalPx;
      element.style.height = `${Math.max(6, view * scale)}px`;
      element.style.transform = `translateY(${top * scale}px)`;
    };
    followRef.current = place;
    place(inView.current.top, inView.current.view);
  }, [followRef, rungs, scale]);
  const move = (event: PointerEvent<HTMLDivElement>): void => {
    if (event.buttons !== 1) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const y = event.clientY - event.currentTarget.getBoundingClientRect().top;
    onMove(y / scale - inView.current.view / 2);
  };
  return (
    <div ref={frame} className="ladder-strip" onPointerDown={move} onPointerMove={move} aria-hidden="true">
      <DrawnCanvas width={width} height={height} theme={theme} draw={draw} />
      <div ref={box} className="ladder-strip-view" />
    </div>
  );
}

function densityOf(
  packets: FlowPackets,
  rungs: Rungs,
  resets: ReadonlyMap<number, LadderReset>,
  scale: number,
  height: number,
): Density {
  const bars = Math.max(1, Math.ceil(height / BAR));
  const counts = new Uint32Array(bars);
  const trouble = new Uint32Array(bars);
  const marks: { y: number; reset: LadderReset }[] = [];
  const { columns } = packets;
  for (let at = 0; at < rungs.count; at++) {
    const bar = Math.min(bars - 1, Math.floor((rungs.top[at] * scale) / BAR));
    counts[bar] += rungs.to[at] - rungs.from[at];
    for (let i = rungs.from[at]; i < rungs.to[at]; i++)
      if ((columns.marks[i] & TROUBLE) !== 0) trouble[bar]++;
  }
  const drawn = new Set<string>();
  for (let i = 0; i < columns.count; i++) {
    const reset = columns.reset[i] < 0 ? undefined : resets.get(columns.reset[i]);
    if (reset === undefined) continue;
    const y = Math.round(rungs.top[rungOf(rungs, i)] * scale) + 3;
    // Of a flood one mark stands for those that would cover it.
    const key = `${Math.floor(y / 6)} ${reset.kind}`;
    if (drawn.has(key)) continue;
    drawn.add(key);
    marks.push({ y, reset });
  }
  return {
    packets: counts,
    trouble,
    most: counts.reduce((most, count) => Math.max(most, count), 1),
    resets: marks,
  };
}
