/** Waiting for resets that matter: the rule, and every case that was caught. */
import { plural } from '../../../shared/format/count.ts';
import { Crosshair, Radar } from 'lucide-react';
import type { CatchRule, LiveStatus } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { isCapturing } from '../../state/live-slice.ts';
import { Button } from '../../ui/button.tsx';
import { aroundText, elapsedText, ruleText } from '../../words/live-text.ts';
import { CaseTable } from './case-table.tsx';
import { useNow } from '../../ui/use-now.ts';

export function CatchView() {
  const live = useAppState((state) => state.live);
  const rule = live.options?.catch ?? null;
  return (
    <div className="catch" data-pane tabIndex={0} role="region" aria-label="Caught resets">
      <div className="catch-inner">
        <Waiting live={live} rule={rule} />
        {live.cases.length === 0 ? null : <CaseTable cases={live.cases} />}
      </div>
    </div>
  );
}

interface WaitingProps {
  readonly live: LiveStatus;
  readonly rule: CatchRule | null;
}

function Waiting({ live, rule }: WaitingProps) {
  const { actions } = useApp();
  const isRunning = isCapturing(live);
  const isWaiting = isRunning && rule !== null;
  return (
    <section className={`catch-card ${isWaiting ? 'is-waiting' : ''}`} aria-labelledby="catch-title">
      <span className="catch-sign" aria-hidden="true">
        <Radar size={30} strokeWidth={1.4} />
      </span>
      <div className="catch-text">
        <h2 id="catch-title">{titleOf(isRunning, rule)}</h2>
        {rule === null ? (
          <p>A reset that you wait for can be kept as a small file, with what was around it.</p>
        ) : (
          <>
            <p className="catch-rule">{ruleText(rule)}.</p>
            <p className="faint">{aroundText(rule)}</p>
          </>
        )}
        {isRunning ? (
          <Button
            icon={<Crosshair size={14} aria-hidden="true" />}
            onClick={() => {
              actions.setDialog('catch');
            }}
          >
            {rule === null ? 'Catch the next reset…' : 'Change the rule…'}
          </Button>
        ) : null}
      </div>
      <CaughtCount live={live} isWaiting={isWaiting} />
    </section>
  );
}

function titleOf(isRunning: boolean, rule: CatchRule | null): string {
  if (!isRunning) return 'The capture is over: nothing is waited for';
  if (rule === null) return 'Nothing is waited for';
  return rule.onlyThatMatter ? 'Waiting for the next reset that matters' : 'Waiting for the next reset';
}

function CaughtCount({ live, isWaiting }: { readonly live: LiveStatus; readonly isWaiting: boolean }) {
  const now = useNow(isWaiting);
  const last = live.cases.at(-1);
  const since = last === undefined ? live.startedMs : Date.parse(last.time);
  return (
    <div className="catch-count num">
      <b>{live.cases.length}</b>
      <span>{live.cases.length === 1 ? 'case' : 'cases'} caught</span>
      {!isWaiting || since === null || Number.isNaN(since) ? null : (
        <small className="faint">
          {last === undefined ? 'waiting' : 'last'} {elapsedText(now - since)}{' '}
          {last === undefined ? '' : 'ago'}
        </small>
      )}
      <span className="visually-hidden" role="status">
        {plural(live.cases.length, 'case')} caught
      </span>
    </div>
  );
}
