/** The verdict on one reset; the last one stays until the next is here. */
import { useCallback, useEffect, useState } from 'react';
import { errorText } from '../../../shared/format/error.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { useApp, useAppState } from '../../core/app-context.ts';

interface Answer {
  readonly id: number;
  readonly detail: ResetDetail | null;
  readonly error: string | null;
}

export interface DetailState {
  readonly detail: ResetDetail | null;
  readonly error: string | null;
  /** Whether what is shown is still the verdict on another reset. */
  readonly isOld: boolean;
  readonly retry: () => void;
}

export function useResetDetail(id: number): DetailState {
  const { link } = useApp();
  // The summary changes with the revision, at the pace of the overview: then the verdict is pulled anew.
  const summary = useAppState((state) => state.summary);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    link.call('resets.detail', { id }, abort.signal).then(
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
  }, [link, id, summary, attempt]);
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
