/** Bytes in hex and as text, sixteen a row, or eight where that is too wide; only the rows on screen exist. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useSize } from '../ui/use-size.ts';
import { asciiByte, hexByte, hexChars, rowChars } from './byte-text.ts';

export interface ByteRange {
  readonly from: number;
  /** Behind the last; equal to `from` where there is none. */
  readonly to: number;
}

interface HexViewProps {
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly selected: ByteRange;
  readonly hovered: ByteRange;
  /** A byte was chosen. */
  readonly onByte: (offset: number) => void;
  readonly onHover: (offset: number | null) => void;
}

const ROW_PX = 20;
/** What measures a digit. */
const PROBE = '0'.repeat(16);
/** Left and right of a row, px. */
const BESIDE_PX = 26;

function isIn(offset: number, { from, to }: ByteRange): boolean {
  return offset >= from && offset < to;
}

export function HexView({ label, bytes, selected, hovered, onByte, onHover }: HexViewProps) {
  const [scroller, { width }] = useSize<HTMLDivElement>();
  const probe = useRef<HTMLSpanElement>(null);
  const [charPx, setCharPx] = useState(0);
  useLayoutEffect(() => {
    setCharPx((probe.current?.getBoundingClientRect().width ?? 0) / PROBE.length);
  }, [width]);
  const digits = Math.max(4, (bytes.length - 1).toString(16).length);
  const perRow = width > 0 && rowChars(16, digits) * charPx + BESIDE_PX > width ? 8 : 16;
  const rows = Math.ceil(bytes.length / perRow);
  const virtualizer = useVirtualizer({
    count: rows,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 6,
  });
  useEffect(() => {
    if (selected.to > selected.from) {
      virtualizer.scrollToIndex(Math.floor(selected.from / perRow), { align: 'auto' });
    }
  }, [selected.from, selected.to, virtualizer, perRow]);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || bytes.length === 0) return;
    const next = moveByte(event.key, selected.from, bytes.length, perRow);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onByte(next);
  };
  return (
    <div
      ref={scroller}
      tabIndex={0}
      role="group"
      className="hex"
      aria-label={`${label}: ${bytes.length} bytes. Arrow keys go from byte to byte, and the tree follows.`}
      onKeyDown={onKeyDown}
      onPointerLeave={() => {
        onHover(null);
      }}
      onPointerOver={(event) => {
        const offset = offsetOf(event.target);
        onHover(offset);
      }}
      onClick={(event) => {
        const offset = offsetOf(event.target);
        if (offset !== null) onByte(offset);
      }}
    >
      <span ref={probe} className="hex-probe" aria-hidden="true">
        {PROBE}
      </span>
      <div className="hex-track" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const from = index * perRow;
          const row = bytes.subarray(from, from + perRow);
          return (
            <div key={index} className="hex-row" style={{ transform: `translateY(${start}px)` }}>
              <span className="hex-offset">{from.toString(16).padStart(digits, '0')}</span>
              <span className="hex-bytes" style={{ inlineSize: `${hexChars(perRow)}ch` }}>
                {Array.from(row, (byte, i) => (
                  <Byte
                    key={i}
                    offset={from + i}
                    text={hexByte(byte)}
                    selected={selected}
                    hovered={hovered}
                  />
                ))}
              </span>
              <span className="hex-ascii">
                {Array.from(row, (byte, i) => (
                  <Byte
                    key={i}
                    offset={from + i}
                    text={asciiByte(byte)}
                    selected={selected}
                    hovered={hovered}
                  />
                ))}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface ByteProps {
  readonly offset: number;
  readonly text: string;
  readonly selected: ByteRange;
  readonly hovered: ByteRange;
}

function Byte({ offset, text, selected, hovered }: ByteProps) {
  const isSelected = isIn(offset, selected);
  const name = `${isSelected ? 'is-selected' : ''} ${isIn(offset, hovered) ? 'is-hovered' : ''} ${offset % 8 === 7 ? 'is-eighth' : ''}`;
  return (
    <span className={`hex-byte ${name}`} data-offset={offset}>
      {text}
    </span>
  );
}

function offsetOf(target: EventTarget): number | null {
  if (!(target instanceof HTMLElement) || target.dataset.offset === undefined) return null;
  return Number(target.dataset.offset);
}

/** Where a key leads from a byte; undefined where it means nothing here. */
function moveByte(key: string, from: number, count: number, perRow: number): number | undefined {
  const to = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + perRow,
    ArrowUp: from - perRow,
    PageDown: from + perRow * 8,
    PageUp: from - perRow * 8,
    Home: 0,
    End: count - 1,
  }[key];
  return to === undefined ? undefined : Math.max(0, Math.min(to, count - 1));
}
