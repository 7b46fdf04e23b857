/** One question to the engine at a time; what was answered last stays while the next answer is on its way. */
import { useEffect, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import type { MethodName, MethodResult, Params } from '../../shared/contract/methods.ts';
import { useApp } from '../core/app-context.ts';

export interface Answer<T> {
  readonly value: T | null;
  readonly error: string | null;
  readonly isAsking: boolean;
}

/** What was answered, and to which question. */
interface Answered<T> extends Omit<Answer<T>, 'isAsking'> {
  readonly key: string;
}

const NOTHING_ASKED = { value: null, error: null, isAsking: false } as const;

/** @param params null asks nothing; compared by their content */
export function useAnswer<M extends MethodName>(
  method: M,
  params: Params<M> | null,
): Answer<MethodResult<M>> {
  const { link } = useApp();
  const key = params === null ? '' : JSON.stringify(params);
  const [answer, setAnswer] = useState<Answered<MethodResult<M>>>({ key: '', value: null, error: null });
  useEffect(() => {
    if (key === '') return;
    const abort = new AbortController();
    link.call(method, JSON.parse(key) as Params<M>, abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setAnswer({ key, value, error: null });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setAnswer({ key, value: null, error: errorText(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, method, key]);
  if (key === '') return NOTHING_ASKED;
  return { value: answer.value, error: answer.error, isAsking: answer.key !== key };
}
