/** The packets of one flow: no item of the rail leads here, but the list of flows and other views do. */
import type { ViewEntry } from '../../core/view-entry.ts';
import { PacketsView } from './packets-view.tsx';
import './packets.css';

export const PACKETS: ViewEntry<'packets'> = { id: 'packets', Component: PacketsView, partOf: 'flows' };
