/** What stands in the way of capturing, with its cure; and, quietly, what captures will lack. */
import { Info, ShieldAlert } from 'lucide-react';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { Confinement } from '../../../shared/model/confinement.ts';
import type { CaptureProblem, LiveError } from '../../../shared/model/live.ts';
import { confinementText } from '../../../shared/texts/confinement.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { END_TEXT } from '../../words/live-text.ts';
import { CommandLine } from '../../ui/command-line.tsx';
import './doctor.css';

const MAX_TEXT = 2000;

export function Blockers() {
  const problems = useProblems();
  const { actions } = useApp();
  const isOffering = useAppState((state) => state.isOffering);
  // Problems that are there when the page opens are no alert: only a start that failed is.
  const isFailed = useAppState((state) => state.startError !== null);
  if (problems.length === 0) return null;
  return (
    <div
      className="doctor"
      role={isFailed ? 'alert' : 'group'}
      aria-label="What stands in the way of capturing"
    >
      {problems.map((problem) => (
        <Problem key={problem.code} problem={problem} />
      ))}
      <div className="doctor-foot">
        <Button disabled={isOffering} onClick={() => void actions.tryAgain()}>
          {isOffering ? 'Looking…' : 'Try again'}
        </Button>
        <span className="faint">Files can be opened meanwhile.</span>
      </div>
    </div>
  );
}

/** What the doctor found, and what the last start ran into. */
function useProblems(): readonly CaptureProblem[] {
  const diagnosis = useAppState(({ offer }) => offer?.diagnosis);
  const startError = useAppState((state) => state.startError);
  const error = useAppState(({ live, endSeen }) =>
    live.phase === 'failed' && live.startedMs === null && endSeen !== live.revision ? live.error : null,
  );
  if (diagnosis === undefined) return [];
  const blocking = diagnosis.canCapture ? [] : diagnosis.problems.filter(({ weight }) => weight === 'blocks');
  // The filter field itself tells of a typo.
  if (error?.code === 'bad-filter') return blocking;
  const failed = error === null ? fromText(startError) : fromError(error);
  return failed === null || blocking.some(({ code }) => code === failed.code)
    ? blocking
    : [failed, ...blocking];
}

function fromError(error: LiveError): CaptureProblem {
  return (
    error.problem ?? {
      code: error.code,
      title: END_TEXT[error.code].title,
      text: error.message,
      command: null,
      weight: 'blocks',
    }
  );
}

function fromText(text: string | null): CaptureProblem | null {
  return text === null
    ? null
    : { code: 'start-failed', title: 'The capture did not start', text, command: null, weight: 'blocks' };
}

function Problem({ problem }: { readonly problem: CaptureProblem }) {
  const { actions } = useApp();
  return (
    <div className="doctor-problem">
      <ShieldAlert size={20} strokeWidth={1.6} aria-hidden="true" />
      <div className="doctor-text">
        <h3>{problem.title}</h3>
        <p>{sanitiseText(problem.text, MAX_TEXT)}</p>
        {problem.command === null ? null : (
          <CommandLine label="Run this once" command={problem.command} onCopy={actions.copyCommand} />
        )}
      </div>
    </div>
  );
}

function notConfined(confinement: Confinement): CaptureProblem {
  return {
    code: 'not-confined',
    title: 'Reading is not confined',
    text: confinementText(confinement),
    command: null,
    weight: 'limits',
  };
}

/** What lets others do too much, what only limits what captures tell, and what reading lacks. */
export function Notes() {
  const { actions } = useApp();
  const diagnosis = useAppState(({ offer }) => offer?.diagnosis);
  const confinement = useAppState(({ capabilities }) => capabilities?.confinement ?? null);
  if (diagnosis === undefined) return null;
  const { canCapture, problems } = diagnosis;
  const notes = [
    ...problems.filter(({ weight }) => weight === 'danger' || (canCapture && weight === 'limits')),
    ...(!canCapture || confinement === null || confinement.isConfined ? [] : [notConfined(confinement)]),
  ];
  if (notes.length === 0) return null;
  return (
    <ul className="live-notes">
      {notes.map(({ code, title, text, command, weight }) => (
        <li key={code} className={weight}>
          <details open={weight === 'danger'}>
            <summary>
              {weight === 'danger' ? (
                <ShieldAlert size={13} aria-hidden="true" />
              ) : (
                <Info size={13} aria-hidden="true" />
              )}
              {title}
            </summary>
            <p>{sanitiseText(text, MAX_TEXT)}</p>
            {command === null ? null : (
              <CommandLine label="To change that" command={command} onCopy={actions.copyCommand} />
            )}
          </details>
        </li>
      ))}
    </ul>
  );
}
