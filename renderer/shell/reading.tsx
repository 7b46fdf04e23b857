/** How far the capture is read: a thin bar at the foot of the title bar, and words. */
import { plural } from '../../shared/format/count.ts';
import { CircleStop, Radio } from 'lucide-react';
import { bytesText } from '../../shared/format/bytes.ts';
import type { Progress } from '../../shared/model/capture.ts';
import { isCapturing } from '../state/live-slice.ts';
import { Button } from '../ui/button.tsx';
import { readShare } from '../words/reading.ts';
import { useApp, useAppState } from '../core/app-context.ts';

export function ReadingStatus() {
  const { actions } = useApp();
  const progress = useAppState((state) => state.progress);
  const isLive = useAppState((state) => isCapturing(state.live));
  const { phase } = progress;
  // A live capture has a bar of its own, which says as much and can stop it.
  if (isLive) return null;
  if (phase === 'reading' || phase === 'joining' || phase === 'following') {
    return (
      <div className="reading-status">
        {phase === 'following' ? <Radio size={14} className="reading-live" aria-hidden="true" /> : null}
        <span className="reading-text">{readingText(progress)}</span>
        <Button
          look="quiet"
          icon={<CircleStop size={14} aria-hidden="true" />}
          onClick={() => void actions.cancelReading()}
        >
          Stop
        </Button>
      </div>
    );
  }
  if (phase === 'cancelled')
    return <span className="chip tone-warn">Stopped: what was read is analysed</span>;
  if (phase === 'failed') {
    return (
      <span className="chip tone-bad" role="alert" title={progress.error ?? undefined}>
        {progress.error ?? 'Reading failed'}
      </span>
    );
  }
  return null;
}

function readingText(progress: Progress): string {
  const packets = plural(progress.packets, 'packet');
  if (progress.phase === 'joining') return `Joining the captures · ${packets}`;
  if (progress.phase === 'following') return `Following · ${packets}`;
  const share = readShare(progress);
  if (share === null) return `Reading · ${bytesText(progress.bytesRead)} · ${packets}`;
  const percent = Math.floor(share * 100);
  return `Reading ${percent}% · ${bytesText(progress.bytesRead)} of ${bytesText(progress.bytesTotal)} · ${packets}`;
}

export function ReadingBar() {
  const progress = useAppState((state) => state.progress);
  if (progress.phase !== 'reading' && progress.phase !== 'joining') return null;
  const isJoining = progress.phase === 'joining';
  const share = isJoining ? null : readShare(progress);
  return (
    <div
      className={isJoining ? 'reading-bar is-joining' : 'reading-bar'}
      role="progressbar"
      aria-label={isJoining ? 'Joining the captures' : 'Reading the capture'}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={share === null ? undefined : Math.floor(share * 100)}
    >
      <span style={{ transform: `scaleX(${share ?? 0.3})` }} />
    </div>
  );
}
