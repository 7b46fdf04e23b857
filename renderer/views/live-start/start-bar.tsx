/** What will be written where, and the button that starts it. */
import { ChevronDown, HardDrive, Play } from 'lucide-react';
import { bytesText } from '../../../shared/format/bytes.ts';
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { pathAsText } from '../../words/file-text.ts';
import { placeText, ringsBytes, writesText } from '../../words/live-text.ts';
import { canStart } from './can-start.ts';
import { ruleError } from '../../state/catch-rule.ts';
import type { FilterState } from './use-filter-check.ts';

interface StartBarProps {
  readonly offer: CaptureOffer;
  readonly draft: LiveOptions;
  readonly check: FilterState;
  readonly isOpen: boolean;
  readonly onOpen: () => void;
}

export function StartBar({ offer, draft, check, isOpen, onOpen }: StartBarProps) {
  const { actions } = useApp();
  const isStarting = useAppState((state) => state.isStarting || state.live.phase === 'starting');
  const refusal =
    canStart(offer, draft) ??
    (check.state === 'wrong' ? 'The capture filter has an error.' : null) ??
    (draft.catch === null ? null : ruleError(draft.catch));
  return (
    <div className="start-bar">
      <p className="start-writes">
        <HardDrive size={13} aria-hidden="true" />
        <span>
          {pathAsText(writesText(draft, offer.folder))} <Room offer={offer} draft={draft} />
        </span>
      </p>
      <div className="start-buttons">
        <Button
          look="quiet"
          aria-expanded={isOpen}
          icon={<ChevronDown size={13} aria-hidden="true" className={isOpen ? 'is-turned' : ''} />}
          onClick={onOpen}
        >
          Options
        </Button>
        <span className="spring" />
        {refusal === null ? null : <span className="faint start-refusal">{refusal}</span>}
        <Button
          look="primary"
          disabled={refusal !== null || isStarting}
          icon={<Play size={13} aria-hidden="true" fill="currentColor" />}
          onClick={() => void actions.startCapture()}
        >
          {isStarting ? 'Starting…' : startTitle(draft)}
        </Button>
      </div>
    </div>
  );
}

function startTitle(draft: LiveOptions): string {
  if (draft.second !== null) return 'Capture both places';
  const place = placeText(draft);
  // Names of interfaces are short; hosts need not be.
  return place === '' || place.length > 24 ? 'Start capture' : `Capture ${place}`;
}

function Room({ offer, draft }: { readonly offer: CaptureOffer; readonly draft: LiveOptions }) {
  const { freeBytes } = offer;
  // How much is free in another folder is not known before the start.
  if (freeBytes === null || draft.folder !== null) return null;
  const isTight = ringsBytes(draft) + draft.keepFreeBytes > freeBytes;
  return isTight ? (
    <b className="tone-warn">
      Only {bytesText(freeBytes, 'iec')} are free: writing stops before less than{' '}
      {bytesText(draft.keepFreeBytes, 'iec')} is left.
    </b>
  ) : (
    <span className="faint">{bytesText(freeBytes, 'iec')} are free.</span>
  );
}
