/** Keeps the counts of the timeline in step with the capture: one question at a time, the next one after a rest. */
import { useEffect, useRef, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import type { Timeline } from '../../shared/model/timeline.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { Puller } from '../state/puller.ts';

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
  const capture = useAppState((state) => state.progress.capture);
  const zoom = useAppState((state) => state.zoom);
  const [told, setTold] = useState<Told>({ timeline: null, error: null });
  const puller = useRef<Puller | null>(null);
  const isOpen = revision >= 0;

  // What the user asks for comes at once, and what was asked for before it is given up.
  useEffect(() => {
    if (!isOpen || width === 0) return;
    const abort = new AbortController();
    const buckets = Math.max(10, Math.floor(width / BAR_PX));
    const question = { filter, fromNs: zoom?.fromNs ?? null, toNs: zoom?.toNs ?? null, buckets };
    const asking = new Puller(REST_MS, () =>
      link.call('capture.timeline', question, abort.signal).then(
        (timeline) => {
          if (!abort.signal.aborted) setTold({ timeline, error: null });
        },
        (error: unknown) => {
          // What was counted last stays while somebody types a filter that is not finished.
          if (!abort.signal.aborted) setTold(({ timeline }) => ({ timeline, error: errorText(error) }));
        },
      ),
    );
    puller.current = asking;
    asking.wanted();
    return () => {
      puller.current = null;
      asking.dispose();
      abort.abort();
    };
  }, [link, capture, isOpen, filter, zoom, width]);

  // What the capture brings waits for the answer before.
  useEffect(() => {
    puller.current?.wanted();
  }, [revision]);
  return told;
}
