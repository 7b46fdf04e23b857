/** The capture in one sentence, and the way to what matters. */
import { ArrowRight, CircleCheck } from 'lucide-react';
import type { CaptureSummary, Overview } from '../../../shared/model/capture.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { headlineOf } from '../../words/headline.ts';

export function HeadlineBlock({
  summary,
  overview,
}: {
  readonly summary: CaptureSummary;
  readonly overview: Overview;
}) {
  const { actions } = useApp();
  const isReading = useAppState((state) => state.progress.phase === 'reading');
  const headline = headlineOf(summary, overview);
  const hasMatters = summary.resetsThatMatter > 0;
  return (
    <section className={`headline tone-${headline.tone}`} aria-live="polite">
      <div className="headline-icon" aria-hidden="true">
        {hasMatters ? <MattersMark size={24} /> : <CircleCheck size={26} strokeWidth={1.6} />}
      </div>
      <div className="headline-text">
        <h2>{headline.title}</h2>
        <p>
          {headline.text}
          {isReading ? ' So far: the capture is still being read.' : ''}
        </p>
      </div>
      <Button
        look="primary"
        onClick={() => {
          actions.filterResets(hasMatters ? 'matters:yes' : '');
        }}
      >
        {hasMatters ? 'Show what matters' : 'Show the resets'}
        <ArrowRight size={14} aria-hidden="true" />
      </Button>
    </section>
  );
}
