/** The way between views, and the questions people ask of the resets. */
import { Activity, ArrowLeftRight, Crosshair, FileWarning, Unplug } from 'lucide-react';
import type { ReactNode } from 'react';
import { countText } from '../../shared/format/count.ts';
import type { AppState } from '../state/store.ts';
import type { View } from '../state/ui-slice.ts';
import { OriginMark } from '../ui/origin-mark.tsx';
import { MattersMark } from '../ui/matters-mark.tsx';
import { useApp, useAppState } from './app-context.ts';
import { PRESETS } from './commands.ts';

const ICON = { size: 15, 'aria-hidden': true, strokeWidth: 1.8 } as const;

export function Rail() {
  const progress = useAppState((state) => state.progress);
  const warnings = useAppState(warningCount);
  return (
    <nav className="rail" aria-label="Views" data-pane>
      <ViewItem view="overview" title="Overview" keys="1" icon={<Activity {...ICON} />} />
      <ViewItem view="resets" title="Resets" keys="2" icon={<Unplug {...ICON} />} count={progress.resets} />
      <ViewItem
        view="flows"
        title="Flows"
        keys="3"
        icon={<ArrowLeftRight {...ICON} />}
        count={progress.flows}
      />
      <ViewItem
        view="warnings"
        title="Files"
        keys="4"
        icon={<FileWarning {...ICON} />}
        count={warnings}
        countLabel={warnings === 1 ? 'warning' : 'warnings'}
      />
      <CatchItem />
      <Presets />
    </nav>
  );
}

/** Only where something is captured live, or was. */
function CatchItem() {
  const live = useAppState((state) => state.live);
  if (live.startedMs === null) return null;
  return (
    <ViewItem view="catch" title="Caught" keys="5" icon={<Crosshair {...ICON} />} count={live.cases.length} />
  );
}

export function warningCount(state: AppState): number {
  return (state.summary?.files ?? []).reduce(
    (sum, file) => sum + file.warnings.length + file.moreWarnings,
    0,
  );
}

interface ViewItemProps {
  readonly view: View;
  readonly title: string;
  readonly keys: string;
  readonly icon: ReactNode;
  readonly count?: number;
  /** Makes the count stand out, and says what it counts. */
  readonly countLabel?: string;
}

function ViewItem({ view, title, keys, icon, count, countLabel }: ViewItemProps) {
  const { actions } = useApp();
  const shown = useAppState((state) => state.view);
  const isCurrent = shown === view || (view === 'flows' && shown === 'packets');
  return (
    <button
      type="button"
      className="rail-item"
      title={`${title} (${keys})`}
      aria-current={isCurrent ? 'page' : undefined}
      onClick={() => {
        actions.go(view);
      }}
    >
      {icon}
      <span className="rail-title">{title}</span>
      {count === undefined || (countLabel !== undefined && count === 0) ? null : (
        <span className={`rail-count ${countLabel === undefined ? '' : 'tone-warn'}`} title={countLabel}>
          {countText(count)}
          {countLabel === undefined ? null : <span className="visually-hidden"> {countLabel}</span>}
        </span>
      )}
    </button>
  );
}

function Presets() {
  const { actions } = useApp();
  const view = useAppState((state) => state.view);
  const filter = useAppState((state) => state.resetQuery.filter);
  const counts = usePresetCounts();
  if (counts === null) return null;
  return (
    <div className="rail-presets" role="group" aria-labelledby="rail-presets-title">
      <h2 id="rail-presets-title" className="rail-heading">
        Show
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
          <span className="rail-count">{countText(counts[preset.id] ?? 0)}</span>
        </button>
      ))}
    </div>
  );
}

function PresetMark({ id }: { readonly id: string }) {
  if (id === 'matters') return <MattersMark size={13} />;
  if (id === 'middlebox' || id === 'endpoint' || id === 'unknown') return <OriginMark kind={id} size={12} />;
  return <span className="rail-all" aria-hidden="true" />;
}

function usePresetCounts(): Readonly<Record<string, number>> | null {
  const overview = useAppState((state) => state.overview);
  const summary = useAppState((state) => state.summary);
  if (overview === null || summary === null || summary.resets === 0) return null;
  return { ...overview.byOrigin, all: summary.resets, matters: summary.resetsThatMatter };
}
