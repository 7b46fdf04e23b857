/** Files and warnings, as the registry of views lists them. */
import { FileWarning } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import type { AppState } from '../../state/store.ts';
import { WarningsView } from './warnings-view.tsx';
import './warnings.css';

export const WARNINGS: ViewEntry<'warnings'> = {
  id: 'warnings',
  Component: WarningsView,
  way: {
    title: 'Files and warnings',
    railTitle: 'Files',
    key: '7',
    Icon: FileWarning,
    count: warningCount,
    trouble: 'warning',
  },
};

function warningCount({ summary }: AppState): number {
  return (summary?.files ?? []).reduce((sum, file) => sum + file.warnings.length + file.moreWarnings, 0);
}
