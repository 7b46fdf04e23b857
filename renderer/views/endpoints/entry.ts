import { Server } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { EndpointsView } from './endpoints-view.tsx';
import './endpoints.css';

export const ENDPOINTS: ViewEntry<'endpoints'> = {
  id: 'endpoints',
  Component: EndpointsView,
  way: { title: 'Addresses', key: '6', Icon: Server },
};
