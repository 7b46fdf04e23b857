/** The packets of the whole capture, through its filter, or of one flow. */
import { ListX } from 'lucide-react';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { KeyboardEvent } from 'react';
import type { PacketRow } from '../../shared/model/rows.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { ListStatus } from '../lists/list-status.tsx';
import { ListView } from '../lists/list-view.tsx';
import { RowList } from '../lists/row-list.tsx';
import type { Picked } from '../lists/list-row.tsx';
import type { Pane } from '../state/panes.ts';
import type { RowFeed } from '../state/row-feed.ts';
import { inRanges } from '../state/ranges.ts';
import { Empty } from '../ui/empty.tsx';
import { listedPacketSentence } from '../words/packet-text.ts';
import { packetTone } from './packet-tone.ts';
import { PacketToolbar } from './packet-toolbar.tsx';
import { SelectedPackets } from './selected-packets.tsx';
import { usePacketColumns } from './use-packet-columns.ts';
import './packet-list.css';

/** @param flow null for the whole capture */
export function PacketList({ flow }: { readonly flow: number | null }) {
  return flow === null ? <AllPackets /> : <PacketsOfFlow key={flow} flow={flow} />;
}

function AllPackets() {
  const { feeds } = useApp();
  const columns = usePacketColumns(false);
  const doing = usePacketRows(feeds.packets, 'packets');
  return (
    <ListView
      list="packets"
      label="Packets"
      noun="packet"
      columns={columns}
      Toolbar={PacketToolbar}
      whenEmpty={
        <Empty icon={<ListX size={26} strokeWidth={1.4} />} title="No packets">
          This capture holds none, so far as it is read.
        </Empty>
      }
      {...doing}
    >
      <SelectedPackets flow={null} columns={columns} />
    </ListView>
  );
}

function PacketsOfFlow({ flow }: { readonly flow: number }) {
  const { actions, feeds, link } = useApp();
  const columns = usePacketColumns(true);
  const selected = useAppState((state) => state.packet);
  const cursor = useAppState((state) => state.flowPacketCursor);
  const { shown } = useSyncExternalStore(feeds.flowPackets.subscribe, feeds.flowPackets.getState);
  const doing = usePacketRows(feeds.flowPackets, 'connection');
  const locate = useCallback(
    (packet: number) => link.call('packets.position', { filter: '', flow, packet }),
    [link, flow],
  );
  return (
    <>
      <SelectedPackets flow={flow} columns={columns} />
      <div className="list-place">
        <RowList
          name="flow-packets"
          label="Packets of the flow"
          feed={feeds.flowPackets}
          columns={columns}
          idOf={actions.lists.packets.idOf}
          selected={selected}
          cursor={cursor}
          onCursor={actions.selectFlowPacket}
          locate={locate}
          noun="packet"
          {...doing}
        />
        {shown?.total === 0 ? (
          <Empty icon={<ListX size={26} strokeWidth={1.4} />} title="No packet of this flow is kept" />
        ) : (
          <ListStatus feed={feeds.flowPackets} />
        )}
      </div>
    </>
  );
}

/** What rows of packets do in either list. */
function usePacketRows(feed: RowFeed<never, PacketRow>, pane: Pane) {
  const { actions, store } = useApp();
  const ranges = useAppState((state) => state.selectedPackets);
  const isMarked = useCallback((row: PacketRow) => inRanges(ranges, row.packet), [ranges]);
  const onSelect = useCallback(
    (from: number, to: number, how: Picked) => {
      const { shown } = feed.getState();
      const begin = (from < 0 ? undefined : shown?.get(from)) ?? shown?.get(to);
      const end = shown?.get(to);
      if (begin === undefined || end === undefined) return;
      const way = how.shiftKey ? 'range' : how.ctrlKey || how.metaKey ? 'toggle' : 'none';
      // A packet of another place in the list is known by the selection, though its row may be out of reach.
      const start = way === 'range' ? (store.getState().packet ?? begin.packet) : begin.packet;
      actions.selectPackets(way, start, end.packet);
    },
    [actions, feed, store],
  );
  const onKey = useCallback(
    (event: KeyboardEvent) => {
      const { packet, selectedPackets, letterKeys } = store.getState();
      if (event.key === 'Escape' && selectedPackets.length > 0) {
        actions.selectPackets('none', 0, 0);
        event.preventDefault();
        return;
      }
      if (event.key !== ' ' || packet === null || !letterKeys) return;
      actions.selectPackets('toggle', packet, packet);
      event.preventDefault();
    },
    [actions, store],
  );
  const onOpen = useCallback(() => {
    actions.setPaneOpen(pane, true);
    actions.setConnectionPane('packet');
  }, [actions, pane]);
  return useMemo(
    () => ({ toneOf: packetTone, sentenceOf: listedPacketSentence, isMarked, onSelect, onKey, onOpen }),
    [isMarked, onSelect, onKey, onOpen],
  );
}
