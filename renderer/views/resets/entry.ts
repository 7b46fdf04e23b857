/** The list of resets, as the registry of views lists it. */
import { Unplug } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { resetCount } from './reset-count.ts';
import { ResetsView } from './resets-view.tsx';
import './resets.css';

export const RESETS: ViewEntry<'resets'> = {
  id: 'resets',
  Component: ResetsView,
  way: {
    title: 'Resets',
    key: '2',
    Icon: Unplug,
    count: resetCount,
  },
};
