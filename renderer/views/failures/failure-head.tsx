/** What failed, and how sure that is. */
import { ChevronDown, ChevronUp, Copy, X } from 'lucide-react';
import type { FailureDetail } from '../../../shared/model/failure.ts';
import { confidenceWord } from '../../../shared/texts/confidence.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { IconButton } from '../../ui/button.tsx';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { ENDING } from '../../words/ending.ts';
import { failureAsText } from '../../words/failure-text.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import { Sure } from '../verdict/sure-lines.tsx';

export function FailureHead({ detail }: { readonly detail: FailureDetail }) {
  const { row } = detail;
  const clock = useClock();
  return (
    <header className="verdict-head ending-failed">
      <div className="verdict-line">
        <span className="verdict-badge">
          <EndingMark tone="failed" size={13} />
          {ENDING[row.kind].name}
        </span>
        {row.matters ? (
          <span className="chip tone-bad" title="Work failed with it">
            <MattersMark /> matters
          </span>
        ) : (
          <span className="chip tone-plain">harmless</span>
        )}
        {row.recovered ? <span className="chip tone-good">recovered</span> : null}
        <span className="verdict-frame num" title={fullTimeText(clock, row.timeNs)}>
          frame {row.frame} · {timeText(clock, row.timeNs)}
        </span>
        <span className="spring" />
        <HeadButtons detail={detail} />
      </div>
      <h2 className="verdict-summary">{row.summary}</h2>
      <dl className="sure-lines" title="The probability that the ending and the side are right">
        <dt>How sure</dt>
        <Sure share={row.confidence} word={confidenceWord(row.confidence)} />
      </dl>
    </header>
  );
}

function HeadButtons({ detail }: { readonly detail: FailureDetail }) {
  const { actions } = useApp();
  const clock = useClock();
  return (
    <span className="verdict-buttons">
      <IconButton
        label="Previous failure"
        keys="k"
        icon={<ChevronUp size={15} aria-hidden="true" />}
        onClick={() => void actions.stepFailure(-1)}
      />
      <IconButton
        label="Next failure"
        keys="j"
        icon={<ChevronDown size={15} aria-hidden="true" />}
        onClick={() => void actions.stepFailure(1)}
      />
      <IconButton
        label="Copy failure as text"
        keys="c"
        icon={<Copy size={14} aria-hidden="true" />}
        onClick={() => void actions.copy(failureAsText(detail, clock), 'the failure')}
      />
      <IconButton
        label="Close the failure"
        keys="Escape"
        icon={<X size={15} aria-hidden="true" />}
        onClick={() => {
          actions.setVerdictOpen(false);
        }}
      />
    </span>
  );
}
