/** Totals by address, and by pair of addresses that talked with each other. */
import { useCallback, useMemo } from 'react';
import { Server } from 'lucide-react';
import type { EndpointRow } from '../../../shared/model/rows.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { FilterField } from '../../filter/filter-field.tsx';
import { ListView } from '../../lists/list-view.tsx';
import { TimeButton } from '../../lists/time-button.tsx';
import { feedOf } from '../../state/feeds.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { endpointColumns } from './endpoint-columns.tsx';
import { endpointFilter } from './endpoint-filter.ts';

export function EndpointsView() {
  const { actions } = useApp();
  const clock = useClock();
  const by = useAppState((state) => state.endpointsBy);
  const columns = useMemo(() => endpointColumns(clock, by === 'pairs'), [clock, by]);
  const onOpen = useCallback(
    (row: EndpointRow) => {
      actions.filterList('flows', endpointFilter(row));
    },
    [actions],
  );
  return (
    <ListView
      key={by}
      list={by}
      label={by === 'pairs' ? 'Conversations' : 'Addresses'}
      noun={by === 'pairs' ? 'conversation' : 'address'}
      columns={columns}
      Toolbar={EndpointToolbar}
      whenEmpty={
        <Empty icon={<Server size={26} strokeWidth={1.4} />} title="No endpoints">
          This capture holds no TCP or UDP, so far as it is read.
        </Empty>
      }
      onOpen={onOpen}
    />
  );
}

const CHIPS = ['resets:>0', 'app:tls', 'proto:udp', 'ending:no-answer'];
const NAMES = { addresses: 'Addresses', pairs: 'Conversations' } as const;

function EndpointToolbar({ onLeave }: { readonly onLeave: () => void }) {
  const { actions } = useApp();
  const by = useAppState((state) => state.endpointsBy);
  return (
    <div className="toolbar">
      <div className="switcher" role="group" aria-label="Totals by">
        {(['addresses', 'pairs'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === by}
            onClick={() => {
              actions.setEndpointsBy(one);
            }}
          >
            {NAMES[one]}
          </button>
        ))}
      </div>
      <FilterField
        list={by}
        placeholder="Filter flows: address, app:tls, resets:>0 …"
        chips={CHIPS}
        all={0}
        onLeave={onLeave}
      />
      <Ways />
      <TimeButton />
    </div>
  );
}

/** What can be shown of the row that is selected. */
function Ways() {
  const { actions, feeds } = useApp();
  const by = useAppState((state) => state.endpointsBy);
  const cursor = useAppState((state) => (by === 'pairs' ? state.pairCursor : state.addressCursor));
  const row = cursor < 0 ? undefined : feedOf(feeds, by).getState().shown?.get(cursor);
  if (row === undefined) return null;
  const show = (list: 'resets' | 'flows' | 'packets', title: string) => (
    <Button
      look="quiet"
      onClick={() => {
        actions.filterList(list, endpointFilter(row));
      }}
    >
      {title}
    </Button>
  );
  return (
    <>
      {show('flows', 'Its flows')}
      {row.resets > 0 ? show('resets', 'Its resets') : null}
      {show('packets', 'Its packets')}
    </>
  );
}
