/** All packets of one flow, and what it carried. */
import * as Ariakit from '@ariakit/react';
import { ArrowLeft, Unplug } from 'lucide-react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FlowRow } from '../../../shared/model/rows.ts';
import { useApp } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { stateText } from '../../words/conn-state.ts';
import { nanosText } from '../../words/values.ts';
import { PacketList } from '../../packet-list/packet-list.tsx';
import { StreamText } from './stream-text.tsx';
import { useFlowRow } from './use-flow-row.ts';

export function FlowPage({ flow }: { readonly flow: number }) {
  const row = useFlowRow(flow);
  return (
    <div className="list-pane packets">
      <FlowHead flow={flow} row={row} />
      <Ariakit.TabProvider defaultSelectedId="packets">
        <Ariakit.TabList className="tabs" aria-label="Of this flow">
          <Ariakit.Tab id="packets" className="tab">
            Packets
          </Ariakit.Tab>
          <Ariakit.Tab id="client" className="tab">
            Data from the client
          </Ariakit.Tab>
          <Ariakit.Tab id="server" className="tab">
            Data from the server
          </Ariakit.Tab>
        </Ariakit.TabList>
        <Ariakit.TabPanel tabId="packets" className="tab-panel" focusable={false}>
          <PacketList flow={flow} />
        </Ariakit.TabPanel>
        <Ariakit.TabPanel tabId="client" className="tab-panel" unmountOnHide>
          <StreamText key={flow} flow={flow} from="client" />
        </Ariakit.TabPanel>
        <Ariakit.TabPanel tabId="server" className="tab-panel" unmountOnHide>
          <StreamText key={flow} flow={flow} from="server" />
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
