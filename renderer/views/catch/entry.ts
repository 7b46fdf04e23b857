/** The caught resets, as the registry of views lists them. */
import { Crosshair } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { CatchView } from './catch-view.tsx';
import './catch.css';

export const CATCH: ViewEntry<'catch'> = {
  id: 'catch',
  Component: CatchView,
  way: {
    title: 'Caught resets',
    railTitle: 'Caught',
    key: '8',
    Icon: Crosshair,
    // Only where something is captured live, or was.
    isOffered: ({ live }) => live.startedMs !== null,
    count: ({ live }) => live.cases.length,
  },
};
