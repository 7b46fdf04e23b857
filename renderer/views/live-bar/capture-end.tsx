/** A capture that ended: why, what was kept, what was lost; and how to go on. */
import { plural } from '../../../shared/format/count.ts';
import { CircleAlert, CircleStop, Play, Save, X } from 'lucide-react';
import { bytesText } from '../../../shared/format/bytes.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { LiveStatus } from '../../../shared/model/live.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { hasEnded } from '../../state/live-slice.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { END_TEXT, elapsedText, lossText, lossesOf, placeText, placesText } from '../../words/live-text.ts';
import { CommandLine } from '../../ui/command-line.tsx';

const MAX_TEXT = 1000;
const ICON = { size: 14, 'aria-hidden': true } as const;

export function CaptureEnd() {
  const live = useAppState((state) => state.live);
  const isSeen = useAppState((state) => state.endSeen === state.live.revision);
  if (!hasEnded(live) || isSeen) return null;
  const isFailed = live.phase === 'failed';
  return (
    <section
      className={`capture-end ${isFailed ? 'is-failed' : ''}`}
      aria-label="The capture ended"
      role={isFailed ? 'alert' : 'status'}
    >
      {isFailed ? (
        <CircleAlert size={20} strokeWidth={1.7} aria-hidden="true" />
      ) : (
        <CircleStop size={20} strokeWidth={1.7} aria-hidden="true" />
      )}
      <div className="capture-end-text">
        <h2>{isFailed ? failureTitle(live) : `Stopped: ${placesText(live.options)}`}</h2>
        {isFailed ? <Failure live={live} /> : null}
        <p className="num">{keptText(live)}</p>
        <Second live={live} />
      </div>
      <Buttons />
    </section>
  );
}

function failureTitle({ error, options }: LiveStatus): string {
  const title = error === null ? 'The capture ended early' : END_TEXT[error.code].title;
  const place = placeText(options);
  return place === '' ? title : `${title}: ${sanitiseText(place, MAX_TEXT)}`;
}

function Failure({ live: { error } }: { readonly live: LiveStatus }) {
  const { actions } = useApp();
  if (error === null) return null;
  return (
    <>
      <p>
        {sanitiseText(error.message, MAX_TEXT)} {END_TEXT[error.code].kept}
      </p>
      {error.problem === null || error.problem.command === null ? null : (
        <CommandLine
          label={error.problem.title}
          command={error.problem.command}
          onCopy={actions.copyCommand}
        />
      )}
    </>
  );
}

/** What the second place has, and what became of it. */
function Second({ live: { second, options } }: { readonly live: LiveStatus }) {
  if (second === null) return null;
  const { packets, bytes, folder, error, losses } = second;
  const lost = lossesOf(losses);
  const place = sanitiseText(placeText(options?.second ?? null), MAX_TEXT);
  const where = folder === null ? '' : ` in ${folder}`;
  return (
    <p className="num">
      {place}: {plural(packets, 'packet')}, {bytesText(bytes)}
      {where}.{lost.length === 0 ? '' : ` ${lossText(lost)}.`}
      {error === null ? '' : ` It ended early: ${sanitiseText(error.message, MAX_TEXT)}.`}
    </p>
  );
}

/** How much was captured, where it is, and what is missing. */
export function keptText(live: LiveStatus): string {
  const { startedMs, endedMs, packets, bytes, files, folder, losses } = live;
  const lost = lossesOf(losses);
  const gone = live.filesGone === 0 ? '' : ` The ring let go of ${plural(live.filesGone, 'older file')}.`;
  const time = startedMs === null || endedMs === null ? '' : ` in ${elapsedText(endedMs - startedMs)}`;
  const where =
    folder === null || files.length === 0 ? '' : ` in ${plural(files.length, 'file')} of ${folder}`;
  return `${plural(packets, 'packet')}${time}, ${bytesText(bytes)}${where}.${gone}${lost.length === 0 ? '' : ` ${lossText(lost)}.`}`;
}

function Buttons() {
  const { actions } = useApp();
  return (
    <div className="capture-buttons">
      <Button icon={<Save {...ICON} />} onClick={() => void actions.saveAs()}>
        Save as…
      </Button>
      <Button
        look="primary"
        icon={<Play {...ICON} fill="currentColor" />}
        onClick={() => void actions.restartCapture()}
      >
        Capture again
      </Button>
      <IconButton label="Put this message away" icon={<X {...ICON} />} onClick={actions.dismissEnd} />
    </div>
  );
}
