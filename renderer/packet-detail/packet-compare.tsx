/** One packet at two capture points, field by field. Arrow keys walk the lines, F8 and Shift+F8 go to the next and previous difference. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, ChevronRight, CircleAlert, X } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { KeyboardEvent } from 'react';
import { plural } from '../../shared/format/count.ts';
import type { PacketAt } from '../../shared/model/join.ts';
import type { PacketDetail } from '../../shared/model/packet-detail.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/late.tsx';
import { nameOfVantage } from '../words/join-text.ts';
import type { ComparedLine, Difference, DifferenceCount } from './compare-model.ts';
import { comparedTrees, countDifferences, shownCompared } from './compare-model.ts';
import { expansion } from './expansion.ts';
import { usePacketDetail } from './use-packet-detail.ts';
import { usePlaces } from './use-places.ts';

interface PacketCompareProps {
  readonly packet: number;
  readonly other: PacketAt;
}

export function PacketCompare({ packet, other }: PacketCompareProps) {
  const here = usePacketDetail(packet);
  const there = usePacketDetail(other.packet ?? packet);
  const error = here.error ?? there.error ?? here.detail?.unreadable ?? there.detail?.unreadable ?? null;
  if (error !== null)
    return (
      <Empty
        icon={<CircleAlert size={26} strokeWidth={1.4} />}
        tone="bad"
        title="The two cannot be compared"
        actions={
          <Button
            onClick={() => {
              here.retry();
              there.retry();
            }}
          >
            Try again
          </Button>
        }
      >
        {error}
      </Empty>
    );
  if (here.detail === null || there.detail === null)
    return <Skeleton lines={8} label="Both packets are read from their files" />;
  return <Compared here={here.detail} there={there.detail} other={other} isOld={here.isOld || there.isOld} />;
}

interface ComparedProps {
  readonly here: PacketDetail;
  readonly there: PacketDetail;
  readonly other: PacketAt;
  readonly isOld: boolean;
}

function Compared({ here, there, other, isOld }: ComparedProps) {
  const { actions } = useApp();
  const join = useAppState((state) => state.join);
  const own = usePlaces(here.packet).find(({ packet }) => packet === here.packet);
  const [isOnly, setIsOnly] = useState(false);
  const version = useSyncExternalStore(expansion.subscribe, expansion.version);
  const all = useMemo(() => comparedTrees(here.layers, there.layers), [here, there]);
  const lines = useMemo(
    () => (version < 0 ? [] : shownCompared(all, expansion.has, isOnly)),
    [all, version, isOnly],
  );
  const count = useMemo(() => countDifferences(all), [all]);
  const [selected, setSelected] = useState<string | null>(null);
  const step = (by: 1 | -1): void => {
    const next = nextDifference(lines, selected, by);
    if (next !== undefined) setSelected(next.path);
  };
  const names = {
    here: own === undefined ? 'this packet' : nameOfVantage(join, own.vantage),
    there: nameOfVantage(join, other.vantage),
  };
  return (
    <section
      className={`packet-compare ${isOld ? 'is-old' : ''}`}
      aria-label={`Frame ${here.frame} at ${names.here} beside frame ${there.frame} at ${names.there}`}
    >
      <div className="detail-bar">
        <span className="detail-heading">{countText(count)}</span>
        <span className="spring" />
        <Button
          look="quiet"
          aria-pressed={isOnly}
          onClick={() => {
            setIsOnly(!isOnly);
          }}
        >
          Only differences
        </Button>
        <IconButton
          label="Previous difference"
          keys="shift+F8"
          icon={<ArrowUp size={14} aria-hidden="true" />}
          onClick={() => {
            step(-1);
          }}
        />
        <IconButton
          label="Next difference"
          keys="F8"
          icon={<ArrowDown size={14} aria-hidden="true" />}
          onClick={() => {
            step(1);
          }}
        />
        <IconButton
          label="Stop comparing"
          icon={<X size={14} aria-hidden="true" />}
          onClick={() => {
            actions.comparePoint(null);
          }}
        />
      </div>
      <div className="compare-row compare-head" aria-hidden="true">
        <span>Field</span>
        <b>
          {names.here}{' '}
          <span className="num faint">
            #{here.file + 1}:{here.frame}
          </span>
        </b>
        <b>
          {names.there}{' '}
          <span className="num faint">
            #{there.file + 1}:{there.frame}
          </span>
        </b>
      </div>
      <CompareTree lines={lines} names={names} selected={selected} onSelect={setSelected} onStep={step} />
    </section>
  );
}

/** `2 fields differ, 6 as every hop changes them, 1 only at one of the two`. */
function countText({ differs, expected, onlyHere, onlyThere }: DifferenceCount): string {
  const only = onlyHere + onlyThere;
  const parts = [
    differs === 0
      ? only === 0
        ? 'Nothing differs'
        : ''
      : `${plural(differs, 'field differs', 'fields differ')}`,
    only === 0 ? '' : `${plural(only, 'field')} only at one of the two`,
    expected === 0 ? '' : `${expected} changed as on any way`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function isTold(is: Difference): boolean {
  return is !== 'same' && is !== 'expected';
}

function isTelling({ is, hasChildren }: ComparedLine): boolean {
  return !hasChildren && isTold(is);
}

function nextDifference(
  lines: readonly ComparedLine[],
  selected: string | null,
  by: 1 | -1,
): ComparedLine | undefined {
  const at = lines.findIndex(({ path }) => path === selected);
  for (let step = 1; step <= lines.length; step++) {
    const from = at < 0 && by < 0 ? 0 : at;
    const line = lines[(from + by * step + 2 * lines.length) % lines.length];
    if (isTelling(line)) return line;
  }
  return undefined;
}

const LINE_PX = 22;

const SAID: Readonly<Record<Difference, string>> = {
  same: 'the same',
  expected: 'changed as on any way',
  differs: 'differs',
  'only-here': 'only here',
  'only-there': 'only there',
};

interface CompareTreeProps {
  readonly lines: readonly ComparedLine[];
  readonly names: { readonly here: string; readonly there: string };
  readonly selected: string | null;
  readonly onSelect: (path: string) => void;
  readonly onStep: (by: 1 | -1) => void;
}

function CompareTree({ lines, names, selected, onSelect, onStep }: CompareTreeProps) {
  const domId = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const current = lines.findIndex(({ path }) => path === selected);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_PX,
    overscan: 8,
  });
  useEffect(() => {
    if (current >= 0) virtualizer.scrollToIndex(current, { align: 'auto' });
  }, [current, virtualizer]);
  const go = (index: number): void => {
    const line = lines.at(Math.max(0, Math.min(index, lines.length - 1)));
    if (line !== undefined) onSelect(line.path);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || lines.length === 0) return;
    const at = Math.max(0, current);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / LINE_PX) - 1);
    const line = lines[at];
    const keys: Readonly<Record<string, () => void>> = {
      ArrowDown: () => {
        go(current + 1);
      },
      ArrowUp: () => {
        go(at - 1);
      },
      PageDown: () => {
        go(at + page);
      },
      PageUp: () => {
        go(at - page);
      },
      Home: () => {
        go(0);
      },
      End: () => {
        go(lines.length - 1);
      },
      ArrowRight: () => {
        if (line.hasChildren) expansion.set([line.key], true);
      },
      ArrowLeft: () => {
        if (line.hasChildren) expansion.set([line.key], false);
      },
      F8: () => {
        onStep(event.shiftKey ? -1 : 1);
      },
    };
    const move = keys[event.key] as (() => void) | undefined;
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };
  if (lines.length === 0)
    return <p className="compare-none">Both packets have the same fields and values.</p>;
  return (
    <div
      ref={scroller}
      role="tree"
      tabIndex={0}
      className="detail-tree compare-tree"
      aria-label={`Fields at ${names.here} and at ${names.there}`}
      aria-activedescendant={current < 0 ? undefined : `${domId}-${current}`}
      onKeyDown={onKeyDown}
      onFocus={() => {
        if (current < 0) go(0);
      }}
    >
      <div role="presentation" className="detail-track" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <CompareLine
            key={lines[index].path}
            id={`${domId}-${index}`}
            line={lines[index]}
            names={names}
            top={start}
            isSelected={index === current}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
}

interface CompareLineProps {
  readonly id: string;
  readonly line: ComparedLine;
  readonly names: CompareTreeProps['names'];
  readonly top: number;
  readonly isSelected: boolean;
  readonly onSelect: (path: string) => void;
}

function CompareLine({ id, line, names, top, isSelected, onSelect }: CompareLineProps) {
  const { level, title, here, there, is, path, hasChildren, key } = line;
  // Over a difference all is open, so that it is seen.
  const isOpen = hasChildren && (isTold(is) || expansion.has(key));
  const toggle = (): void => {
    if (hasChildren) expansion.set([key], !expansion.has(key));
  };
  const said = [
    title,
    is === 'same' ? (here ?? '') : `${here ?? 'none'} at ${names.here}, ${there ?? 'none'} at ${names.there}`,
    SAID[is],
  ];
  return (
    <div
      id={id}
      role="treeitem"
      aria-level={level}
      aria-selected={isSelected}
      aria-expanded={hasChildren ? isOpen : undefined}
      aria-label={said.filter((part) => part !== '').join(', ')}
      className={`detail-line compare-row level-${Math.min(level, 1)} is-${is}`}
      style={{ transform: `translateY(${top}px)`, '--depth': level - 1 } as React.CSSProperties}
      title={is === 'same' ? undefined : `${title}: ${SAID[is]}`}
      onClick={() => {
        onSelect(path);
      }}
      onDoubleClick={toggle}
    >
      <span className="detail-title">
        <span
          className={`detail-twist ${isOpen ? 'is-open' : ''}`}
          aria-hidden="true"
          onClick={(event) => {
            event.stopPropagation();
            toggle();
          }}
        >
          {hasChildren ? <ChevronRight size={13} /> : null}
        </span>
        <span className="compare-name">{title}</span>
      </span>
      <Value text={here} />
      <Value text={there} />
    </div>
  );
}

function Value({ text }: { readonly text: string | null }) {
  return text === null ? (
    <span className="compare-none-here" aria-hidden="true">
      –
    </span>
  ) : (
    <span className="detail-value" title={text}>
      {text}
    </span>
  );
}
