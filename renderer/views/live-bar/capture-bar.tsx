/** The running capture, always in sight: where, how fast, how much, what was lost; and what can be done with it. */
import { CircleStop, Crosshair, Pause, Play, RotateCcw, Save } from 'lucide-react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { LiveStatus } from '../../../shared/model/live.ts';
import { waitingText } from '../../../shared/texts/backlog.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { isCapturing } from '../../state/live-slice.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import {
  PHASE_TEXT,
  bitRateText,
  elapsedText,
  placeText,
  rateText,
  ringText,
} from '../../words/live-text.ts';
import { LossChips } from './loss-chips.tsx';
import { SecondChip } from './second-chip.tsx';
import { Sparkline } from '../../ui/sparkline.tsx';
import { useNow } from '../../ui/use-now.ts';
import { RATES_KEPT, useRateHistory } from './use-rate-history.ts';
import { WitnessChip } from './witness-chip.tsx';
import './live-bar.css';

const MAX_PLACE = 80;
const ICON = { size: 14, 'aria-hidden': true } as const;

export function CaptureBar() {
  const live = useAppState((state) => state.live);
  if (!isCapturing(live)) return null;
  return <Running live={live} />;
}

function Running({ live }: { readonly live: LiveStatus }) {
  const now = useNow(true);
  const rates = useRateHistory();
  const isHeld = useAppState((state) => state.held !== null);
  const { startedMs, bytes, packetsPerSecond, bytesPerSecond } = live;
  // The count of the capture comes once a second: what was analysed since was captured, too.
  const analysed = useAppState((state) => (state.held === null ? (state.summary?.packets ?? 0) : 0));
  const packets = Math.max(live.packets, analysed);
  return (
    <section className="capture-bar" aria-label="Live capture" data-pane>
      <div className={`capture-facts num ${isHeld ? 'facts-held' : ''}`}>
        <span className="capture-where" title={live.command ?? undefined}>
          <span className={`capture-light phase-${live.phase}`} aria-hidden="true" />
          <span className="capture-phase">{PHASE_TEXT[live.phase]}</span>
          <b>{sanitiseText(placeText(live.options), MAX_PLACE)}</b>
        </span>
        <span className="capture-fact" title="Since the capture began">
          {startedMs === null ? '0:00' : elapsedText(now - startedMs)}
        </span>
        <span className="capture-fact">
          <b>{countText(packets)}</b> <span className="capture-unit">packets</span>
        </span>
        <span
          className="capture-fact capture-rate"
          title={`${rateText(packetsPerSecond)} packets and ${bytesText(bytesPerSecond)} a second`}
        >
          <Sparkline values={rates} room={RATES_KEPT} width={88} height={22} />
          <span className="capture-speed">
            <span>{rateText(packetsPerSecond)}/s</span>
            <span className="faint">{bitRateText(bytesPerSecond)}</span>
          </span>
        </span>
        <span className="capture-fact capture-disk">
          <RingMeter live={live} />
          <span className="capture-speed">
            <span>{bytesText(bytes)}</span>
            <span className="faint">{ringText(live)}</span>
          </span>
        </span>
        <LossChips losses={live.losses} />
        <WitnessChip witness={live.witness} />
        <SecondChip live={live} />
        <Lag live={live} />
        <Backlog />
      </div>
      <Buttons live={live} />
    </section>
  );
}

/** Marks that the meter has room for; in a longer ring each stands for several files. */
const MARKS = 10;

function RingMeter({ live }: { readonly live: LiveStatus }) {
  const most = live.options?.ring.files ?? 1;
  const marks = Math.min(MARKS, most);
  const newest = live.files.at(-1);
  const share =
    newest === undefined || live.options === null ? 0 : newest.bytes / live.options.ring.fileBytes;
  const full = ((Math.max(0, live.files.length - 1) + Math.min(1, share)) / most) * marks;
  return (
    <span className="ring-meter" title={ringTitle(live)} aria-hidden="true">
      {Array.from({ length: marks }, (_, mark) => (
        <span key={mark} className="ring-mark">
          <span style={{ transform: `scaleY(${Math.min(1, Math.max(0, full - mark))})` }} />
        </span>
      ))}
    </span>
  );
}

function ringTitle({ folder, freeBytes }: LiveStatus): string {
  const free = freeBytes === null ? '' : ` (${bytesText(freeBytes)} free)`;
  return folder === null ? 'Files of the capture' : `In ${folder}${free}`;
}

/** Up to here people do not notice that the analysis trails the disk. */
const LAG_BYTES = 4e6;

function Lag({ live }: { readonly live: LiveStatus }) {
  if (live.lagBytes < LAG_BYTES) return null;
  return (
    <span className="chip tone-warn" title="Written, not analysed yet: the lists are behind">
      {bytesText(live.lagBytes)} behind
    </span>
  );
}

function Backlog() {
  const waiting = useAppState((state) => state.progress.waiting);
  const unjudged = useAppState((state) => state.progress.unjudged);
  const parts = [
    waitingText(waiting),
    unjudged === 0 ? undefined : `${plural(unjudged, 'reset')} came too fast to be judged`,
  ].filter((part) => part !== undefined);
  if (parts.length === 0) return null;
  return (
    <span
      className="chip tone-warn"
      title="Resets of hosts that send few are judged first; opening the kept files afterwards judges those that they hold"
    >
      {parts.join(', ')}
    </span>
  );
}

function Buttons({ live }: { readonly live: LiveStatus }) {
  const { actions } = useApp();
  const held = useAppState((state) => state.held);
  const isStopping = live.phase === 'stopping';
  const caught = live.cases.length;
  const fresh =
    held === null
      ? null
      : heldText(held.newest.packets - held.shown.packets, held.newest.resets - held.shown.resets);
  return (
    <div className="capture-buttons">
      {fresh === null ? null : (
        <span className="capture-held" role="status">
          <span className="capture-held-title">View paused · </span>
          {fresh}
        </span>
      )}
      <Button
        aria-pressed={held !== null}
        className={held === null ? '' : 'is-held'}
        title={
          held === null
            ? 'The view stands still, the capture goes on (F)'
            : 'Show all that came meanwhile (F)'
        }
        icon={held === null ? <Pause {...ICON} /> : <Play {...ICON} />}
        onClick={actions.toggleHeld}
      >
        {held === null ? 'Pause view' : 'Resume'}
      </Button>
      <Button
        className="button-stop"
        disabled={isStopping}
        icon={<CircleStop {...ICON} />}
        onClick={() => void actions.stopCapture()}
      >
        {isStopping ? 'Stopping…' : 'Stop capture'}
      </Button>
      <IconButton
        label="Restart the capture"
        icon={<RotateCcw {...ICON} />}
        onClick={() => void actions.restartCapture()}
      />
      <IconButton
        label="Save as…"
        keys="mod+s"
        icon={<Save {...ICON} />}
        onClick={() => void actions.saveAs()}
      />
      <IconButton
        label={
          caught === 0 ? 'Catch the next reset…' : `Catch the next reset…, ${plural(caught, 'case')} so far`
        }
        keys="mod+j"
        pressed={live.options?.catch !== null && live.options !== null}
        icon={<Crosshair {...ICON} />}
        onClick={() => {
          actions.setDialog('catch');
        }}
      />
    </div>
  );
}

/** How much came while the view stood still. */
export function heldText(packets: number, resets: number): string {
  if (packets <= 0) return 'nothing new';
  return resets <= 0
    ? `${plural(packets, 'packet')} new`
    : `${plural(packets, 'packet')}, ${plural(resets, 'reset')} new`;
}
