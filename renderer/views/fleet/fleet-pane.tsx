/** One reset held against all other hosts: who saw it, where it was made, what to do next, and the way to its packets. */
import { Crosshair, FolderOpen, LoaderCircle, X } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { CircleAlert } from 'lucide-react';
import { plural } from '../../../shared/format/count.ts';
import { errorText } from '../../../shared/format/error.ts';
import { resetIdText } from '../../../shared/fleet/scope-text.ts';
import type { FleetJoin, FleetResetId, FleetWitness } from '../../../shared/model/fleet.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { isSameReset } from '../../state/fleet-slice.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { Confidence } from '../../ui/confidence.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/late.tsx';
import { MattersChip } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import {
  hostText,
  JOINED,
  joinCommand,
  MATCHED_BY,
  SEES,
  serverText,
  tableSentence,
  tableText,
  utcMillisText,
} from '../../words/fleet-text.ts';
import { JoinStrip } from './join-strip.tsx';
import { SeesMark } from './sees-mark.tsx';
import { serverOf } from './scope-bar.tsx';

interface FleetPaneProps {
  readonly place: string;
  readonly id: FleetResetId;
}

interface Answer {
  readonly of: string;
  readonly join: FleetJoin | null;
  readonly error: string | null;
}

export function FleetPane({ place, id }: FleetPaneProps) {
  const { link } = useApp();
  const opened = useAppState((state) => state.fleetOpened);
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer>({ of: '', join: null, error: null });
  const pane = useRef<HTMLElement>(null);
  const text = resetIdText(id);
  const { capture, segment, reset } = id;
  useEffect(() => {
    const abort = new AbortController();
    link.call('fleet.join', { place, reset: { capture, segment, reset } }, abort.signal).then(
      (join) => {
        if (!abort.signal.aborted) setAnswer({ of: text, join, error: null });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setAnswer({ of: text, join: null, error: errorText(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, place, capture, segment, reset, text, opened, attempt]);
  useLayoutEffect(() => {
    if (pane.current !== null) pane.current.scrollTop = 0;
  }, [text]);
  const isOld = answer.of !== text;
  return (
    <section ref={pane} className="fleet-pane" aria-label="Reset" aria-busy={isOld} data-pane tabIndex={0}>
      {answer.error !== null && !isOld ? (
        <Empty
          icon={<CircleAlert size={26} strokeWidth={1.4} />}
          tone="bad"
          title="Other hosts could not be asked"
          actions={
            <Button
              onClick={() => {
                setAttempt((count) => count + 1);
              }}
            >
              Ask again
            </Button>
          }
        >
          {tableSentence(answer.error)}
        </Empty>
      ) : answer.join === null ? (
        <Skeleton lines={9} label="Other hosts are being asked" />
      ) : (
        <Content place={place} join={answer.join} />
      )}
    </section>
  );
}

function Content({ place, join }: { readonly place: string; readonly join: FleetJoin }) {
  const { actions } = useApp();
  const { reset, witnesses, verdict } = join;
  const words = JOINED[verdict];
  return (
    <>
      <header className={`fleet-pane-head origin-${reset.origin}`}>
        <div className="fleet-pane-line">
          <span className="fleet-badge">
            <OriginMark kind={reset.origin} size={13} />
            {ORIGIN[reset.origin].name}
          </span>
          <MattersChip matters={reset.matters} hint="It ended work that was not finished" />
          <span className="faint num">{utcMillisText(reset.timeMs)} UTC</span>
          <span className="spring" />
          <IconButton
            label="Close"
            icon={<X size={15} aria-hidden="true" />}
            onClick={() => {
              actions.selectFleetReset(null);
            }}
          />
        </div>
        <h2>{causeOf(reset.cause).title}</h2>
        <p className="fleet-pane-ends">
          <span className="mono">{tableText(reset.client)}</span>
          <span aria-hidden="true"> → </span>
          <span className="visually-hidden"> to </span>
          <span className="mono">{serverText(reset.server, reset.serverName)}</span>
        </p>
      </header>
      <div className="fleet-pane-inner">
        <section className={`card fleet-verdict tone-${words.tone}`} aria-labelledby="fleet-verdict-title">
          <h3 id="fleet-verdict-title" title={words.about}>
            {words.name}
          </h3>
          <p>{tableSentence(join.sentence)}</p>
          <JoinStrip join={join} />
          <p className="fleet-next">
            <b>Next</b> {tableSentence(join.next)}
          </p>
        </section>
        <Ways place={place} join={join} />
        <section className="card" aria-labelledby="fleet-witnesses-title">
          <h3 id="fleet-witnesses-title" className="card-label">
            {witnesses.length === 0
              ? 'Other hosts'
              : `${plural(witnesses.length, 'other host')} with this connection`}
          </h3>
          {witnesses.length === 0 ? (
            <p>
              No other host captured this connection. Whether its sender is who it claims to be rests on the
              packets of {tableText(reset.host)} alone.
            </p>
          ) : (
            <ul className="fleet-witnesses">
              {witnesses.map((witness, at) => (
                <Witness key={`${witness.host} ${witness.interface ?? ''} ${at}`} witness={witness} />
              ))}
            </ul>
          )}
        </section>
        <section className="card" aria-labelledby="fleet-own-title">
          <h3 id="fleet-own-title" className="card-label">
            What {tableText(reset.host)} says of it
          </h3>
          <p>{tableSentence(reset.summary)}</p>
          <p className="fleet-own-sure">
            <span>{tableText(reset.originLabel)}</span>
            <Confidence kind={reset.origin} value={reset.confidence} isProven={verdict !== 'open'} />
          </p>
          {reset.next === '' ? null : (
            <p className="fleet-next">
              <b>Next</b> {tableSentence(reset.next)}
            </p>
          )}
          <dl className="terms">
            <dt>Captured by</dt>
            <dd>
              {tableText(reset.host)} at {tableText(reset.site)}
            </dd>
            {reset.file === null ? null : (
              <>
                <dt>In</dt>
                <dd>
                  <span className="mono">{tableText(reset.file)}</span>
                  {reset.frame === null ? '' : `, frame ${reset.frame}`}
                </dd>
              </>
            )}
            {reset.caseName === null ? null : (
              <>
                <dt>Case file</dt>
                <dd className="mono">{tableText(reset.caseName)}</dd>
              </>
            )}
          </dl>
        </section>
        <CommandLine
          label="The same in a terminal"
          command={joinCommand(place, reset)}
          onCopy={actions.copyCommand}
        />
      </div>
    </>
  );
}

/** To its packets, and to all of its server. */
function Ways({ join: { reset } }: { readonly place: string; readonly join: FleetJoin }) {
  const { actions } = useApp();
  const isOpening = useAppState((state) => isSameReset(state.fleetCaseOf, reset));
  const why = useAppState((state) => state.fleetCaseError);
  return (
    <div className="fleet-pane-ways">
      <Button
        look="primary"
        disabled={isOpening}
        icon={
          isOpening ? (
            <LoaderCircle size={14} className="fleet-turning" aria-hidden="true" />
          ) : (
            <FolderOpen size={14} aria-hidden="true" />
          )
        }
        onClick={() => void actions.openFleetCase(reset)}
      >
        Open its capture
      </Button>
      <Button
        icon={<Crosshair size={14} aria-hidden="true" />}
        onClick={() => {
          actions.changeScope(serverOf(reset.server));
        }}
      >
        Only this server
      </Button>
      {why === null ? null : (
        <p className="fleet-why" role="alert">
          {tableSentence(why)}
        </p>
      )}
    </div>
  );
}

function Witness({ witness }: { readonly witness: FleetWitness }) {
  const { sees, isNearerSender, by, because, site } = witness;
  return (
    <li className={`fleet-witness is-${sees}`}>
      <SeesMark sees={sees} />
      <div>
        <p>
          <b>{hostText(witness)}</b> <span className="faint">{tableText(site)}</span>{' '}
          <span className="fleet-sees">{SEES[sees].word}</span>
        </p>
        <p className="faint">
          {isNearerSender === null
            ? 'Where it stands on the path is not known'
            : isNearerSender
              ? 'Nearer to the claimed sender'
              : 'Farther from the claimed sender'}
          ; {MATCHED_BY[by]}.
        </p>
        {because.length === 0 ? null : (
          <ul className="fleet-because">
            {because.slice(0, 12).map((reason) => (
              <li key={reason}>{tableSentence(reason)}</li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}
