import { ListOrdered } from 'lucide-react';
import type { ViewEntry } from '../../core/view-entry.ts';
import { PacketsView } from './packets-view.tsx';

export const PACKETS: ViewEntry<'packets'> = {
  id: 'packets',
  Component: PacketsView,
  way: {
    title: 'Packets',
    key: '5',
    Icon: ListOrdered,
    // The summary where it is there: what stands beside it on the screen is of the same moment.
    count: ({ summary, progress }) => (summary ?? progress).packets,
  },
};
