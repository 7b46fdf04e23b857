/** What failed, and how sure that is. */
import type { FailureDetail } from '../../../shared/model/failure.ts';
import { confidenceWord } from '../../../shared/texts/confidence.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { ENDING } from '../../words/ending.ts';
import { failureAsText } from '../../words/failure-text.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import { HeadButtons } from '../verdict/head-buttons.tsx';
import { Sure } from '../verdict/sure-lines.tsx';

export function FailureHead({ detail }: { readonly detail: FailureDetail }) {
  const { row } = detail;
  const { actions } = useApp();
  const clock = useClock();
  return (
    <header className="verdict-head ending-failed">
      <div className="verdict-line">
        <span className="verdict-badge">
          <EndingMark tone="failed" size={13} />
          {ENDING[row.kind].name}
        </span>
        <MattersChip matters={row.matters} hint="Work failed with it" />
        {row.recovered ? <span className="chip tone-good">recovered</span> : null}
        <span className="verdict-frame num" title={fullTimeText(clock, row.timeNs)}>
          frame {row.frame} · {timeText(clock, row.timeNs)}
        </span>
        <span className="spring" />
        <HeadButtons
          step="failure"
          onStep={(by) => void actions.stepFailure(by)}
          shown="failure"
          text={() => failureAsText(detail, clock)}
        />
      </div>
      <h2 className="verdict-summary">{row.summary}</h2>
      <dl className="sure-lines" title="The probability that the ending and the side are right">
        <dt>How sure</dt>
        <Sure share={row.confidence} word={confidenceWord(row.confidence)} />
      </dl>
    </header>
  );
}
