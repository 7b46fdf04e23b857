/** The commands of the view of a connection: its tabs, and the way back. */
import type { App } from '../core/app-context.ts';
import type { ConnectionTab } from '../state/ui-slice.ts';
import type { Command } from './command.ts';

const TABS: Readonly<Record<ConnectionTab, { readonly title: string; readonly keys: string }>> = {
  ladder: { title: 'Ladder of the connection', keys: 'shift+l' },
  graphs: { title: 'Graphs of the connection', keys: 'shift+g' },
  packets: { title: 'Packets of the connection', keys: 'shift+p' },
  stream: { title: 'Stream of the connection', keys: 'shift+s' },
};

export function connectionCommands({ store, actions }: App): Command[] {
  if (store.getState().view !== 'connection') return [];
  return [
    ...Object.entries(TABS).map(([tab, { title, keys }]): Command => ({
      id: `connection ${tab}`,
      section: 'Connection',
      title,
      keys,
      run: () => {
        actions.showConnectionTab(tab as ConnectionTab);
      },
    })),
    {
      id: 'connection back',
      section: 'Connection',
      title: 'Back to where the connection was opened',
      keys: 'Backspace',
      run: actions.leaveConnection,
    },
  ];
}
