/** The rail: the views, and the questions that people ask of the resets. */
import { House } from 'lucide-react';
import type { MouseEvent } from 'react';
import { useMemo } from 'react';
import { countText } from '../../shared/format/count.ts';
import type { Overview } from '../../shared/model/capture.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import type { WayToView } from '../core/view-entry.ts';
import type { View } from '../state/ui-slice.ts';
import { MattersMark } from '../ui/matters-mark.tsx';
import { useRoving } from '../ui/use-roving.ts';
import { OriginMark } from '../ui/origin-mark.tsx';
import { VIEWS, viewEntry } from '../views/registry.ts';
import { PRESETS } from './presets.ts';
import type { Preset } from './presets.ts';

export function Rail() {
  const roving = useRoving<HTMLElement>();
  const isOpen = useAppState((state) => state.progress.phase !== 'empty');
  return (
    <nav className="rail" aria-label="Views" data-pane {...roving}>
      {isOpen ? null : <StartItem />}
      {VIEWS.map(({ id, way, isOfCapture = true }) =>
        way === undefined || (isOfCapture && !isOpen) ? null : <RailItem key={id} id={id} way={way} />,
      )}
      <Presets />
    </nav>
  );
}

/** While no capture is open, the page that opens one stands where its views would. */
function StartItem() {
  const { actions } = useApp();
  return (
    <button
      type="button"
      className="rail-item"
      title="Start page"
      onMouseDown={keepFocus}
      onClick={() => {
        actions.go('overview');
      }}
    >
      <House size={15} aria-hidden strokeWidth={1.8} />
      <span className="rail-title">Start page</span>
    </button>
  );
}

function RailItem({ id, way }: { readonly id: View; readonly way: WayToView }) {
  const { key, Icon, isOffered = always } = way;
  const title = way.railTitle ?? way.title;
  const { actions } = useApp();
  // A connection belongs to the list that it was opened from.
  const shown = useAppState((state) => (state.view === 'connection' ? state.connectionFrom : state.view));
  const isShown = useAppState(isOffered);
  if (!isShown) return null;
  const isCurrent = shown === id || viewEntry(shown).partOf === id;
  return (
    <button
      type="button"
      className="rail-item"
      title={`${title} (${key})`}
      aria-current={isCurrent ? 'page' : undefined}
      onMouseDown={keepFocus}
      onClick={() => {
        actions.go(id);
      }}
    >
      <Icon size={15} aria-hidden strokeWidth={1.8} />
      <span className="rail-title">{title}</span>
      {way.count === undefined ? null : <RailCount count={way.count} trouble={way.trouble} />}
    </button>
  );
}

/** A click leaves the focus to the view that opens; keys that walk the rail stay in it. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

function always(): boolean {
  return true;
}

type RailCountProps = Required<Pick<WayToView, 'count'>> & Pick<WayToView, 'trouble'>;

function RailCount({ count: countOf, trouble }: RailCountProps) {
  const count = useAppState(countOf);
  if (trouble === undefined) return <span className="rail-count">{countText(count)}</span>;
  if (count === 0) return null;
  const label = count === 1 ? trouble : `${trouble}s`;
  return (
    <span className="rail-count tone-warn" title={label}>
      {countText(count)}
      <span className="visually-hidden"> {label}</span>
    </span>
  );
}

function Presets() {
  const { actions } = useApp();
  const view = useAppState((state) => state.view);
  const filter = useAppState((state) => state.resetQuery.filter);
  const counts = usePresetCounts();
  const isNarrowed = useAppState((state) => state.range !== null);
  if (counts === null) return null;
  return (
    <div className="rail-presets" role="group" aria-labelledby="rail-presets-title">
      <h2 id="rail-presets-title" className="rail-heading">
        {isNarrowed ? 'Show of the chosen time' : 'Show'}
      </h2>
      {PRESETS.map((preset) => (
        <button
          key={preset.id}
          type="button"
          className="rail-item"
          title={preset.title}
          aria-pressed={view === 'resets' && filter === preset.filter}
          onClick={() => {
            actions.filterResets(preset.filter);
          }}
        >
          <PresetMark id={preset.id} />
          <span className="rail-title">{preset.title}</span>
          <span className="rail-count">{countText(counts[preset.id])}</span>
        </button>
      ))}
    </div>
  );
}

function PresetMark({ id }: Pick<Preset, 'id'>) {
  if (id === 'all') return <span className="rail-all" aria-hidden="true" />;
  return id === 'matters' ? <MattersMark size={13} /> : <OriginMark kind={id} size={12} />;
}

function usePresetCounts(): Readonly<Record<Preset['id'], number>> | null {
  const overview = useAppState((state) => state.overview);
  const hasResets = useAppState((state) => state.summary !== null && state.summary.resets > 0);
  return useMemo(() => (overview === null || !hasResets ? null : countsOf(overview)), [overview, hasResets]);
}

/** All of the overview, which is that of the chosen time: together they add up. */
function countsOf({ byOrigin, byCause }: Overview): Readonly<Record<Preset['id'], number>> {
  return {
    ...byOrigin,
    all: byOrigin.endpoint + byOrigin.middlebox + byOrigin.unknown,
    matters: byCause.reduce((sum, { matters }) => sum + matters, 0),
  };
}
