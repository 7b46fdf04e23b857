/** While no fleet is open: which there are, how one is opened, how one is made; what stands in the way of the one that was asked for. */
import { CircleAlert, Database, FolderOpen, Waypoints } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { FleetPlace } from '../../../shared/contract/fleet-methods.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import type { ShownFleet } from '../../state/fleet-slice.ts';
import { Button } from '../../ui/button.tsx';
import { CommandLine } from '../../ui/command-line.tsx';
import { fleetName, tableSentence, tableText } from '../../words/fleet-text.ts';
import { agoText } from '../../words/values.ts';

export function FleetChoice({ fleet }: { readonly fleet: Exclude<ShownFleet, { readonly state: 'open' }> }) {
  const { actions } = useApp();
  const fleets = useAppState((state) => state.fleets);
  useEffect(() => {
    void actions.listFleets();
  }, [actions]);
  if (fleet.state === 'opening') return <Opening place={fleet.place} />;
  return (
    <div className="fleet" data-pane tabIndex={0} role="region" aria-label="Fleet">
      <div className="fleet-choice">
        <header className="fleet-choice-head">
          <span className="fleet-sign" aria-hidden="true">
            <Waypoints size={30} strokeWidth={1.4} />
          </span>
          <div>
            <h2>Look at a fleet</h2>
            <p>
              The resets of many hosts at once: who sent them, where and when, and whether another host proves
              it.
            </p>
          </div>
        </header>
        {fleet.state === 'failed' ? <Failed fleet={fleet} /> : null}
        {fleet.state === 'none' && fleet.isStopped ? (
          <p className="fleet-stopped" role="status">
            Opening was stopped.
          </p>
        ) : null}
        {fleets !== null && fleets.places.length > 0 ? <Places places={fleets.places} /> : null}
        <Ways />
        <HowTo />
      </div>
    </div>
  );
}

function Opening({ place }: { readonly place: string }) {
  const { actions } = useApp();
  return (
    <div className="fleet" data-pane tabIndex={0} role="region" aria-label="Fleet">
      <section className="fleet-opening" aria-label="Opening" aria-live="polite">
        <span className="fleet-sign" aria-hidden="true">
          <Waypoints size={30} strokeWidth={1.4} />
        </span>
        <h2>Opening {fleetName(place)}</h2>
        <p className="faint mono">{tableText(place)}</p>
        <progress className="start-progress" aria-label="Opening the fleet" />
        <Button onClick={actions.stopFleet}>Stop</Button>
      </section>
    </div>
  );
}

function Failed({ fleet }: { readonly fleet: Extract<ShownFleet, { readonly state: 'failed' }> }) {
  const { actions } = useApp();
  return (
    <section className="start-error" role="alert">
      <CircleAlert size={18} aria-hidden="true" />
      <div className="start-error-text">
        <strong>{fleetName(fleet.place)} could not be opened</strong>
        <p>{tableSentence(fleet.message)}</p>
      </div>
      <Button onClick={() => void actions.openFleet(fleet.place)}>Try again</Button>
    </section>
  );
}

function Places({ places }: { readonly places: readonly FleetPlace[] }) {
  const { actions } = useApp();
  // The time is taken once: how long ago a place was opened need not tick.
  const [now] = useState(() => Date.now());
  return (
    <section className="recent" aria-labelledby="fleet-places-title">
      <h2 id="fleet-places-title">Fleets</h2>
      <ul>
        {places.map(({ place, store, openedMs }) => (
          <li key={place} className="recent-item">
            <button
              type="button"
              className="fleet-place"
              title={tableText(place)}
              onClick={() => void actions.openFleet(place)}
            >
              {store === 'folder' ? (
                <FolderOpen size={15} aria-hidden="true" />
              ) : (
                <Database size={15} aria-hidden="true" />
              )}
              <span className="recent-name">{fleetName(place)}</span>
              <span className="recent-path">{tableText(place)}</span>
              <span className="recent-when">
                {openedMs === null ? 'named at the start' : agoText(openedMs, now)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Ways() {
  const { actions } = useApp();
  const fleets = useAppState((state) => state.fleets);
  if (fleets === null) return null;
  const { canPick, canType, places } = fleets;
  if (!canPick && !canType)
    return places.length > 0 ? null : (
      <section className="card" aria-labelledby="fleet-name-title">
        <h3 id="fleet-name-title" className="card-label">
          Name it when you start
        </h3>
        <p>
          In a browser Resetscope looks at the fleets that its command line names, a folder or a ClickHouse
          server:
        </p>
        <CommandLine
          label="Folder"
          command="resetscope open --fleet /srv/fleet"
          onCopy={actions.copyCommand}
        />
        <CommandLine
          label="Server"
          command="resetscope open --fleet clickhouse://user:password@host/fleet"
          onCopy={actions.copyCommand}
        />
      </section>
    );
  return (
    <div className="fleet-ways">
      {canPick ? (
        <Button
          look="primary"
          icon={<FolderOpen size={15} aria-hidden="true" />}
          onClick={() => void actions.pickFleetFolder()}
        >
          Open folder…
        </Button>
      ) : null}
      {canType ? <TypedServer /> : null}
    </div>
  );
}

function TypedServer() {
  const { actions } = useApp();
  const [text, setText] = useState('');
  const submit = (event: SyntheticEvent): void => {
    event.preventDefault();
    void actions.typeFleet(text);
  };
  return (
    <form className="fleet-server" onSubmit={submit}>
      <label className="field-box">
        <Database size={14} aria-hidden="true" />
        <span className="visually-hidden">Address of a ClickHouse server</span>
        <input
          value={text}
          placeholder="clickhouse://user:password@host/database"
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
          }}
        />
      </label>
      <Button type="submit" disabled={text.trim() === ''}>
        Connect
      </Button>
    </form>
  );
}

function HowTo() {
  const { actions } = useApp();
  return (
    <section className="card" aria-labelledby="fleet-how-title">
      <h3 id="fleet-how-title" className="card-label">
        No fleet yet?
      </h3>
      <p>
        Each host writes tables of its flows and resets into a folder; the folders of all hosts together,
        copied by rsync or an S3 client, are a fleet. Captures make one as well.
      </p>
      <CommandLine
        label="On each host, as packets come"
        command="resetscope live -i eth0 --catch --spool /var/spool/resetscope --site berlin"
        onCopy={actions.copyCommand}
      />
      <CommandLine
        label="Of captures that are there"
        command="resetscope analyze capture.pcapng --parquet /srv/fleet --site berlin"
        onCopy={actions.copyCommand}
      />
    </section>
  );
}
