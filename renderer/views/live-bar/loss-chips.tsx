/** What was lost, in chips that stand out; where nothing was, a few quiet words. */
import { TriangleAlert } from 'lucide-react';
import { countText } from '../../../shared/format/count.ts';
import type { LiveLosses } from '../../../shared/model/live.ts';
import { lossesOf, noLossText } from '../../words/live-text.ts';

export function LossChips({ losses }: { readonly losses: LiveLosses }) {
  const lost = lossesOf(losses);
  if (lost.length === 0) return <span className="capture-fact faint">{noLossText(losses)}</span>;
  return (
    <>
      {lost.map(({ where, count, about }) => (
        <span key={where} className="chip tone-bad loss" title={about}>
          <TriangleAlert size={12} aria-hidden="true" />
          {countText(count)} lost in the {where}
        </span>
      ))}
    </>
  );
}
