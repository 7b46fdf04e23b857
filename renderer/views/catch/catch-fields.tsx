/** The fields of a rule: which resets are caught, and how much around them is kept. */
import { X } from 'lucide-react';
import { useId } from 'react';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { CatchRule } from '../../../shared/model/live.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN, ORIGINS_LISTED } from '../../../shared/texts/origin.ts';
import { ruleError } from '../../state/catch-rule.ts';
import { Choice, Switch } from '../../ui/choice.tsx';

const SECONDS = [0, 5, 10, 30, 60, 300];

interface CatchFieldsProps {
  readonly rule: CatchRule;
  readonly onChange: (rule: CatchRule) => void;
}

export function CatchFields({ rule, onChange }: CatchFieldsProps) {
  const errorId = useId();
  const originId = useId();
  const error = ruleError(rule);
  const secondsText = (seconds: number): string => durationText(seconds * 1e9);
  return (
    <div className="catch-fields" role="group" aria-label="Resets to catch">
      <div className="option">
        <span id={originId}>Sent by</span>
        <div className="catch-origins" role="group" aria-labelledby={originId}>
          {ORIGINS_LISTED.map((kind) => (
            <button
              key={kind}
              type="button"
              className="pick"
              aria-pressed={rule.origins.includes(kind)}
              onClick={() => {
                onChange({ ...rule, origins: toggled(rule.origins, kind) });
              }}
            >
              <OriginMark kind={kind} /> {ORIGIN[kind].name}
            </button>
          ))}
          <span className="faint">{rule.origins.length === 0 ? 'or anybody' : ''}</span>
        </div>
      </div>
      <Causes
        causes={rule.causes}
        onChange={(causes) => {
          onChange({ ...rule, causes });
        }}
      />
      <label className="option">
        <span>Only those that pass</span>
        <span className={`field-box ${error === null ? '' : 'is-wrong'}`}>
          <input
            type="text"
            className="mono"
            spellCheck={false}
            autoComplete="off"
            placeholder="filter of the list, such as server:10.0.0.9"
            aria-invalid={error !== null}
            aria-describedby={error === null ? undefined : errorId}
            value={rule.filter}
            onChange={(event) => {
              onChange({ ...rule, filter: event.target.value });
            }}
          />
        </span>
        {error === null ? null : (
          <span id={errorId} className="field-hint tone-bad" role="alert">
            {error}
          </span>
        )}
      </label>
      <div className="options-grid">
        <Choice
          label="Keep before it"
          value={rule.beforeSeconds}
          usual={SECONDS}
          text={secondsText}
          onChange={(beforeSeconds) => {
            onChange({ ...rule, beforeSeconds });
          }}
        />
        <Choice
          label="Keep after it"
          value={rule.afterSeconds}
          usual={SECONDS}
          text={secondsText}
          onChange={(afterSeconds) => {
            onChange({ ...rule, afterSeconds });
          }}
        />
      </div>
      <Switch
        label="Only those that matter"
        about="Resets that ended unfinished work: no scans, no health checks, nothing after a close."
        checked={rule.onlyThatMatter}
        onChange={(onlyThatMatter) => {
          onChange({ ...rule, onlyThatMatter });
        }}
      />
    </div>
  );
}

interface CausesProps {
  readonly causes: readonly CauseCode[];
  readonly onChange: (causes: readonly CauseCode[]) => void;
}

function Causes({ causes, onChange }: CausesProps) {
  return (
    <div className="option">
      <label htmlFor="catch-cause">Because of</label>
      <div className="catch-causes">
        {causes.map((code) => (
          <button
            key={code}
            type="button"
            className="pick"
            aria-label={`No longer ${causeOf(code).title}`}
            onClick={() => {
              onChange(toggled(causes, code));
            }}
          >
            {causeOf(code).title} <X size={11} aria-hidden="true" />
          </button>
        ))}
        <select
          id="catch-cause"
          className="select"
          value=""
          onChange={(event) => {
            const code = CAUSE_CODES.find((one) => one === event.target.value);
            if (code !== undefined) onChange(toggled(causes, code));
          }}
        >
          <option value="">{causes.length === 0 ? 'any cause' : 'or …'}</option>
          {CAUSE_CODES.filter((code) => !causes.includes(code)).map((code) => (
            <option key={code} value={code}>
              {causeOf(code).title}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}

/** The list without the value, or with it. */
function toggled<T>(list: readonly T[], value: T): readonly T[] {
  return list.includes(value) ? list.filter((one) => one !== value) : [...list, value];
}
