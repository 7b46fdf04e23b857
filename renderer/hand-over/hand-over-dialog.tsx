/** Hands over what is looked at: as a report, as packets, as a table, or as a program that does the same. */
import * as Ariakit from '@ariakit/react';
import { HAND_OVER_PARTS } from '../state/hand-over-slice.ts';
import type { HandOverPart } from '../state/hand-over-slice.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Dialog } from '../ui/dialog.tsx';
import { PacketsPart } from './packets-part.tsx';
import { ReportPart } from './report-part.tsx';
import { ReproducePart } from './reproduce-part.tsx';
import { TablePart } from './table-part.tsx';
import './hand-over.css';

const PARTS: Readonly<
  Record<HandOverPart, { readonly title: string; readonly Part: () => React.ReactNode }>
> = {
  report: { title: 'Report', Part: ReportPart },
  packets: { title: 'Packets', Part: PacketsPart },
  table: { title: 'Table', Part: TablePart },
  reproduce: { title: 'Reproduce', Part: ReproducePart },
};

export function HandOverDialog() {
  const { actions } = useApp();
  const isOpen = useAppState((state) => state.dialog === 'hand-over');
  const part = useAppState((state) => state.handOverPart);
  return (
    <Dialog
      open={isOpen}
      onClose={() => {
        actions.setDialog(null);
      }}
      title="Hand over"
      look="hand-over"
    >
      <Ariakit.TabProvider
        selectedId={part}
        setSelectedId={(id) => {
          const next = HAND_OVER_PARTS.find((one) => one === id);
          if (next !== undefined) actions.setHandOverPart(next);
        }}
      >
        <div className="tabs">
          <Ariakit.TabList className="tabs-list" aria-label="As what">
            {HAND_OVER_PARTS.map((id) => (
              <Ariakit.Tab key={id} id={id} className="tab" autoFocus={id === part}>
                {PARTS[id].title}
              </Ariakit.Tab>
            ))}
          </Ariakit.TabList>
        </div>
        {HAND_OVER_PARTS.map((id) => {
          const { Part } = PARTS[id];
          return (
            <Ariakit.TabPanel key={id} tabId={id} className="hand-over-part" focusable={false} unmountOnHide>
              <Part />
            </Ariakit.TabPanel>
          );
        })}
      </Ariakit.TabProvider>
    </Dialog>
  );
}
