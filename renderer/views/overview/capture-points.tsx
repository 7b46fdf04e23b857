/**
 * Where the captures of a case were made: the path from client to server with its capture points, their clocks, and what lies
 * between each two of them. While captures are joined it says so, and where nothing could be joined it says what to check.
 */
import { offsetText } from '../../../shared/format/clock-offset.ts';
import { useMemo, useState } from 'react';
import { Eye, Monitor, Server, Split, Unplug } from 'lucide-react';
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import type { CaptureSummary } from '../../../shared/model/capture.ts';
import type { ClockStep, JoinReport, JoinedPair, Vantage } from '../../../shared/model/join.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { shownPaths } from '../../core/compare-actions.ts';
import { togetherKey } from '../../state/capture-slice.ts';
import { Named } from '../../names/named.tsx';
import { Button } from '../../ui/button.tsx';
import { fileName } from '../../words/file-text.ts';
import {
  MATCH,
  alongPath,
  changesText,
  driftText,
  errorText,
  hopsBetweenText,
  isClockKnown,
  isOrdered,
  isReference,
  nameOfVantage,
  shareText,
  vantageName,
} from '../../words/join-text.ts';
import { timeText, timeUnit } from '../../words/values.ts';
import { pairsTold } from './pairs-told.ts';
import { timesApart } from './times-apart.ts';
import './capture-points.css';

/** Steps of one clock that are told; the rest is counted. */
const MOST_STEPS = 3;
/** Lines on what lies between two of them that are shown at once. */
const MOST_FOUND = 3;

export function CapturePoints({ summary }: { readonly summary: CaptureSummary }) {
  const join = useAppState((state) => state.join);
  const phase = useAppState((state) => state.progress.phase);
  const asked = useAppState((state) => state.together.get(togetherKey(shownPaths(state))));
  const isCounted = useAppState(
    ({ progress, countsPhase, opening }) => opening === null && countsPhase === progress.phase,
  );
  if (phase === 'joining') return <Joining />;
  if (join !== null) return <Joined join={join} />;
  // What was not found before the end may have been found there.
  if (!isCounted) return null;
  if (summary.files.length < 2 || (phase !== 'done' && phase !== 'cancelled')) return null;
  if (asked === 'apart') return <KeptApart files={summary.files.length} />;
  if (phase === 'cancelled') return <Stopped />;
  const apart = timesApart(summary.files);
  // Files that follow one another are one capture, which nobody expects to be joined.
  return asked === 'compare' || apart === null ? <NothingJoined summary={summary} apart={apart} /> : null;
}

function Joining() {
  const { actions } = useApp();
  const joined = useAppState((state) => state.progress.joined);
  return (
    <section className="card points points-note" aria-live="polite" aria-label="Joining">
      <Split size={20} strokeWidth={1.6} aria-hidden="true" />
      <div>
        <h2>The captures are being joined</h2>
        <p>
          Connections that several of them hold are looked for, then their packets and clocks are held against
          each other.
        </p>
        <progress className="points-progress" aria-label="Joining the captures" value={joined} max={1} />
      </div>
      <Button onClick={() => void actions.cancelReading()}>Stop</Button>
    </section>
  );
}

function KeptApart({ files }: { readonly files: number }) {
  const { actions } = useApp();
  return (
    <section className="card points points-note" aria-label="Capture points">
      <Unplug size={20} strokeWidth={1.6} aria-hidden="true" />
      <div>
        <h2>{plural(files, 'capture')}, kept apart</h2>
        <p>They are not held against each other: a reset that two of them hold is told twice.</p>
      </div>
      <Button onClick={() => void actions.joinAgain()}>Join them</Button>
    </section>
  );
}

/** Nobody knows what they have in common: the look for it did not come to its end. */
function Stopped() {
  const { actions } = useApp();
  return (
    <section className="card points points-note" aria-label="Capture points">
      <Unplug size={20} strokeWidth={1.6} aria-hidden="true" />
      <div>
        <h2>Stopped before the captures were joined</h2>
        <p>They stand side by side: a reset that two of them hold is told twice.</p>
      </div>
      <Button onClick={() => void actions.joinAgain()}>Join them</Button>
    </section>
  );
}

interface NothingJoinedProps {
  readonly summary: CaptureSummary;
  /** How long one ends before the other begins; null where their times overlap. */
  readonly apart: number | null;
}

function NothingJoined({ summary, apart }: NothingJoinedProps) {
  const { actions } = useApp();
  const names = summary.files.map(({ path }) => fileName(path));
  return (
    <section className="card points points-note tone-warn" aria-label="Capture points">
      <Unplug size={20} strokeWidth={1.6} aria-hidden="true" />
      <div>
        <h2>These captures are not joined: no connection of one was found in another</h2>
        <p>
          All of them are here, side by side: every list holds the packets of {names.slice(0, 4).join(', ')}
          {names.length > 4 ? ` and ${names.length - 4} more` : ''}, with the number of the file before each
          frame. If they should hold the same connections, check:
        </p>
        <ul className="points-checks">
          <li className={apart === null ? undefined : 'is-likely'}>
            {apart === null
              ? 'Not their times: they ran at the same time by their own clocks.'
              : `Whether they ran at the same time: by their own clocks one ends ${durationText(apart)} before the next begins.`}
          </li>
          <li>
            Whether the same connections pass both places: a capture filter, another interface, another member
            behind a load balancer, or a route that goes elsewhere leaves them out.
          </li>
          <li>
            Whether TCP is to be seen at both: a tunnel that is encrypted hides it, and a snap length below
            the headers cuts it.
          </li>
          <li>
            Whether a handshake or some data is in both: acknowledgements alone do not tell one connection
            from another.
          </li>
        </ul>
      </div>
      <Button onClick={() => void actions.pickToCompare()}>Add another capture…</Button>
    </section>
  );
}

function Joined({ join }: { readonly join: JoinReport }) {
  const { actions } = useApp();
  const hasOrder = isOrdered(join);
  return (
    <section className="card card-flush points" aria-labelledby="points">
      <header className="points-head">
        <h2 id="points">
          Capture points{' '}
          <small className="faint">
            {plural(join.connections, 'connection')} seen at more than one of {join.vantages.length}
          </small>
        </h2>
        {hasOrder ? null : (
          <span
            className="chip tone-warn"
            title="Neither TTLs nor transit times tell which capture point is nearer to the client"
          >
            order along the path not known
          </span>
        )}
        <span className="spring" />
        <Button
          look="quiet"
          icon={<Unplug size={14} aria-hidden="true" />}
          title="Read them again as captures that have nothing to do with each other"
          onClick={() => void actions.keepApart()}
        >
          Keep apart
        </Button>
      </header>
      <Path join={join} hasOrder={hasOrder} />
      <Pairs join={join} />
    </section>
  );
}

function Path({ join, hasOrder }: { readonly join: JoinReport; readonly hasOrder: boolean }) {
  const vantages = alongPath(join.vantages);
  return (
    <ol
      className={`points-path ${hasOrder ? '' : 'is-unordered'}`}
      aria-label={hasOrder ? 'Capture points from the client to the server' : 'Capture points, in no order'}
    >
      {hasOrder ? (
        <li className="points-end">
          <Monitor size={18} strokeWidth={1.5} aria-hidden="true" />
          <span>Client</span>
        </li>
      ) : null}
      {vantages.map((vantage, at) => (
        <Point
          key={vantage.files[0]}
          vantage={vantage}
          isLast={at === vantages.length - 1}
          hasOrder={hasOrder}
        />
      ))}
      {hasOrder ? (
        <li className="points-end">
          <Server size={18} strokeWidth={1.5} aria-hidden="true" />
          <span>Server</span>
        </li>
      ) : null}
    </ol>
  );
}

interface PointProps {
  readonly vantage: Vantage;
  readonly isLast: boolean;
  readonly hasOrder: boolean;
}

function Point({ vantage, isLast, hasOrder }: PointProps) {
  const path = useAppState((state) => state.summary?.files.at(vantage.files[0])?.path);
  const drift = driftText(vantage);
  return (
    <>
      <li className="point" title={path === undefined ? undefined : fileName(path)}>
        <span className="point-name">
          <Eye size={13} aria-hidden="true" /> <b>{vantageName(vantage.name)}</b>
          <small className="faint">
            {vantage.files.length === 1
              ? `file ${vantage.files[0] + 1}`
              : `${vantage.files.length} files from ${vantage.files[0] + 1}`}
          </small>
        </span>
        {isReference(vantage) ? (
          <span className="point-clock faint" title="The clocks of the others are told by this one">
            clock of reference
          </span>
        ) : !isClockKnown(vantage) ? (
          <span
            className="point-clock faint"
            title="No packet passes it and another one, whose times could be held against each other"
          >
            clock not known
          </span>
        ) : (
          <span
            className="point-clock num"
            title="How far its clock is ahead (+) or behind (−), and within what it lies for certain"
          >
            {offsetText(vantage)}{' '}
            <span className={vantage.offsetErrorNs === null ? 'tone-warn-text' : 'faint'}>
              {errorText(vantage)}
            </span>
            {drift === '' ? null : <span className="point-drift">{drift}</span>}
          </span>
        )}
        <Steps steps={vantage.steps} />
      </li>
      {isLast || !hasOrder ? null : (
        <li className="points-between faint">
          <span>{hopsBetweenText(vantage.hopsToNext)}</span>
        </li>
      )}
    </>
  );
}

function Steps({ steps }: { readonly steps: readonly ClockStep[] }) {
  const clock = useClock();
  if (steps.length === 0) return null;
  const shown = steps.slice(0, MOST_STEPS);
  return (
    <span className="point-clock tone-warn-text">
      {shown.map(({ timeNs, byNs }, at) => (
        <span key={timeNs}>
          {at === 0 ? 'stepped ' : ', '}
          {byNs < 0 ? '−' : '+'}
          {durationText(Math.abs(byNs))} at {timeText(clock, timeNs)} {timeUnit(clock)}
        </span>
      ))}
      {steps.length > MOST_STEPS ? ` and ${plural(steps.length - MOST_STEPS, 'time')} more` : ''}
    </span>
  );
}

function Pairs({ join }: { readonly join: JoinReport }) {
  const [isWhole, setIsWhole] = useState(false);
  const { told, others } = useMemo(() => pairsTold(join), [join]);
  if (join.pairs.length === 0) return null;
  return (
    <div className="points-scroll" tabIndex={0} role="region" aria-label="Pairs of capture points">
      <table className="table points-pairs">
        <thead>
          <tr>
            <th scope="col">Between</th>
            <th scope="col" className="align-end">
              Connections
            </th>
            <th scope="col">Matched by</th>
            <th scope="col" className="align-end">
              Packets matched
            </th>
            <th
              scope="col"
              className="align-end"
              title="Share of packets that were seen before and not behind; resets left out"
            >
              Missing towards
            </th>
            <th
              scope="col"
              className="align-end"
              title="The smallest round trip between the two, by packets of both directions"
            >
              Round trip
            </th>
            <th scope="col">Found between</th>
          </tr>
        </thead>
        <tbody>
          {[...told, ...(isWhole ? others : [])].map((pair) => (
            <Pair key={pair.files.join(' ')} pair={pair} join={join} />
          ))}
        </tbody>
      </table>
      {others.length === 0 ? null : (
        <Button
          look="quiet"
          aria-expanded={isWhole}
          onClick={() => {
            setIsWhole(!isWhole);
          }}
        >
          {isWhole ? 'Neighbours only' : `${plural(others.length, 'more pair')} that are no neighbours`}
        </Button>
      )}
    </div>
  );
}

function Pair({ pair, join }: { readonly pair: JoinedPair; readonly join: JoinReport }) {
  const [first, second] = pair.files.map((file) => nameOfVantage(join, file));
  const all = pair.matched + pair.onlyFirst + pair.onlySecond;
  const share = all === 0 ? null : pair.matched / all;
  const changes = changesText(pair.changes);
  const found = pair.found.length > 0 || changes === '' ? pair.found : [`Changed on the way: ${changes}`];
  return (
    <tr>
      <th scope="row">
        <span className="points-name" title={first}>
          {first}
        </span>{' '}
        <span className="faint">and</span>{' '}
        <span className="points-name" title={second}>
          {second}
        </span>
      </th>
      <td className="align-end num">{countText(pair.connections)}</td>
      <td>
        <span className={`chip match-${pair.class}`} title={MATCH[pair.class].about}>
          {MATCH[pair.class].name}
        </span>
      </td>
      <td
        className="align-end num"
        title={`${countText(pair.matched)} at both, ${countText(pair.onlyFirst)} only at ${first}, ${countText(pair.onlySecond)} only at ${second}${pair.changed === 0 ? '' : `; ${countText(pair.changed)} changed`}`}
      >
        {countText(pair.matched)} <span className="faint">{share === null ? '' : shareText(share)}</span>
      </td>
      <td className="align-end num">
        <span className="points-loss">
          <span>
            <span className="points-name faint">{second}</span> {shareText(pair.lossToSecond)}
          </span>
          <span>
            <span className="points-name faint">{first}</span> {shareText(pair.lossToFirst)}
          </span>
        </span>
      </td>
      <td className="align-end num">{pair.roundTripNs === null ? '–' : durationText(pair.roundTripNs)}</td>
      <td className="points-found">
        {found.length === 0 ? (
          <span className="faint">Nothing that changes packets</span>
        ) : (
          <Found texts={found} />
        )}
      </td>
    </tr>
  );
}

/** The first few, and the others behind a press. */
function Found({ texts }: { readonly texts: readonly string[] }) {
  const rest = texts.slice(MOST_FOUND);
  const list = (shown: readonly string[]) => (
    <ul>
      {shown.map((text) => (
        <li key={text}>
          <Named text={text} />
        </li>
      ))}
    </ul>
  );
  return (
    <>
      {list(texts.slice(0, MOST_FOUND))}
      {rest.length === 0 ? null : (
        <details>
          <summary>{rest.length} more</summary>
          {list(rest)}
        </details>
      )}
    </>
  );
}
