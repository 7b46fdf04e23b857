/** The overview, as the registry of views lists it. */
import { Activity } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { OverviewView } from './overview-view.tsx';
import './overview.css';

export const OVERVIEW: ViewEntry<'overview'> = {
  id: 'overview',
  Component: OverviewView,
  way: { title: 'Overview', key: '1', Icon: Activity },
};
