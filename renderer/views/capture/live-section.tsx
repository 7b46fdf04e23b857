/** Capturing from an interface: what there is, what goes over it, how it will be captured. */
import { useEffect, useState } from 'react';
import { CircleAlert, RefreshCw } from 'lucide-react';
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../app/app-context.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { Blockers, Notes } from './doctor.tsx';
import { InterfaceList } from './interface-list.tsx';
import { OptionsPanel } from './options-panel.tsx';
import { RemoteFields } from './remote-fields.tsx';
import { StartBar } from './start-bar.tsx';
import { useFilterCheck } from './use-filter-check.ts';
import { FilterInput } from './filter-input.tsx';

export function LiveSection() {
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
        <Offered offer={offer} draft={draft} />
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

function Offered({ offer, draft }: { readonly offer: CaptureOffer; readonly draft: LiveOptions }) {
  const check = useFilterCheck(draft);
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Blockers offer={offer} />
      <InterfaceList offer={offer} draft={draft} />
      {draft.source === 'ssh' ? <RemoteFields draft={draft} offer={offer} /> : null}
      <FilterInput draft={draft} history={offer.filterHistory} check={check} />
      {isOpen ? <OptionsPanel offer={offer} draft={draft} /> : null}
      <StartBar
        offer={offer}
        draft={draft}
        check={check}
        isOpen={isOpen}
        onOpen={() => {
          setIsOpen(!isOpen);
        }}
      />
      <Notes offer={offer} />
    </>
  );
}
