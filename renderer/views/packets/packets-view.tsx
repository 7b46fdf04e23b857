/** All packets, and the one under the cursor beside them. The packets of one flow are a page of their own. */
import { useAppState } from '../../core/app-context.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { PacketList } from '../../packet-list/packet-list.tsx';
import { PacketPane } from '../../packet-list/packet-pane.tsx';
import { FlowPage } from './flow-page.tsx';

export function PacketsView() {
  const flow = useAppState((state) => state.packetsFlow);
  const packet = useAppState((state) => state.packet);
  const isOpen = useAppState((state) => state.verdictOpen);
  if (flow !== null) return <FlowPage flow={flow} />;
  return (
    <ListAndPane
      id="packets"
      list={<PacketList flow={null} />}
      pane={isOpen && packet !== null ? <PacketPane packet={packet} /> : null}
      paneName="the packet"
    />
  );
}
