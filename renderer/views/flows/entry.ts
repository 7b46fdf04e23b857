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
    // Of the same snapshot as the overview and the ways below: numbers on one screen agree while a capture is read.
    count: ({ progress, summary }) => summary?.flows ?? progress.flows,
  },
};
