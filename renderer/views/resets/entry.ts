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
    // Of the same snapshot as the overview and the ways below: numbers on one screen agree while a capture is read.
    count: ({ progress, summary }) => summary?.resets ?? progress.resets,
  },
};
