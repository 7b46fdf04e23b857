/** What failed, and how sure that is. */
import type { FailureDetail } from '../../../shared/model/failure.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { HandOverButton } from '../../hand-over/hand-over-button.tsx';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { Named } from '../../names/named.tsx';
import { useNames } from '../../names/use-names.ts';
import { namedText } from '../../../shared/texts/named-text.ts';
import { ENDING, failureSideText } from '../../words/ending.ts';
import { failureAsText } from '../../words/failure-text.ts';
import { FrameAndTime } from '../verdict/frame-and-time.tsx';
import { HeadButtons } from '../verdict/head-buttons.tsx';

export function FailureHead({ detail }: { readonly detail: FailureDetail }) {
  const { row } = detail;
  const { actions } = useApp();
  const clock = useClock();
  const names = useNames();
  return (
    <header className="verdict-head is-sticky ending-failed">
      <div className="verdict-line">
        <span className="verdict-badge">
          <EndingMark tone="failed" size={13} />
          {ENDING[row.kind].name}
        </span>
        <MattersChip matters={row.matters} hint="Work failed with it" />
        {row.recovered ? <span className="chip tone-good">recovered</span> : null}
        <FrameAndTime row={row} />
        <span className="spring" />
        <HandOverButton subject={{ kind: 'flow', id: row.id, ends: row }} />
        <HeadButtons
          step="failure"
          onStep={(by) => void actions.stepFailure(by)}
          shown="failure"
          text={() => namedText(failureAsText(detail, clock), names)}
        />
      </div>
      <h2 className="verdict-headline" title={row.summary}>
        {ENDING[row.kind].name}
        <span className="verdict-why">
          {' '}
          — <Named text={row.server} />
          {row.side === null ? '' : `, ${failureSideText(row.side)}`}
        </span>
      </h2>
    </header>
  );
}
