/** The list of failures, as the registry of views lists it. */
import { TriangleAlert } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { FailuresView } from './failures-view.tsx';
import './failures.css';

export const FAILURES: ViewEntry<'failures'> = {
  id: 'failures',
  Component: FailuresView,
  way: {
    title: 'Failures',
    key: '3',
    Icon: TriangleAlert,
    count: ({ endings }) => endings?.failures ?? 0,
  },
};
