/** The sentence that sums it up, and how sure it is who sent the reset and why: two questions, two numbers. */
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN } from '../../words/origin.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import { verdictAsText } from '../../words/verdict-text.ts';
import { HeadButtons } from './head-buttons.tsx';
import { SureLines } from './sure-lines.tsx';

export function VerdictHead({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict } = detail;
  const { kind } = verdict.origin;
  const { actions } = useApp();
  const clock = useClock();
  return (
    <header className={`verdict-head origin-${kind}`}>
      <div className="verdict-line">
        <span className="verdict-badge">
          <OriginMark kind={kind} size={13} />
          {ORIGIN[kind].name}
        </span>
        <MattersChip matters={row.matters} hint="It ended work that was not finished" />
        <span className="verdict-frame num" title={fullTimeText(clock, row.timeNs)}>
          frame {row.frame} · {timeText(clock, row.timeNs)}
        </span>
        <span className="spring" />
        <HeadButtons
          step="reset"
          onStep={(by) => void actions.stepReset(by)}
          shown="verdict"
          text={() => verdictAsText(detail, clock)}
        />
      </div>
      <h2 className="verdict-summary">{verdict.summary}</h2>
      <SureLines verdict={verdict} />
    </header>
  );
}
