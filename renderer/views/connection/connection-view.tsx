/** One connection: as a ladder, as graphs, as a list of packets, and what it carried; beside each the verdict or the packet. */
import * as Ariakit from '@ariakit/react';
import { CircleAlert, Unplug } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useApp, useAppState } from '../../core/app-context.ts';
import type { ConnectionTab } from '../../state/ui-slice.ts';
import { CONNECTION_TABS } from '../../state/ui-slice.ts';
import { Stream } from '../../stream/stream.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { PaneButton } from '../../lists/pane-button.tsx';
import { PacketList } from '../../packet-list/packet-list.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { ConnectionHead } from './connection-head.tsx';
import { GraphsTab } from './graphs-tab.tsx';
import { LadderTab } from './ladder-tab.tsx';
import { SidePane } from './side-pane.tsx';
import type { Connection, ConnectionState } from './use-connection.ts';
import { useConnection } from './use-connection.ts';
import type { ResetInFocus } from './use-reset-in-focus.ts';
import { useResetInFocus } from './use-reset-in-focus.ts';

export function ConnectionView() {
  const { actions } = useApp();
  const flow = useAppState((state) => state.packetsFlow);
  const state = useConnection(flow);
  if (flow === null) {
    return (
      <Empty
        icon={<Unplug size={26} strokeWidth={1.4} />}
        title="No connection is chosen"
        actions={
          <Button
            onClick={() => {
              actions.go('flows');
            }}
          >
            Choose one
          </Button>
        }
      />
    );
  }
  return (
    <div className="list-pane connection">
      <ConnectionHead flow={flow} account={state.connection?.account ?? null} />
      <Body key={flow} flow={flow} state={state} />
    </div>
  );
}

const TITLES: Readonly<Record<ConnectionTab, string>> = {
  ladder: 'Ladder',
  graphs: 'Graphs',
  packets: 'Packets',
  stream: 'Stream',
};

interface BodyProps {
  readonly flow: number;
  readonly state: ConnectionState;
}

function Body({ flow, state }: BodyProps) {
  const { connection } = state;
  const selected = useAppState((app) => app.packet);
  const isOpen = useAppState((app) => app.openPanes.connection);
  const focus = useResetInFocus(connection, selected);
  useStart(connection);
  return (
    <ListAndPane
      id="connection"
      list={<Tabs flow={flow} state={state} focus={focus} />}
      pane={
        isOpen && connection !== null ? (
          <SidePane connection={connection} selected={selected} focus={focus} />
        ) : null
      }
      paneName="the details"
      beside={36}
    />
  );
}

function Tabs({ flow, state, focus }: BodyProps & { readonly focus: ResetInFocus | null }) {
  const { actions } = useApp();
  const tab = useAppState((app) => app.connectionTab);
  return (
    <Ariakit.TabProvider
      selectedId={tab}
      setSelectedId={(id) => {
        const next = CONNECTION_TABS.find((one) => one === id);
        if (next !== undefined) actions.showConnectionTab(next);
      }}
    >
      <div className="connection-work">
        <div className="tabs">
          <Ariakit.TabList className="tabs-list" aria-label="Of this connection">
            {CONNECTION_TABS.map((id) => (
              <Ariakit.Tab key={id} id={id} className="tab" title={`${TITLES[id]} (Shift+${TITLES[id][0]})`}>
                {TITLES[id]}
              </Ariakit.Tab>
            ))}
          </Ariakit.TabList>
          <span className="spring" />
          <PaneButton of="connection" name="verdict and packet" />
        </div>
        <Ariakit.TabPanel tabId="ladder" className="tab-panel" focusable={false} unmountOnHide>
          <WhenThere state={state}>{(there) => <LadderTab connection={there} focus={focus} />}</WhenThere>
        </Ariakit.TabPanel>
        <Ariakit.TabPanel tabId="graphs" className="tab-panel" focusable={false} unmountOnHide>
          <WhenThere state={state}>{(there) => <GraphsTab connection={there} />}</WhenThere>
        </Ariakit.TabPanel>
        <Ariakit.TabPanel tabId="packets" className="tab-panel" focusable={false} unmountOnHide>
          <PacketList flow={flow} />
        </Ariakit.TabPanel>
        <Ariakit.TabPanel tabId="stream" className="tab-panel" focusable={false} unmountOnHide>
          <Stream flow={flow} />
        </Ariakit.TabPanel>
      </div>
    </Ariakit.TabProvider>
  );
}

/** A connection is opened at the reset that led here, or at the first of its own; packets that were chosen before stay chosen. */
function useStart(connection: Connection | null): void {
  const { actions } = useApp();
  const wanted = useAppState((app) => app.reset);
  const packet = useAppState((app) => app.packet);
  const isDone = useRef(false);
  useEffect(() => {
    if (isDone.current || connection === null) return;
    isDone.current = true;
    if (packet !== null) return;
    const { resets } = connection.account;
    const start =
      resets.find(({ row }) => row.id === wanted) ?? resets.find(({ row }) => row.matters) ?? resets.at(0);
    // Where nothing was reset the connection is read from its begin on.
    const { packet: numbers, count } = connection.packets.columns;
    if (start !== undefined) actions.markPacket(start.packet);
    else if (count > 0) actions.markPacket(numbers[0]);
  }, [connection, packet, wanted, actions]);
}

interface WhenThereProps {
  readonly state: ConnectionState;
  readonly children: (connection: Connection) => React.ReactNode;
}

function WhenThere({ state, children }: WhenThereProps) {
  const { connection, error, retry } = state;
  if (connection !== null && connection.packets.columns.count > 0) return children(connection);
  if (error !== null) {
    return (
      <Empty
        icon={<CircleAlert size={26} strokeWidth={1.4} />}
        tone="bad"
        title="This connection cannot be shown"
        actions={<Button onClick={retry}>Try again</Button>}
      >
        {error}
      </Empty>
    );
  }
  if (connection === null) {
    return (
      <div className="list-waiting">
        <Skeleton lines={10} label="The packets are on their way" />
      </div>
    );
  }
  return (
    <Empty icon={<Unplug size={26} strokeWidth={1.4} />} title="None of its packets are kept">
      They were let go to keep memory bounded.
    </Empty>
  );
}
