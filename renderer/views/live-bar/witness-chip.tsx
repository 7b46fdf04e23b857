/** Whether there is a kernel witness, and whether it missed anything. */
import { Landmark } from 'lucide-react';
import type { WitnessStatus } from '../../../shared/model/live.ts';
import { witnessAbout, witnessStateText } from '../../words/live-text.ts';

export function WitnessChip({ witness }: { readonly witness: WitnessStatus }) {
  if (witness.state === 'off') return null;
  const tone =
    witness.state === 'on'
      ? witness.lost === 0
        ? 'good'
        : 'warn'
      : witness.state === 'waiting'
        ? 'plain'
        : 'warn';
  return (
    <span className={`chip tone-${tone} witness-chip`} title={witnessAbout(witness)}>
      <Landmark size={12} aria-hidden="true" />
      <span>{witnessStateText(witness)}</span>
    </span>
  );
}
