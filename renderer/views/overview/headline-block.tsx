/** The capture in one sentence, and the way to what matters. */
import { ArrowRight, CircleCheck, CircleDashed } from 'lucide-react';
import type { CaptureSummary, Overview } from '../../../shared/model/capture.ts';
import type { EndingsReport } from '../../../shared/model/failure.ts';
import { Named } from '../../names/named.tsx';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import type { Headline } from '../../words/headline.ts';
import { headlineOf } from '../../words/headline.ts';

interface HeadlineProps {
  readonly summary: CaptureSummary;
  readonly overview: Overview;
  readonly endings: EndingsReport;
}

export function HeadlineBlock({ summary, overview, endings }: HeadlineProps) {
  const isReading = useAppState((state) => state.progress.phase === 'reading');
  const isNarrowed = useAppState((state) => state.range !== null);
  const headline = headlineOf(summary, overview, endings);
  return (
    <section className={`headline tone-${headline.tone}`} aria-live="polite">
      <div className="headline-icon" aria-hidden="true">
        <HeadlineIcon tone={headline.tone} />
      </div>
      <div className="headline-text">
        <h2>
          <Named text={headline.title} />
        </h2>
        <p>
          {headline.text}
          {isNarrowed ? ' This is of the whole capture, not of the chosen time.' : ''}
          {isReading ? ' So far: the capture is still being read.' : ''}
        </p>
      </div>
      <div className="headline-ways">
        <Ways summary={summary} endings={endings} />
      </div>
    </section>
  );
}

function HeadlineIcon({ tone }: Pick<Headline, 'tone'>) {
  if (tone === 'bad') return <MattersMark size={24} />;
  if (tone === 'good') return <CircleCheck size={26} strokeWidth={1.6} />;
  return <CircleDashed size={26} strokeWidth={1.6} />;
}

/** To the lists of what is bad; the first one that matters stands out. */
function Ways({ summary, endings }: Omit<HeadlineProps, 'overview'>) {
  const { actions } = useApp();
  const { resets, resetsThatMatter } = summary;
  const { failures, failuresThatMatter } = endings;
  const ways = [
    resets > 0 && {
      title: resetsThatMatter > 0 ? 'Show what matters' : 'Show the resets',
      go: () => {
        actions.filterResets(resetsThatMatter > 0 ? 'matters:yes' : '');
      },
      matters: resetsThatMatter > 0,
    },
    failures > 0 && {
      title: 'Show the failures',
      go: () => {
        actions.filterFailures(failuresThatMatter > 0 ? 'matters:yes' : '');
      },
      matters: failuresThatMatter > 0,
    },
    resets === 0 &&
      failures === 0 && {
        title: 'Look at the flows',
        go: () => {
          actions.go('flows');
        },
        matters: false,
      },
  ].filter((way) => way !== false);
  const first = Math.max(
    0,
    ways.findIndex(({ matters }) => matters),
  );
  return ways.map(({ title, go }, index) => (
    <Button key={title} look={index === first ? 'primary' : 'plain'} onClick={go}>
      {title}
      <ArrowRight size={14} aria-hidden="true" />
    </Button>
  ));
}
