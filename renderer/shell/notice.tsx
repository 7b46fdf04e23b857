/** A short message at the foot of the window; also told to screen readers. */
import { useEffect, useState } from 'react';
import { sanitiseText } from '../../shared/format/text.ts';
import { useAppState } from '../core/app-context.ts';

const SHOWN_MS = 2600;
/** Messages repeat what was typed, or what a link says. */
const MAX_TOLD = 400;

export function Notice() {
  const notice = useAppState((state) => state.notice);
  const [over, setOver] = useState(0);
  useEffect(() => {
    if (notice === null) return;
    const timer = setTimeout(() => {
      setOver(notice.number);
    }, SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [notice]);
  const isShown = notice !== null && notice.number !== over;
  return (
    <div className="notice-place" role="status" aria-live="polite">
      {isShown ? <div className="notice">{sanitiseText(notice.text, MAX_TOLD)}</div> : null}
    </div>
  );
}
