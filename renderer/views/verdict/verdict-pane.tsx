/** The verdict on one reset: first the sentence that sums it up, last the packets. */
import { useCallback } from 'react';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useApp } from '../../core/app-context.ts';
import { DetailPane } from '../../lists/detail-pane.tsx';
import { useDetail } from '../../lists/use-detail.ts';
import { hintFacts } from '../../words/hint-facts.ts';
import { CauseSection } from './cause-section.tsx';
import { EvidenceSection } from './evidence-section.tsx';
import { HintSection } from './hint-section.tsx';
import { LadderSection } from './ladder-section.tsx';
import { MatterSection } from './matter-section.tsx';
import { NextStep } from './next-step.tsx';
import { PathStrip } from './path-strip.tsx';
import { VerdictHead } from './verdict-head.tsx';
import { WitnessCard } from './witness-card.tsx';
import './verdict.css';
import './strip.css';
import './witness.css';

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
  return (
    <div className="verdict-inner">
      <VerdictHead detail={detail} />
      <WitnessCard detail={detail} />
      <PathStrip detail={detail} />
      <NextStep next={detail.verdict.next} flow={detail.flow.id} />
      <EvidenceSection detail={detail} />
      <div className="verdict-pair">
        <CauseSection verdict={detail.verdict} />
        <MatterSection detail={detail} />
      </div>
      <LadderSection detail={detail} />
      <HintSection facts={hintFacts(detail)} />
    </div>
  );
}
