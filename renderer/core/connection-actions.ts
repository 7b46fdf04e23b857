/** The connection of whatever is selected: opened at one of its tabs, from any list. */
import { errorText } from '../../shared/format/error.ts';
import type { Feeds } from '../state/feeds.ts';
import type { Link } from '../state/link.ts';
import type { AppState, AppStore } from '../state/store.ts';
import type { ConnectionTab } from '../state/ui-slice.ts';

interface Tools {
  readonly notice: (text: string) => void;
  readonly showPackets: (flow: number, packet: number | null) => void;
  readonly showConnectionTab: (tab: ConnectionTab) => void;
}

/** Whether something is selected that may belong to a connection. */
export function hasConnection({ view, packetsFlow, reset, failure, flow, packet }: AppState): boolean {
  switch (view) {
    case 'connection':
      return packetsFlow !== null;
    case 'resets':
      return reset !== null;
    case 'failures':
      return failure !== null;
    case 'flows':
      return flow !== null;
    case 'packets':
      return packet !== null;
    default:
      return false;
  }
}

export function createConnectionActions(store: AppStore, link: Link, feeds: Feeds, tools: Tools) {
  async function flowOfSelection({ view, reset, failure, flow, packetCursor }: AppState): Promise<number> {
    if (view === 'resets' && reset !== null) {
      return (await link.call('resets.detail', { id: reset })).flow.id;
    }
    if (view === 'packets') return feeds.packets.getState().shown?.get(packetCursor)?.flow ?? -1;
    // A failure is known by its flow.
    return (view === 'failures' ? failure : flow) ?? -1;
  }

  return {
    /** A tab of the connection that is shown, or of what is selected in the list that is shown. */
    async showConnection(tab: ConnectionTab): Promise<void> {
      const state = store.getState();
      if (!hasConnection(state)) return;
      if (state.view !== 'connection') {
        try {
          const flow = await flowOfSelection(state);
          if (flow < 0) {
            tools.notice('This packet belongs to no connection.');
            return;
          }
          tools.showPackets(flow, state.view === 'packets' ? state.packet : null);
        } catch (error) {
          tools.notice(errorText(error));
          return;
        }
      }
      tools.showConnectionTab(tab);
    },
  };
}
