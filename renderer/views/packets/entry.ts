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
    // Of the same snapshot as the overview and the ways below: numbers on one screen agree while a capture is read.
    count: ({ progress, summary }) => summary?.packets ?? progress.packets,
  },
};
