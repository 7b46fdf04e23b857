/**
 * A ladder on screen. What is seen is drawn on a canvas, the window of a long list alone; what is read out is a real list of the
 * same rows, of which those around the cursor exist. One tab stop, arrow keys move, Enter opens.
 */
import { useCallback, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, RefObject } from 'react';
import { useAppState } from '../core/app-context.ts';
import { useClock } from '../core/clock.ts';
import { DrawnCanvas } from '../ui/drawn-canvas.tsx';
import { useDrawingTheme } from '../ui/drawing-theme.ts';
import type { Painter } from '../ui/painter.ts';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useSize } from '../ui/use-size.ts';
import type { FlowPackets } from './flow-packets.ts';
import { LadderHead } from './ladder-head.tsx';
import type { Lanes } from './lanes.ts';
import { ladderLayout } from './layout.ts';
import { paintLadder } from './paint.ts';
import { packetSentence, runText, silenceText } from './rung-words.ts';
import type { Rungs } from './rungs.ts';
import { PACKET, RUN, SILENCE, indexOfPacket, nextRung, rungAt, rungOf, standingFor } from './rungs.ts';
import type { EvidenceMark, LadderReset, LadderScene } from './scene.ts';
import './ladder.css';

export interface LadderChartProps {
  readonly label: string;
  readonly packets: FlowPackets;
  readonly rungs: Rungs;
  readonly lanes: Lanes;
  readonly resets: ReadonlyMap<number, LadderReset>;
  readonly marks: ReadonlyMap<number, EvidenceMark>;
  readonly messages: ReadonlyMap<number, string>;
  readonly rowPx: number;
  /** As LadderScene.slant. */
  readonly slant?: number | undefined;
  readonly ends: { readonly client: string; readonly server: string };
  /** Number of the packet. */
  readonly selected: number | null;
  readonly about: number | null;
  /** Where the cursor begins as long as nothing is selected. */
  readonly start: number | null;
  readonly hasNotes: boolean;
  readonly isCompact?: boolean;
  readonly onSelect: (packet: number) => void;
  readonly onOpen: (packet: number) => void;
  readonly onUnfold?: (run: number) => void;
  readonly onHover?: (index: number) => void;
  /** Packets of the columns that are in view: first, and one past the last. */
  readonly onView?: (first: number, end: number, topPx: number, viewPx: number) => void;
  readonly onKey?: (event: KeyboardEvent) => boolean;
  readonly scrollerRef?: RefObject<HTMLDivElement | null>;
  /** Given the scene, for what draws it once more: into a file. */
  readonly sceneRef?: { current: LadderScene | null };
}

/** Rows that exist for assistive technology before and after the cursor. */
const AROUND = 12;
const PAGE = 10;

export function LadderChart(props: LadderChartProps) {
  const { packets, rungs, lanes, resets, messages, rowPx, about, hasNotes, slant } = props;
  const selected = useMemo(
    () => (props.selected === null ? null : standingFor(packets, props.selected)),
    [packets, props.selected],
  );
  const marks = useMemo(() => marksOf(packets, props.marks), [packets, props.marks]);
  const { onSelect, onOpen, onUnfold, onHover, onView, sceneRef, scrollerRef } = props;
  const theme = useDrawingTheme();
  const clock = useClock();
  const litPackets = useAppState((state) => state.litPackets);
  const lit = useMemo(
    () => new Set(litPackets.map((packet) => standingFor(packets, packet))),
    [litPackets, packets],
  );
  const markedPackets = useAppState((state) => state.markedPackets);
  const marked = useMemo(
    () => new Set(markedPackets.map((packet) => standingFor(packets, packet))),
    [markedPackets, packets],
  );
  const domId = useId();
  const [frameRef, { width, height }] = useSize<HTMLDivElement>();
  useFirstFocus(frameRef, props.isCompact !== true);
  const redraw = useRef<() => void>(() => undefined);
  const [hovered, setHovered] = useState(-1);
  const [hasFocus, setHasFocus] = useState(false);
  /** A run that the cursor is on; packets are told by what is selected. */
  const [runAt, setRunAt] = useState<number | null>(null);
  const layout = useMemo(() => ladderLayout(width, hasNotes), [width, hasNotes]);

  const cursor = useMemo(() => {
    const wanted = runAt ?? (selected === null ? -1 : indexOfPacket(packets, selected));
    if (wanted >= 0) return rungOf(rungs, wanted);
    return props.start === null ? 0 : rungOf(rungs, Math.max(0, indexOfPacket(packets, props.start)));
  }, [packets, rungs, selected, runAt, props.start]);

  const scene = useMemo<LadderScene>(
    () => ({
      packets,
      rungs,
      lanes,
      resets,
      layout,
      theme,
      clock,
      rowPx,
      slant,
      selected,
      hovered,
      cursor: hasFocus ? cursor : -1,
      marks,
      messages,
      about,
      lit,
      marked,
    }),
    [
      packets,
      rungs,
      lanes,
      resets,
      layout,
      theme,
      clock,
      rowPx,
      slant,
      selected,
      hovered,
      hasFocus,
      cursor,
      marks,
      messages,
      about,
      lit,
      marked,
    ],
  );
  useEffect(() => {
    if (sceneRef !== undefined) sceneRef.current = scene;
  });
  useEffect(() => {
    if (scrollerRef !== undefined) scrollerRef.current = frameRef.current;
  });

  const draw = useCallback(
    (painter: Painter) => {
      paintLadder(painter, scene, frameRef.current?.scrollTop ?? 0, height);
    },
    [scene, height, frameRef],
  );

  const tellView = useCallback(() => {
    const top = frameRef.current?.scrollTop ?? 0;
    if (rungs.count === 0) return;
    const last = rungAt(rungs, top + height);
    onView?.(rungs.from[rungAt(rungs, top)], rungs.to[last], top, height);
  }, [rungs, height, onView, frameRef]);
  useEffect(tellView, [tellView]);

  const show = useCallback(
    (at: number, isCentred: boolean) => {
      const element = frameRef.current;
      if (element === null || at < 0 || at >= rungs.count) return;
      const top = rungs.top[at];
      const view = element.clientHeight;
      if (isCentred) element.scrollTo({ top: top - view / 2 + rowPx / 2 });
      else if (top < element.scrollTop + rowPx) element.scrollTo({ top: top - rowPx });
      else if (top + 2 * rowPx > element.scrollTop + view) element.scrollTo({ top: top + 2 * rowPx - view });
    },
    [rungs, rowPx, frameRef],
  );

  // What is selected elsewhere is brought into view; what is in view already stays where it is.
  const shown = useRef<{ packet: number | null; rungs: Rungs | null }>({ packet: null, rungs: null });
  useLayoutEffect(() => {
    const target = selected ?? about ?? props.start;
    if (height === 0 || (shown.current.packet === target && shown.current.rungs === rungs)) return;
    const isFirst = shown.current.rungs === null;
    shown.current = { packet: target, rungs };
    const index = target === null ? -1 : indexOfPacket(packets, target);
    if (index < 0) return;
    const at = rungOf(rungs, index);
    const top = rungs.top[at] - (frameRef.current?.scrollTop ?? 0);
    const isFar = top < 0 || top + rowPx > height;
    if (isFirst || isFar) show(at, true);
  }, [selected, about, props.start, packets, rungs, height, rowPx, show, frameRef]);

  const rungAtY = (event: MouseEvent): number => {
    const element = frameRef.current;
    if (element === null || rungs.count === 0) return -1;
    const y = event.clientY - element.getBoundingClientRect().top + element.scrollTop;
    const at = rungAt(rungs, y);
    return y >= rungs.top[at] && y < rungs.top[at] + rungs.height[at] ? at : -1;
  };

  const moveTo = (at: number): void => {
    show(at, false);
    const isRun = rungs.kind[at] === RUN;
    setRunAt(isRun ? rungs.from[at] : null);
    if (rungs.kind[at] === PACKET) onSelect(packets.columns.packet[rungs.from[at]]);
  };
  const open = (at: number): void => {
    if (rungs.kind[at] === RUN) onUnfold?.(packets.columns.packet[rungs.from[at]]);
    else if (rungs.kind[at] === PACKET) onOpen(packets.columns.packet[rungs.from[at]]);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (props.onKey?.(event) === true) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || rungs.count === 0) return;
    const to = keyTarget(event.key, rungs, cursor);
    if (to !== undefined) {
      event.preventDefault();
      moveTo(to);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      open(cursor);
    }
  };

  const first = Math.max(0, cursor - AROUND);
  const options = Array.from(
    { length: Math.min(rungs.count, cursor + AROUND + 1) - first },
    (_, i) => first + i,
  );
  return (
    <div className={`ladder ${props.isCompact === true ? 'is-compact' : ''}`}>
      <LadderHead
        layout={layout}
        lanes={lanes}
        ends={props.ends}
        isCompact={props.isCompact === true}
        courses={packets.courses}
      />
      <div
        ref={frameRef}
        className="ladder-scroll"
        style={props.isCompact === true ? { height: Math.min(440, rungs.totalPx + 6) } : undefined}
        role="listbox"
        tabIndex={0}
        data-pane={props.isCompact === true ? undefined : ''}
        aria-label={props.label}
        aria-activedescendant={rungs.count === 0 ? undefined : `${domId}-${cursor}`}
        onKeyDown={onKeyDown}
        onFocus={() => {
          setHasFocus(true);
        }}
        onBlur={() => {
          setHasFocus(false);
        }}
        onScroll={() => {
          redraw.current();
          tellView();
        }}
        onMouseMove={(event) => {
          const at = rungAtY(event);
          setHovered(at);
          onHover?.(at >= 0 && rungs.kind[at] === PACKET ? rungs.from[at] : -1);
        }}
        onMouseLeave={() => {
          setHovered(-1);
          onHover?.(-1);
        }}
        onClick={(event) => {
          const at = rungAtY(event);
          if (at < 0 || rungs.kind[at] === SILENCE) return;
          if (rungs.kind[at] === RUN) open(at);
          else moveTo(at);
        }}
        onDoubleClick={(event) => {
          const at = rungAtY(event);
          if (at >= 0 && rungs.kind[at] === PACKET) open(at);
        }}
      >
        <div className="ladder-sheet" role="presentation">
          <DrawnCanvas width={width} height={height} theme={theme} draw={draw} redrawRef={redraw} />
        </div>
        <div
          role="presentation"
          style={{ height: Math.max(0, rungs.totalPx - height) + (rungs.totalPx > height ? 8 : 0) }}
        />
        {options.map((at) => (
          <Rung key={at} id={`${domId}-${at}`} at={at} scene={scene} />
        ))}
      </div>
    </div>
  );
}

/** A row for those who do not see the drawing. */
function Rung({ id, at, scene }: { readonly id: string; readonly at: number; readonly scene: LadderScene }) {
  const { rungs, packets, selected, resets, messages } = scene;
  const index = rungs.from[at];
  const { packet, frame, reset } = packets.columns;
  const isPacket = rungs.kind[at] === PACKET;
  return (
    <div
      id={id}
      role="option"
      className="visually-hidden"
      aria-selected={isPacket && packet[index] === selected}
      aria-setsize={rungs.count}
      aria-posinset={at + 1}
      data-frame={isPacket ? frame[index] : undefined}
      data-packet={isPacket ? packet[index] : undefined}
    >
      {isPacket
        ? packetSentence(packets, index, messages.get(packet[index]) ?? '', resets.get(reset[index]))
        : rungs.kind[at] === RUN
          ? `${runText(packets, index, rungs.to[at])}. Enter shows each.`
          : silenceText(packets, index)}
    </div>
  );
}

/** Marks by the numbers that the ladder knows packets by. */
function marksOf(
  packets: FlowPackets,
  marks: ReadonlyMap<number, EvidenceMark>,
): ReadonlyMap<number, EvidenceMark> {
  if (packets.lookup === null) return marks;
  return new Map([...marks].map(([packet, mark]) => [standingFor(packets, packet), mark]));
}

function keyTarget(key: string, rungs: Rungs, cursor: number): number | undefined {
  switch (key) {
    case 'ArrowDown':
      return nextRung(rungs, cursor, 1);
    case 'ArrowUp':
      return nextRung(rungs, cursor, -1);
    case 'PageDown':
    case 'PageUp': {
      let at = cursor;
      for (let step = 0; step < PAGE; step++) at = nextRung(rungs, at, key === 'PageDown' ? 1 : -1);
      return at;
    }
    case 'Home':
      return 0;
    case 'End':
      return rungs.count - 1;
    default:
      return undefined;
  }
}
