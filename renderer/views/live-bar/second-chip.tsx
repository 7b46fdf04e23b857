/** How the second place of a capture fares, beside the first. */
import { Unplug } from 'lucide-react';
import { countText } from '../../../shared/format/count.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { LiveStatus } from '../../../shared/model/live.ts';
import { placeText } from '../../words/live-text.ts';
import { LossChips } from './loss-chips.tsx';

const MAX_TEXT = 1000;
const MAX_PLACE = 80;

export function SecondChip({ live: { second, options } }: { readonly live: LiveStatus }) {
  if (second === null) return null;
  const { phase, packets, losses, error, command } = second;
  return (
    <span className="capture-second" role="group" aria-label="Second place">
      <span className="capture-where" title={sanitiseText(command ?? '', MAX_TEXT)}>
        <span className={`capture-light phase-${phase}`} aria-hidden="true" />
        <b>{sanitiseText(placeText(options?.second ?? null), MAX_PLACE)}</b>
      </span>
      <span className="capture-fact">
        <b>{countText(packets)}</b> <span className="capture-unit">packets</span>
      </span>
      <LossChips losses={losses} />
      {error === null ? null : (
        <span className="chip tone-bad" role="status" title={sanitiseText(error.message, MAX_TEXT)}>
          <Unplug size={12} aria-hidden="true" />
          ended early; the first goes on
        </span>
      )}
    </span>
  );
}
