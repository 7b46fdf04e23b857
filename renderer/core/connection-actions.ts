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

interface Place {
  readonly flow: number;
  readonly packet: number | null;
}

function at(flow: number | null | undefined, packet: number | null = null): Place | null {
  return flow === null || flow === undefined || flow < 0 ? null : { flow, packet };
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
  /** @returns null where it belongs to none; the packet is where it is opened, null for its reset or its begin */
  async function placeOfSelection(state: AppState): Promise<Place | null> {
    const { view, reset, failure, flow, packet, packetCursor } = state;
    if (view === 'resets' && reset !== null) {
      return at((await link.call('resets.detail', { id: reset })).flow.id);
    }
    if (view === 'failures' && failure !== null) {
      const { row, packets } = await link.call('failures.detail', { id: failure });
      const failed = packets.find(({ file, frame }) => file === row.file && frame === row.frame);
      return at(failure, failed?.packet);
    }
    if (view === 'packets') return at(feeds.packets.getState().shown?.get(packetCursor)?.flow, packet);
    return at(flow);
  }

  return {
    /** A tab of the connection that is shown, or of what is selected in the list that is shown. */
    async showConnection(tab: ConnectionTab): Promise<void> {
      const state = store.getState();
      if (!hasConnection(state)) return;
      if (state.view !== 'connection') {
        try {
          const place = await placeOfSelection(state);
          if (place === null) {
            tools.notice('This packet belongs to no connection.');
            return;
          }
          tools.showPackets(place.flow, place.packet);
        } catch (error) {
          tools.notice(errorText(error));
          return;
        }
      }
      tools.showConnectionTab(tab);
    },
  };
}
