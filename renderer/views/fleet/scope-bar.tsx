/** What is asked for: time, site, host, server, cause, sender. All of it stands in the address of the page. */
import { LoaderCircle, Search, X } from 'lucide-react';
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { CAUSES } from '../../../shared/causes/list.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { FleetSummary } from '../../../shared/model/fleet.ts';
import type { OriginKind } from '../../../shared/model/verdict.ts';
import { ORIGIN, ORIGINS_LISTED } from '../../../shared/texts/origin.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { Late } from '../../ui/late.tsx';
import { isNarrowed, lastedText, spanText, tableText } from '../../words/fleet-text.ts';
import { PRESETS, presetOf, presetRange } from './time-presets.ts';
import type { FleetAnswers } from './use-fleet-answers.ts';

/** Names in a list of choices; who has more types what is looked for. */
const MOST_CHOICES = 500;

interface ScopeBarProps {
  readonly summary: FleetSummary;
  readonly answers: Pick<FleetAnswers, 'isAsking' | 'isStopped' | 'stop' | 'again'>;
}

export function ScopeBar({ summary, answers }: ScopeBarProps) {
  const { actions } = useApp();
  const scope = useAppState((state) => state.fleetScope);
  return (
    <div className="fleet-scope" role="group" aria-label="What is asked for">
      <TimeChoice summary={summary} />
      <TextChoice
        label="Site"
        value={scope.site}
        values={summary.sites}
        all="All sites"
        onChange={(site) => {
          actions.changeScope({ site });
        }}
      />
      <TextChoice
        label="Host"
        value={scope.host}
        values={summary.hosts}
        all="All hosts"
        onChange={(host) => {
          actions.changeScope({ host });
        }}
      />
      <ServerField />
      <TextChoice
        label="Cause"
        value={scope.cause}
        values={CAUSES.map(({ code }) => code)}
        text={(code) => CAUSES.find((cause) => cause.code === code)?.title ?? code}
        all="Any cause"
        onChange={(cause) => {
          actions.changeScope({ cause: cause as CauseCode | undefined });
        }}
      />
      <TextChoice
        label="Sent by"
        value={scope.origin}
        values={ORIGINS_LISTED}
        text={(kind) => ORIGIN[kind as OriginKind].name}
        all="Anybody"
        onChange={(origin) => {
          actions.changeScope({ origin: origin as OriginKind | undefined });
        }}
      />
      <label className="fleet-matters">
        <input
          type="checkbox"
          checked={scope.onlyMatters === true}
          onChange={(event) => {
            actions.changeScope({ onlyMatters: event.target.checked ? true : undefined });
          }}
        />
        Only what matters
      </label>
      <span className="spring" />
      <Asking answers={answers} />
      {isNarrowed(scope) ? (
        <Button
          look="quiet"
          icon={<X size={13} aria-hidden="true" />}
          onClick={() => {
            actions.clearScope();
          }}
        >
          Ask for all
        </Button>
      ) : null}
    </div>
  );
}

function Asking({ answers }: Pick<ScopeBarProps, 'answers'>) {
  if (answers.isStopped)
    return (
      <span className="fleet-asking" role="status">
        Stopped: what is shown may be of another scope.
        <Button onClick={answers.again}>Ask again</Button>
      </span>
    );
  if (!answers.isAsking) return null;
  return (
    <Late>
      <span className="fleet-asking" role="status">
        <LoaderCircle size={14} className="fleet-turning" aria-hidden="true" /> Asking the fleet …
        <Button onClick={answers.stop}>Stop</Button>
      </span>
    </Late>
  );
}

function TimeChoice({ summary }: Pick<ScopeBarProps, 'summary'>) {
  const { actions } = useApp();
  const { fromMs, toMs } = useAppState((state) => state.fleetScope);
  const preset = presetOf(fromMs, toMs, summary.toMs);
  return (
    <label className="fleet-field">
      <span>Time</span>
      <select
        className="select"
        value={preset}
        onChange={(event) => {
          actions.changeScope(presetRange(event.target.value, summary.toMs));
        }}
      >
        <option value="all">All</option>
        {PRESETS.map(({ id, ms }) => (
          <option key={id} value={id} disabled={summary.toMs === null}>
            Last {lastedText(ms)}
          </option>
        ))}
        {preset === 'own' ? (
          <option value="own">
            {fromMs === undefined || toMs === undefined ? 'A part' : spanText(fromMs, toMs)}
          </option>
        ) : null}
      </select>
    </label>
  );
}

interface TextChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly values: readonly string[];
  readonly all: string;
  readonly text?: (value: string) => string;
  readonly onChange: (value: string | undefined) => void;
}

function TextChoice({ label, value, values, all, text = tableText, onChange }: TextChoiceProps) {
  const shown = values.slice(0, MOST_CHOICES);
  const listed = value === undefined || shown.includes(value) ? shown : [value, ...shown];
  return (
    <label className="fleet-field">
      <span>{label}</span>
      <select
        className="select"
        value={value ?? ''}
        onChange={(event) => {
          onChange(event.target.value === '' ? undefined : event.target.value);
        }}
      >
        <option value="">{all}</option>
        {listed.map((one) => (
          <option key={one} value={one}>
            {text(one)}
          </option>
        ))}
        {values.length > MOST_CHOICES ? (
          <option disabled>{values.length - MOST_CHOICES} more are not listed</option>
        ) : null}
      </select>
    </label>
  );
}

/** Asked for with Enter, or when it is left. */
function ServerField() {
  const { actions } = useApp();
  const { server, serverPort } = useAppState((state) => state.fleetScope);
  const kept = serverPort === undefined ? (server ?? '') : `${server ?? ''}:${serverPort}`;
  const [text, setText] = useState(kept);
  // What is asked for may change elsewhere: the address, a click on a server.
  const [shown, setShown] = useState(kept);
  if (shown !== kept) {
    setShown(kept);
    setText(kept);
  }
  const ask = (): void => {
    if (text.trim() !== kept) actions.changeScope(serverOf(text));
  };
  return (
    <label className="fleet-field is-wide">
      <span>Server</span>
      <span className="field-box">
        <Search size={13} aria-hidden="true" />
        <input
          value={text}
          placeholder="address, name, :port"
          autoComplete="off"
          spellCheck={false}
          maxLength={255}
          onChange={(event) => {
            setText(event.target.value);
          }}
          onBlur={ask}
          onKeyDown={(event: KeyboardEvent) => {
            if (event.key === 'Enter') ask();
          }}
        />
      </span>
    </label>
  );
}

/** `shop:443`, `:443`, `[2001:db8::1]:443`, or an address or name alone. */
export function serverOf(text: string): { server: string | undefined; serverPort: number | undefined } {
  const whole = text.trim();
  const match = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d{1,5}))?$/.exec(whole);
  const port = match?.[3] === undefined ? undefined : Number(match[3]);
  if (match === null || (port !== undefined && port > 65_535))
    return { server: whole === '' ? undefined : whole, serverPort: undefined };
  const name = match[1] ?? match[2] ?? '';
  return { server: name === '' ? undefined : name, serverPort: port };
}
