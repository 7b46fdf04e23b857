/** All packets, and the one under the cursor beside them. */
import { useAppState } from '../../core/app-context.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { PacketList } from '../../packet-list/packet-list.tsx';
import { PacketPane } from '../../packet-list/packet-pane.tsx';

export function PacketsView() {
  const packet = useAppState((state) => state.packet);
  const isOpen = useAppState((state) => state.openPanes.packets);
  return (
    <ListAndPane
      id="packets"
      list={<PacketList flow={null} />}
      pane={isOpen && packet !== null ? <PacketPane packet={packet} /> : null}
      paneName="the packet"
    />
  );
}
