/** The choice of what to capture: the interfaces and their traffic, the filter, the options, the start. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { CircleAlert, RefreshCw } from 'lucide-react';
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { InterfaceList } from './interface-list.tsx';
import { OptionsPanel } from './options-panel.tsx';
import { placeRefusal } from './can-start.ts';
import { RemoteFields } from './remote-fields.tsx';
import { SecondFields } from './second-fields.tsx';
import { StartBar } from './start-bar.tsx';
import { useFilterCheck } from './use-filter-check.ts';
import { FilterInput } from './filter-input.tsx';
import './live-start.css';
import './options.css';

/** Parts of other rooms that have their place in this one. */
interface LiveSectionProps {
  /** What stands in the way of capturing. */
  readonly blockers: ReactNode;
  /** What captures will lack. */
  readonly notes: ReactNode;
  /** The rule for what is caught. */
  readonly catchFields: ReactNode;
}

export function LiveSection(parts: LiveSectionProps) {
  const { actions } = useApp();
  const link = useAppState((state) => state.link);
  const offer = useAppState((state) => state.offer);
  const draft = useAppState((state) => state.draft);
  const error = useAppState((state) => state.offerError);
  const isOffering = useAppState((state) => state.isOffering);
  useEffect(() => {
    if (link === 'open') void actions.askOffer();
  }, [actions, link]);
  return (
    <section className="live-section" aria-labelledby="live-title" aria-busy={isOffering}>
      <header className="live-head">
        <h2 id="live-title">Capture live</h2>
        <span className="spring" />
        <IconButton
          label="Look for interfaces again"
          icon={<RefreshCw size={14} aria-hidden="true" className={isOffering ? 'is-turning' : ''} />}
          onClick={() => void actions.askOffer()}
        />
      </header>
      {offer !== null && draft !== null ? (
        <Offered offer={offer} draft={draft} {...parts} />
      ) : error === null ? (
        <Skeleton lines={6} label="Looking for interfaces" />
      ) : (
        <Empty
          icon={<CircleAlert size={26} strokeWidth={1.4} />}
          title="Interfaces could not be listed"
          actions={<Button onClick={() => void actions.askOffer()}>Try again</Button>}
        >
          {error}
        </Empty>
      )}
    </section>
  );
}

interface OfferedProps extends LiveSectionProps {
  readonly offer: CaptureOffer;
  readonly draft: LiveOptions;
}

function Offered({ offer, draft, blockers, notes, catchFields }: OfferedProps) {
  const { actions } = useApp();
  const check = useFilterCheck(draft);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      {blockers}
      <InterfaceList offer={offer} draft={draft} />
      {draft.source === 'ssh' ? (
        <RemoteFields
          options={draft}
          offer={offer}
          refusal={placeRefusal(draft)}
          onChange={actions.changeDraft}
        />
      ) : null}
      <FilterInput draft={draft} history={offer.filterHistory} check={check} />
      <SecondFields draft={draft} offer={offer} />
      {isOpen ? <OptionsPanel offer={offer} draft={draft} catchFields={catchFields} /> : null}
      <StartBar
        offer={offer}
        draft={draft}
        check={check}
        isOpen={isOpen}
        onOpen={() => {
          setIsOpen(!isOpen);
        }}
      />
      {notes}
    </>
  );
}
