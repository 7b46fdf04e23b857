/** Keeps the counts of the timeline in step with the capture: one question at a time, the next one after a rest. */
import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import type { Timeline } from '../../shared/model/timeline.ts';
import { useApp, useAppState } from '../core/app-context.ts';

/** A bar at least so wide can be pointed at. */
const BAR_PX = 5;
/** While packets come in. */
const REST_MS = 500;

interface Told {
  readonly timeline: Timeline | null;
  /** Why there is none, or why what is shown is not the newest. */
  readonly error: string | null;
}

/** @param width px to be filled; nothing is asked for before it is known */
export function useTimeline(filter: string, width: number): Told {
  const { link } = useApp();
  const revision = useAppState((state) => (state.progress.phase === 'empty' ? -1 : state.progress.revision));
  const zoom = useAppState((state) => state.zoom);
  const [told, setTold] = useState<Told>({ timeline: null, error: null });
  const askedAt = useRef(-Infinity);
  const question = `${filter} ${width} ${zoom?.fromNs} ${zoom?.toNs}`;
  const asked = useRef('');
  useEffect(() => {
    if (revision < 0 || width === 0) return;
    const abort = new AbortController();
    const ask = (): void => {
      asked.current = question;
      askedAt.current = performance.now();
      const buckets = Math.max(10, Math.floor(width / BAR_PX));
      const part = { fromNs: zoom?.fromNs ?? null, toNs: zoom?.toNs ?? null };
      link.call('capture.timeline', { filter, ...part, buckets }, abort.signal).then(
        (timeline) => {
          if (!abort.signal.aborted) setTold({ timeline, error: null });
        },
        (error: unknown) => {
          // What was counted last stays while somebody types a filter that is not finished.
          if (!abort.signal.aborted) setTold(({ timeline }) => ({ timeline, error: errorText(error) }));
        },
      );
    };
    // What the user asks for comes at once; what the capture brings may wait.
    const wait = asked.current === question ? askedAt.current + REST_MS - performance.now() : 0;
    const timer = setTimeout(ask, Math.max(0, wait));
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [link, revision, filter, zoom, width, question]);
  return told;
}
