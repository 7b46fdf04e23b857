/** The fleet at a glance: what is in the answer and what is missing, resets over time and sites, findings, servers, resets. */
import { useState } from 'react';
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import { useAppState } from '../../core/app-context.ts';
import { ListAndPane } from '../../lists/list-and-pane.tsx';
import { CoverageBar } from './coverage-bar.tsx';
import { FindingsCard } from './findings-card.tsx';
import { FleetChoice } from './fleet-choice.tsx';
import { FleetHead } from './fleet-head.tsx';
import { FleetPane } from './fleet-pane.tsx';
import { OverTimeCard } from './over-time-card.tsx';
import { FIRST_RESETS, ResetsCard } from './resets-card.tsx';
import { ScopeBar } from './scope-bar.tsx';
import { TalkersCard } from './talkers-card.tsx';
import { useFleetAnswers } from './use-fleet-answers.ts';
import './fleet.css';

export function FleetView() {
  const fleet = useAppState((state) => state.fleet);
  if (fleet.state !== 'open') return <FleetChoice fleet={fleet} />;
  return <OpenFleet key={fleet.place} place={fleet.place} summary={fleet.summary} />;
}

function OpenFleet({ place, summary }: { readonly place: string; readonly summary: FleetSummary }) {
  const [resets, setResets] = useState(FIRST_RESETS);
  const answers = useFleetAnswers(place, resets);
  const selected = useAppState((state) => state.fleetReset);
  // The coverage of what is shown; that of the whole until something is.
  const coverage =
    answers.timeline.value?.coverage ??
    answers.resets.value?.coverage ??
    answers.findings.value?.coverage ??
    summary.coverage;
  const content = (
    <div className="fleet" data-pane tabIndex={0} role="region" aria-label="Fleet">
      <div className="fleet-inner">
        <FleetHead place={place} summary={summary} />
        <CoverageBar coverage={coverage} summary={summary} />
        <ScopeBar summary={summary} answers={answers} />
        <OverTimeCard part={answers.timeline} summary={summary} onAgain={answers.again} />
        <div className="fleet-pair">
          <FindingsCard part={answers.findings} onAgain={answers.again} />
          <TalkersCard part={answers.talkers} onAgain={answers.again} />
        </div>
        <ResetsCard part={answers.resets} onAgain={answers.again} most={resets} onMore={setResets} />
      </div>
    </div>
  );
  return (
    <ListAndPane
      id="fleet"
      list={content}
      pane={selected === null ? null : <FleetPane place={place} id={selected} />}
      paneName="the reset"
    />
  );
}
