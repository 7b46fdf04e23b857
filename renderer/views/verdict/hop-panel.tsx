/** The routers on the way to the host, by name: asked for now, or pasted; held against the hop that made the reset. */
import { useEffect, useId, useState } from 'react';
import { Play, Square } from 'lucide-react';
import { errorText } from '../../../shared/format/error.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { hopText, matchHops } from '../../../shared/hops/match-hops.ts';
import type { Route } from '../../../shared/hops/route.ts';
import { ROUTE_BOUNDS } from '../../../shared/hops/route.ts';
import type { ResetDetail } from '../../../shared/model/capture.ts';
import type { TraceOffer } from '../../../shared/model/trace.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { NameButton } from '../../names/name-button.tsx';
import { Named } from '../../names/named.tsx';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { addressOf } from '../../../shared/texts/named-text.ts';

const MOST_OUTPUT = 8000;

export function HopPanel({ detail }: { readonly detail: ResetDetail }) {
  const { row, verdict } = detail;
  const end = verdict.claimed === 'server' ? row.server : row.client;
  const target = addressOf(end);
  const route = useAppState((state) => state.routes.get(target));
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="hops"
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>
        {route === undefined ? 'Name the hops on this path' : `Hops to ${target}, measured now`}
      </summary>
      {isOpen ? (
        <div className="hops-inner">
          {route === undefined ? null : <RouteList route={route} detail={detail} target={target} />}
          <Ask target={target} port={Number(row.server.slice(row.server.lastIndexOf(':') + 1))} />
        </div>
      ) : null}
    </details>
  );
}

interface RouteListProps {
  readonly route: Route;
  readonly detail: ResetDetail;
  readonly target: string;
}

function RouteList({ route, detail, target }: RouteListProps) {
  const { actions } = useApp();
  const { verdict } = detail;
  const isDevice = verdict.origin.kind === 'middlebox';
  const { devices, doubts } = matchHops(route, {
    path: verdict.path,
    claimed: verdict.claimed,
    host: target,
    isDevice,
  });
  return (
    <>
      <p className="hops-found">
        {devices.length === 0 ? (
          'No hop of this route can be held against the reset.'
        ) : (
          <>
            At the distance of the reset stands <Named text={devices.map(hopText).join('; or ')} />.
          </>
        )}
      </p>
      <ol className="hops-list" aria-label={`Hops to ${target}`}>
        {route.hops.map((hop) => (
          <li
            key={hop.number}
            className={devices.includes(hop) ? `is-device origin-${verdict.origin.kind}` : undefined}
          >
            <span className="hops-number num">{hop.number}</span>
            {hop.answers.length === 0 ? (
              <span className="faint">no answer</span>
            ) : (
              hop.answers.map(({ address, name, mpls }) => (
                <span key={address} className="hops-answer">
                  <span className="mono">{address}</span> {name}{' '}
                  {mpls === '' ? null : <span className="faint">{mpls}</span>}
                  <NameButton of={address} what={address} />
                </span>
              ))
            )}
          </li>
        ))}
      </ol>
      <ul className="hops-doubts">
        {doubts.map((doubt) => (
          <li key={doubt}>{doubt}</li>
        ))}
      </ul>
      <Button
        onClick={() => {
          actions.forgetRoute(target);
        }}
      >
        Forget this route
      </Button>
    </>
  );
}

/** The command is shown before anything runs; nothing runs by itself. */
function Ask({ target, port }: { readonly target: string; readonly port: number }) {
  const { link, actions } = useApp();
  const trace = useAppState((state) => state.trace);
  const [offer, setOffer] = useState<TraceOffer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    link
      .call('trace.command', { target, port: Math.max(1, port) }, abort.signal)
      .then(setOffer, (error: unknown) => {
        if (!abort.signal.aborted) setOffer({ command: '', refusal: errorText(error) });
      });
    return () => {
      abort.abort();
    };
  }, [link, target, port]);
  const isRunning = trace !== null && trace.ended === null;
  return (
    <>
      {offer === null || offer.command === '' ? null : (
        <CommandLine
          label="would be run on this machine"
          command={offer.command}
          onCopy={actions.copyCommand}
        />
      )}
      <div className="hops-buttons">
        {isRunning ? (
          <Button icon={<Square size={12} aria-hidden="true" />} onClick={() => void actions.stopTrace()}>
            Stop
          </Button>
        ) : (
          <Button
            icon={<Play size={12} aria-hidden="true" />}
            disabled={offer === null || offer.refusal !== null}
            onClick={() => void actions.runTrace({ target, port: Math.max(1, port) })}
          >
            Run it
          </Button>
        )}
        <span className="hops-status" role="status">
          {isRunning ? 'It runs; hops are listed as they answer.' : (offer?.refusal ?? trace?.ended ?? '')}
        </span>
      </div>
      {trace === null || trace.target !== target || trace.text === '' ? null : (
        <pre className="hops-output" tabIndex={0} aria-label="What the program said">
          {trace.text
            .slice(0, MOST_OUTPUT)
            .split('\n')
            .map((line) => sanitiseText(line, 300))
            .join('\n')}
        </pre>
      )}
      <Paste target={target} />
    </>
  );
}

function Paste({ target }: { readonly target: string }) {
  const { actions } = useApp();
  const [text, setText] = useState('');
  const [error, setError] = useState<string | null>(null);
  const id = useId();
  return (
    <form
      className="hops-paste"
      onSubmit={(event) => {
        event.preventDefault();
        const refused = actions.takeRoute(target, text);
        setError(refused);
        if (refused === null) setText('');
      }}
    >
      <label htmlFor={id}>
        Or paste what traceroute, tracert, tcptraceroute, mtr --report or mtr --json printed elsewhere
      </label>
      <textarea
        id={id}
        rows={4}
        className="mono"
        value={text}
        maxLength={ROUTE_BOUNDS.textLength}
        onChange={(event) => {
          setText(event.target.value);
        }}
      />
      <span className="hops-buttons">
        <Button type="submit" disabled={text.trim() === ''}>
          Take the hops
        </Button>
        <label className="button button-plain hops-file">
          From a file…
          <input
            type="file"
            className="visually-hidden"
            onChange={(event) => {
              const [file] = event.target.files ?? [];
              event.target.value = '';
              file
                ?.slice(0, ROUTE_BOUNDS.textLength)
                .text()
                .then(
                  (read) => {
                    setError(actions.takeRoute(target, read));
                  },
                  (reason: unknown) => {
                    setError(errorText(reason));
                  },
                );
            }}
          />
        </label>
      </span>
      {error === null ? null : (
        <p className="tone-bad" role="alert">
          {error}
        </p>
      )}
    </form>
  );
}
