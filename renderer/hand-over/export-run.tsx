/** How far an export is, what came of it, and the files to save. */
import { useEffect, useRef } from 'react';
import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import { upperFirst } from '../../shared/format/text.ts';
import { saveFile } from '../core/save-file.ts';
import { Button } from '../ui/button.tsx';
import { sizeText } from '../words/values.ts';
import type { Exported } from './run-export.ts';
import type { ExportState } from './use-export.ts';

interface ExportRunProps {
  readonly state: ExportState;
  /** On the button that begins it. */
  readonly label: string;
  readonly isPossible?: boolean;
  readonly onStart: () => void;
  readonly onCancel: () => void;
  readonly told: (exported: Exported) => ReactNode;
}

export function ExportRun({ state, label, isPossible = true, onStart, onCancel, told }: ExportRunProps) {
  const begin = useRef<HTMLButtonElement>(null);
  const stop = useRef<HTMLButtonElement>(null);
  const save = useRef<HTMLButtonElement>(null);
  const before = useRef(state.phase);
  // The button that was pressed goes away: the keys go on at the one that took its place.
  useEffect(() => {
    if (before.current === state.phase) return;
    before.current = state.phase;
    const next = { idle: begin, failed: begin, running: stop, ready: save }[state.phase];
    next.current?.focus();
  }, [state.phase]);
  if (state.phase === 'running') {
    const { step } = state;
    return (
      <div className="hand-over-run" role="status">
        <p>
          {step.kind === 'preparing'
            ? 'Choosing packets, and judging the copy anew …'
            : `Reading: ${sizeText(step.bytes)} so far …`}
        </p>
        <div className="hand-over-row">
          <progress
            aria-label="Progress"
            {...(step.kind === 'preparing' ? { max: 1, value: step.done } : {})}
          />
          <Button ref={stop} onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </div>
    );
  }
  if (state.phase === 'ready') {
    return (
      <div className="hand-over-run" role="status">
        {told(state.result)}
        <ul className="hand-over-files" aria-label="Files">
          {state.result.files.map(({ name, content }, i) => (
            <li key={name}>
              <span className="mono">{name}</span>
              <span className="faint num">{sizeText(content.size)}</span>
              <Button
                ref={i === 0 ? save : undefined}
                look="primary"
                icon={<Download size={14} aria-hidden="true" />}
                aria-label={`Save ${name}`}
                onClick={() => {
                  saveFile(name, content);
                }}
              >
                Save
              </Button>
            </li>
          ))}
        </ul>
      </div>
    );
  }
  return (
    <div className="hand-over-run">
      {state.phase === 'failed' ? (
        <p className="tone-bad" role="alert">
          {upperFirst(state.message)}.
        </p>
      ) : null}
      <div className="hand-over-row">
        <Button ref={begin} look="primary" disabled={!isPossible} onClick={onStart}>
          {state.phase === 'failed' ? 'Try again' : label}
        </Button>
      </div>
    </div>
  );
}
