/** The verdict on one reset: first the sentence that sums it up, last the packets. */
import { useLayoutEffect, useRef } from 'react';
import { CircleAlert } from 'lucide-react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { CauseSection } from './cause-section.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { HintSection } from './hint-section.tsx';
import { LadderSection } from './ladder-section.tsx';
import { MatterSection } from './matter-section.tsx';
import { NextStep } from './next-step.tsx';
import { PathStrip } from './path-strip.tsx';
import { useResetDetail } from './use-reset-detail.ts';
import { VerdictHead } from './verdict-head.tsx';
import { WitnessCard } from './witness-card.tsx';
import './verdict.css';
import './strip.css';
import './ladder.css';
import './witness.css';

export function VerdictPane({ id }: { readonly id: number }) {
  const { detail, error, isOld, retry } = useResetDetail(id);
  const pane = useRef<HTMLElement>(null);
  const shown = detail?.row.id;
  // The verdict on another reset is read from its beginning.
  useLayoutEffect(() => {
    if (pane.current !== null) pane.current.scrollTop = 0;
  }, [shown]);
  return (
    <section ref={pane} className="verdict" aria-label="Verdict" aria-busy={isOld} data-pane tabIndex={0}>
      {error !== null ? (
        <Empty
          icon={<CircleAlert size={26} strokeWidth={1.4} />}
          tone="bad"
          title="No verdict"
          actions={<Button onClick={retry}>Try again</Button>}
        >
          {error}
        </Empty>
      ) : detail === null ? (
        <div className="verdict-waiting">
          <Skeleton lines={9} label="The verdict is being made" />
        </div>
      ) : (
        <Verdict key={detail.row.id} detail={detail} />
      )}
    </section>
  );
}

function Verdict({ detail }: { readonly detail: ResetDetail }) {
  return (
    <div className="verdict-inner">
      <VerdictHead detail={detail} />
      <WitnessCard detail={detail} />
      <PathStrip detail={detail} />
      <NextStep detail={detail} />
      <EvidenceSection detail={detail} />
      <div className="verdict-pair">
        <CauseSection verdict={detail.verdict} />
        <MatterSection detail={detail} />
      </div>
      <LadderSection detail={detail} />
      <HintSection detail={detail} />
    </div>
  );
}
