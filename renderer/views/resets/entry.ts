/** The list of resets, as the registry of views lists it. */
import { Unplug } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { ResetsView } from './resets-view.tsx';
import './resets.css';

export const RESETS: ViewEntry<'resets'> = {
  id: 'resets',
  Component: ResetsView,
  way: {
    title: 'Resets',
    key: '2',
    Icon: Unplug,
    // The summary where it is there: what stands beside it on the screen is of the same moment.
    count: ({ summary, progress }) => (summary ?? progress).resets,
  },
};
