/** The list of flows, as the registry of views lists it. */
import { ArrowLeftRight } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { FlowsView } from './flows-view.tsx';
import './flows.css';

export const FLOWS: ViewEntry<'flows'> = {
  id: 'flows',
  Component: FlowsView,
  way: {
    title: 'Flows',
    key: '4',
    Icon: ArrowLeftRight,
    // The summary where it is there: what stands beside it on the screen is of the same moment.
    count: ({ summary, progress }) => (summary ?? progress).flows,
  },
};
