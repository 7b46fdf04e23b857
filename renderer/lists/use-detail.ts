/** All about the selected row of a list; what was shown stays until the next is here. */
import { useCallback, useEffect, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import { useAppState } from '../core/app-context.ts';

interface Answer<Detail> {
  readonly id: number;
  readonly detail: Detail | null;
  readonly error: string | null;
}

export interface DetailState<Detail> {
  readonly detail: Detail | null;
  readonly error: string | null;
  /** Whether what is shown is still that of another row. */
  readonly isOld: boolean;
  readonly retry: () => void;
}

/** @param ask the same function on every call: another one asks anew */
export function useDetail<Detail>(
  id: number,
  ask: (id: number, signal: AbortSignal) => Promise<Detail>,
): DetailState<Detail> {
  // The summary changes with the revision, at the pace of the overview: then the detail is pulled anew.
  const summary = useAppState((state) => state.summary);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer<Detail> | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    ask(id, abort.signal).then(
      (detail) => {
        if (!abort.signal.aborted) setAnswer({ id, detail, error: null });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setAnswer({ id, detail: null, error: errorText(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [ask, id, summary, attempt]);
  const retry = useCallback(() => {
    setAttempt((count) => count + 1);
  }, []);
  return {
    detail: answer?.detail ?? null,
    error: answer?.id === id ? answer.error : null,
    isOld: answer !== null && answer.id !== id,
    retry,
  };
}
