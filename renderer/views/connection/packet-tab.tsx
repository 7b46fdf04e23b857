/** The packets of the connection as a list. */
import { Unplug } from 'lucide-react';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { ListStatus } from '../../lists/list-status.tsx';
import { RowList } from '../../lists/row-list.tsx';
import { Empty } from '../../ui/empty.tsx';
import { hasRst } from '../../words/packet-text.ts';
import { packetColumns } from './packet-columns.tsx';

function toneOf(row: PacketRow): string {
  return hasRst(row) ? 'is-rst' : '';
}

export function PacketTab({ isTcp }: { readonly isTcp: boolean }) {
  const { actions, feeds } = useApp();
  const clock = useClock();
  const selected = useAppState((state) => state.packet);
  const cursor = useAppState((state) => state.packetCursor);
  const { shown } = useSyncExternalStore(feeds.packets.subscribe, feeds.packets.getState);
  const columns = useMemo(() => packetColumns(clock, isTcp), [clock, isTcp]);
  const onOpen = useCallback(() => undefined, []);
  return (
    <div className="list-place">
      <RowList
        label="Packets of the flow"
        feed={feeds.packets}
        columns={columns}
        idOf={(row) => row.packet}
        selected={selected}
        cursor={cursor}
        toneOf={toneOf}
        onCursor={actions.selectPacket}
        onOpen={onOpen}
      />
      {shown?.total === 0 ? (
        <Empty icon={<Unplug size={26} strokeWidth={1.4} />} title="This flow has no packets" />
      ) : (
        <ListStatus feed={feeds.packets} />
      )}
    </div>
  );
}
