/** One packet at two capture points, field by field. */
import { ArrowDown, ArrowUp, CircleAlert, X } from 'lucide-react';
import { useMemo, useState, useSyncExternalStore } from 'react';
import { plural } from '../../shared/format/count.ts';
import type { PacketAt } from '../../shared/model/join.ts';
import type { PacketDetail } from '../../shared/model/packet-detail.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Skeleton } from '../ui/late.tsx';
import { nameOfVantage } from '../words/join-text.ts';
import type { ComparedLine, DifferenceCount } from './compare-model.ts';
import { comparedTrees, countDifferences, isTold, shownCompared } from './compare-model.ts';
import { CompareTree } from './compare-tree.tsx';
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
