/** The verdict on one reset, told as a story: who and why, what happened, where, what to do, what speaks for it, what programs saw. */
import { useCallback } from 'react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useApp } from '../../core/app-context.ts';
import { DetailPane } from '../../lists/detail-pane.tsx';
import { useDetail } from '../../lists/use-detail.ts';
import { hintFacts } from '../../words/hint-facts.ts';
import { resetCommands } from '../../../shared/texts/commands.ts';
import { CauseSection } from './cause-section.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { HintSection } from './hint-section.tsx';
import { LadderSection } from './ladder-section.tsx';
import { MatterSection } from './matter-section.tsx';
import { NextStep } from './next-step.tsx';
import { SeenAtSection } from './seen-at-section.tsx';
import { SeenSection } from './seen-section.tsx';
import { StorySection } from './story-section.tsx';
import { SureLines } from './sure-lines.tsx';
import { PathStrip } from './path-strip.tsx';
import { VerdictHead } from './verdict-head.tsx';
import { WitnessCard } from './witness-card.tsx';
import './verdict.css';
import './strip.css';
import './hops.css';
import './witness.css';
import './seen-at.css';

export function VerdictPane({ id }: { readonly id: number }) {
  const { link } = useApp();
  const ask = useCallback(
    (reset: number, signal: AbortSignal) => link.call('resets.detail', { id: reset }, signal),
    [link],
  );
  return (
    <DetailPane
      label="Verdict"
      waiting="The verdict is being made"
      failed="No verdict"
      state={useDetail(id, ask)}
      idOf={({ row }) => row.id}
    >
      {(detail) => <Verdict key={detail.row.id} detail={detail} />}
    </DetailPane>
  );
}

function Verdict({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict, packets } = detail;
  const reset = packets.find(({ frame, file }) => frame === row.frame && file === row.file);
  return (
    <>
      <VerdictHead detail={detail} />
      <div className="verdict-inner">
        <StorySection
          summary={verdict.origin.kind === 'unknown' ? verdict.summary : null}
          story={verdict.story}
        />
        <SureLines verdict={verdict} isProven={detail.journey?.proven === true} />
        <WitnessCard detail={detail} />
        <PathStrip detail={detail} />
        <SeenAtSection detail={detail} />
        <NextStep
          next={verdict.next}
          commands={resetCommands(row, verdict)}
          flow={detail.flow.id}
          packet={reset?.packet ?? null}
        />
        <EvidenceSection detail={detail} />
        <LadderSection detail={detail} />
        <SeenSection sees={verdict.sees} />
        <div className="verdict-pair">
          <CauseSection verdict={verdict} />
          <MatterSection detail={detail} />
        </div>
        <HintSection facts={hintFacts(detail)} />
      </div>
    </>
  );
}
