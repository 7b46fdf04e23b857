/** One task at a time for a part of the dialog; it is given up when it is cancelled, when something else is wanted, and with the part. */
import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';

export type TaskState<Step, Result> =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly step: Step }
  | { readonly phase: 'ready'; readonly result: Result }
  | { readonly phase: 'failed'; readonly message: string };

export interface Task<Step, Result> {
  readonly state: TaskState<Step, Result>;
  readonly start: (
    first: Step,
    run: (tell: (step: Step) => void, signal: AbortSignal) => Promise<Result>,
  ) => void;
  readonly cancel: () => void;
}

const IDLE = { phase: 'idle' } as const;

/** @param key what is wanted: what was made of something else is forgotten */
export function useTask<Step, Result>(key: string): Task<Step, Result> {
  const [kept, setKept] = useState<{ readonly key: string; readonly state: TaskState<Step, Result> }>({
    key,
    state: IDLE,
  });
  const running = useRef<AbortController | null>(null);
  useEffect(
    () => () => {
      running.current?.abort();
    },
    [key],
  );
  return {
    state: kept.key === key ? kept.state : IDLE,
    start: (first, run) => {
      running.current?.abort();
      const abort = new AbortController();
      running.current = abort;
      const tell = (state: TaskState<Step, Result>): void => {
        if (!abort.signal.aborted) setKept({ key, state });
      };
      tell({ phase: 'running', step: first });
      run((step) => {
        tell({ phase: 'running', step });
      }, abort.signal).then(
        (result) => {
          tell({ phase: 'ready', result });
        },
        (error: unknown) => {
          tell({ phase: 'failed', message: errorText(error) });
        },
      );
    },
    cancel: () => {
      running.current?.abort();
      setKept({ key, state: IDLE });
    },
  };
}
