/** Asks the filter's compiler about what is typed, after a short rest. The last question's answer wins. */
import { useEffect, useState } from 'react';
import { errorText } from '../../../shared/format/error.ts';
import type { LiveOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';

const REST_MS = 250;

export type FilterState =
  | { readonly state: 'empty' | 'checking' | 'good' }
  | { readonly state: 'wrong'; readonly message: string }
  /** The filter could not be checked; the start will tell whether it is right. */
  | { readonly state: 'open'; readonly message: string };

interface Answer {
  readonly key: string;
  readonly result: FilterState;
}

export function useFilterCheck({ source, interface: name, filter }: LiveOptions): FilterState {
  const { link } = useApp();
  const [answer, setAnswer] = useState<Answer | null>(null);
  const text = filter.trim();
  const key = JSON.stringify([source, name, text]);
  useEffect(() => {
    if (text === '' || name === '') return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      link.call('live.checkFilter', { source, interface: name, filter: text }, abort.signal).then(
        ({ ok, message }) => {
          // An answer to an older question may come after that to a newer one.
          if (abort.signal.aborted) return;
          setAnswer({
            key,
            result: ok
              ? { state: 'good' }
              : { state: 'wrong', message: message ?? 'This is no capture filter.' },
          });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          const message = errorText(error);
          setAnswer({ key, result: { state: 'open', message: `Not checked: ${message}` } });
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [link, key, source, name, text]);
  if (text === '') return { state: 'empty' };
  return answer?.key === key ? answer.result : { state: 'checking' };
}
