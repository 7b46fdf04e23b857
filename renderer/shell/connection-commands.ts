/** The commands of a connection: its tabs, which open it from what is selected in a list, and the way back. */
import type { App } from '../core/app-context.ts';
import { hasConnection } from '../core/connection-actions.ts';
import type { ConnectionTab } from '../state/ui-slice.ts';
import type { Command } from './command.ts';

const TABS: Readonly<Record<ConnectionTab, { readonly title: string; readonly keys: string }>> = {
  ladder: { title: 'Ladder of the connection', keys: 'shift+l' },
  graphs: { title: 'Graphs of the connection', keys: 'shift+g' },
  packets: { title: 'Packets of the connection', keys: 'shift+p' },
  stream: { title: 'Stream of the connection', keys: 'shift+s' },
};

export function connectionCommands({ store, actions }: App): Command[] {
  const state = store.getState();
  const tabs = Object.entries(TABS).map(([tab, { title, keys }]): Command => ({
    id: `connection ${tab}`,
    section: 'Connection',
    title,
    keys,
    run: () => void actions.showConnection(tab as ConnectionTab),
  }));
  const back: Command = {
    id: 'connection back',
    section: 'Connection',
    title: 'Back to where the connection was opened',
    keys: 'Backspace',
    run: actions.leaveConnection,
  };
  return [...(hasConnection(state) ? tabs : []), ...(state.view === 'connection' ? [back] : [])];
}
