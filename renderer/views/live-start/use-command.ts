/** The command that options would run. */
import { useEffect, useState } from 'react';
import { errorText } from '../../../shared/format/error.ts';
import type { LiveOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';

const REST_MS = 250;

interface Answer {
  readonly text: string | null;
  readonly error: string | null;
}

const NONE: Answer = { text: null, error: null };

/** @param options null where there is nothing to ask about */
export function useCommand(options: LiveOptions | null): Answer {
  const { link } = useApp();
  const [answer, setAnswer] = useState(NONE);
  useEffect(() => {
    if (options === null) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      link.call('live.command', { options }, abort.signal).then(
        (text) => {
          if (!abort.signal.aborted) setAnswer({ text, error: null });
        },
        (error: unknown) => {
          if (abort.signal.aborted) return;
          setAnswer({ text: null, error: errorText(error) });
        },
      );
    }, REST_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [link, options]);
  return options === null ? NONE : answer;
}
