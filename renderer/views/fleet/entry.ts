import { Waypoints } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { FleetView } from './fleet-view.tsx';

export const FLEET: ViewEntry<'fleet'> = {
  id: 'fleet',
  Component: FleetView,
  isOfCapture: false,
  way: { title: 'Fleet', key: '0', Icon: Waypoints },
};
