/** Above the list of all packets: filter, steps to the next of a kind, a frame by its number, and how numbers are shown. */
import { useApp, useAppState } from '../core/app-context.ts';
import { FilterField } from '../filter/filter-field.tsx';
import { FollowButton } from '../lists/follow-button.tsx';
import { PaneButton } from '../lists/pane-button.tsx';
import { TimeButton } from '../lists/time-button.tsx';
import { GoToFrame } from './go-to-frame.tsx';
import { RawButton } from './raw-button.tsx';
import { StepButtons } from './step-buttons.tsx';

const CHIPS = [
  'tcp.flags.reset == 1',
  'tcp.analysis.retransmission',
  'tcp.analysis.zero_window',
  'ip.addr == 10.0.0.1',
  'dns',
  'icmp',
];

export function PacketToolbar({ onLeave }: { readonly onLeave: () => void }) {
  const { actions } = useApp();
  const all = useAppState((state) => state.progress.packets);
  return (
    <div className="toolbar">
      <FilterField
        list="packets"
        placeholder="Filter: ip.addr == 10.0.0.1, tcp.flags.reset == 1, dns …"
        chips={CHIPS}
        all={all}
        onLeave={onLeave}
      />
      <GoToFrame />
      <StepButtons />
      <RawButton />
      <FollowButton
        list="packets"
        onSortByTime={() => {
          actions.lists.packets.sort({ sort: 'frame', direction: 'ascending' });
        }}
      />
      <TimeButton />
      <PaneButton of="packets" name="the packet" />
    </div>
  );
}
