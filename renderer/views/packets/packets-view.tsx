/** All packets of one flow, and what it carried. */
import * as Ariakit from '@ariakit/react';
import { ArrowLeft, Unplug } from 'lucide-react';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FlowRow, PacketRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { RowList } from '../../lists/row-list.tsx';
import { Stream } from '../../stream/stream.tsx';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { stateText } from '../../words/conn-state.ts';
import { hasRst } from '../../words/packet-text.ts';
import { nanosText } from '../../words/values.ts';
import { ListStatus } from '../../lists/list-status.tsx';
import { packetColumns } from './packet-columns.tsx';
import { useFlowRow } from './use-flow-row.ts';

export function PacketsView() {
  const { actions } = useApp();
  const flow = useAppState((state) => state.packetsFlow);
  const row = useFlowRow(flow);
  if (flow === null) {
    return (
      <Empty
        icon={<Unplug size={26} strokeWidth={1.4} />}
        title="No flow is chosen"
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
    <div className="list-pane packets">
      <FlowHead flow={flow} row={row} />
      <Ariakit.TabProvider defaultSelectedId="packets">
        <Ariakit.TabList className="tabs" aria-label="Of this flow">
          <Ariakit.Tab id="packets" className="tab">
            Packets
          </Ariakit.Tab>
          <Ariakit.Tab id="stream" className="tab">
            Stream
          </Ariakit.Tab>
        </Ariakit.TabList>
        <Ariakit.TabPanel tabId="packets" className="tab-panel" focusable={false}>
          <PacketList isTcp={row?.protocol !== 'udp'} />
        </Ariakit.TabPanel>
        <Ariakit.TabPanel tabId="stream" className="tab-panel" focusable={false} unmountOnHide>
          <Stream key={flow} flow={flow} />
        </Ariakit.TabPanel>
      </Ariakit.TabProvider>
    </div>
  );
}

function FlowHead({ flow, row }: { readonly flow: number; readonly row: FlowRow | null }) {
  const { actions } = useApp();
  return (
    <header className="flow-head">
      <Button
        look="quiet"
        icon={<ArrowLeft size={14} aria-hidden="true" />}
        onClick={() => {
          actions.go('flows');
        }}
      >
        Flows
      </Button>
      {row === null ? (
        <span className="flow-ends">Flow {countText(flow)}</span>
      ) : (
        <>
          <span className="flow-ends" title={`${row.client} → ${row.server}`}>
            <span className="mono">{row.client}</span> <span className="faint">→</span>{' '}
            <span className="mono">{row.server}</span> {row.serverName}
          </span>
          <span className="flow-facts" title={`${stateText(row.state)} History: ${row.history}`}>
            {[
              row.protocol.toUpperCase(),
              row.application,
              row.state,
              plural(row.packets, 'packet'),
              nanosText(row.durationNs),
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </>
      )}
      <span className="spring" />
      {row !== null && row.resets > 0 ? (
        <Button
          icon={<Unplug size={14} aria-hidden="true" />}
          onClick={() => {
            actions.filterResets(`flow:${flow}`);
          }}
        >
          {plural(row.resets, 'reset')}
        </Button>
      ) : null}
    </header>
  );
}

function toneOf(row: PacketRow): string {
  return hasRst(row) ? 'is-rst' : '';
}

function PacketList({ isTcp }: { readonly isTcp: boolean }) {
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
