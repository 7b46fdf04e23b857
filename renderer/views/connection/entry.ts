/** One connection, full width: no item of the rail leads here, but lists and verdicts do. */
import type { ViewEntry } from '../../core/view-entry.ts';
import { ConnectionView } from './connection-view.tsx';
import './connection.css';
import './packets.css';

export const CONNECTION: ViewEntry<'connection'> = {
  id: 'connection',
  Component: ConnectionView,
  partOf: 'flows',
};
