/** The packets of the connection, and the bytes of the one under the cursor beside them. */
import { useAppState } from '../../core/app-context.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { PacketList } from '../../packet-list/packet-list.tsx';
import { PacketPane } from '../../packet-list/packet-pane.tsx';

export function PacketsTab({ flow }: { readonly flow: number }) {
  const packet = useAppState((state) => state.packet);
  const isOpen = useAppState((state) => state.verdictOpen);
  return (
    <ListAndPane
      id="flow-packets"
      list={
        <div className="list-pane">
          <PacketList flow={flow} />
        </div>
      }
      pane={isOpen && packet !== null ? <PacketPane packet={packet} /> : null}
      paneName="the packet"
    />
  );
}
