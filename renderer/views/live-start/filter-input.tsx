/** The capture filter: checked by its compiler while it is typed; presets and history at hand. */
import * as Ariakit from '@ariakit/react';
import { ChevronDown, CircleCheck, Filter, History } from 'lucide-react';
import { useId, useRef } from 'react';
import type { LiveOptions } from '../../../shared/model/live.ts';
import { LIVE_LIMITS } from '../../../shared/contract/live-schemas.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { FILTER_PRESETS, NARROW_TEXT } from './filter-presets.ts';
import type { FilterPreset } from './filter-presets.ts';
import type { FilterState } from './use-filter-check.ts';

interface FilterInputProps {
  readonly draft: LiveOptions;
  readonly history: readonly string[];
  readonly check: FilterState;
}

/** Filters of the history that the menu lists. */
const MAX_HISTORY = 12;

export function FilterInput({ draft, history, check }: FilterInputProps) {
  const { actions } = useApp();
  const field = useRef<HTMLInputElement>(null);
  const hintId = useId();
  const failed = useAppState(({ live }) =>
    live.phase === 'failed' && live.error?.code === 'bad-filter' && live.options?.filter === draft.filter
      ? live.error.message
      : null,
  );
  const wrong = check.state === 'wrong' ? check.message : failed;
  const cost =
    FILTER_PRESETS.find(({ filter }) => filter === draft.filter)?.cost ??
    (check.state === 'empty' || FILTER_PRESETS.some(({ filter }) => filter === draft.filter)
      ? null
      : NARROW_TEXT);
  const hint = wrong ?? (check.state === 'open' ? check.message : cost);

  const take = ({ filter, replace }: FilterPreset): void => {
    actions.changeDraft({ filter });
    // The field has the filter, and the focus back from the menu, only after this event.
    setTimeout(() => {
      const at = replace === null ? -1 : filter.indexOf(replace);
      field.current?.focus();
      if (replace !== null && at >= 0) field.current?.setSelectionRange(at, at + replace.length);
    }, 0);
  };
  return (
    <div className="capture-filter">
      <div className={`field-box ${wrong === null ? '' : 'is-wrong'}`}>
        <Filter size={13} aria-hidden="true" />
        <input
          ref={field}
          type="text"
          className="mono"
          spellCheck={false}
          autoComplete="off"
          aria-label="Capture filter"
          aria-invalid={wrong !== null}
          aria-describedby={hintId}
          placeholder="Capture filter, such as tcp port 443; empty for everything"
          maxLength={LIVE_LIMITS.filterLength}
          value={draft.filter}
          onChange={(event) => {
            actions.changeDraft({ filter: event.target.value });
          }}
        />
        {check.state === 'good' ? (
          <CircleCheck
            size={14}
            className="tone-good filter-good"
            aria-label="The filter is fine"
            role="img"
          />
        ) : null}
        <Presets history={history} onTake={take} />
      </div>
      <p
        id={hintId}
        className={`field-hint ${wrong === null ? '' : 'tone-bad'}`}
        role={wrong === null ? undefined : 'alert'}
      >
        {hint}
      </p>
    </div>
  );
}

interface PresetsProps {
  readonly history: readonly string[];
  readonly onTake: (preset: FilterPreset) => void;
}

function Presets({ history, onTake }: PresetsProps) {
  return (
    <Ariakit.MenuProvider placement="bottom-end">
      <Ariakit.MenuButton className="filter-presets">
        Presets <ChevronDown size={12} aria-hidden="true" />
      </Ariakit.MenuButton>
      <Ariakit.Menu
        className="menu"
        gutter={8}
        portal
        preserveTabOrder={false}
        unmountOnHide
        aria-label="Presets"
      >
        <Ariakit.MenuGroup>
          <Ariakit.MenuGroupLabel className="menu-heading">Presets</Ariakit.MenuGroupLabel>
          {FILTER_PRESETS.map((preset) => (
            <Ariakit.MenuItem
              key={preset.title}
              className="menu-item"
              onClick={() => {
                onTake(preset);
              }}
            >
              <span>{preset.title}</span>
              {preset.filter === '' ? null : <code>{preset.filter}</code>}
              {preset.cost === null ? null : <small>{preset.cost}</small>}
            </Ariakit.MenuItem>
          ))}
        </Ariakit.MenuGroup>
        {history.length === 0 ? null : (
          <Ariakit.MenuGroup>
            <Ariakit.MenuGroupLabel className="menu-heading">Used before</Ariakit.MenuGroupLabel>
            {history.slice(0, MAX_HISTORY).map((filter) => (
              <Ariakit.MenuItem
                key={filter}
                className="menu-item is-past"
                onClick={() => {
                  onTake({ title: filter, filter, replace: null, cost: null });
                }}
              >
                <History size={13} aria-hidden="true" />
                <code>{filter}</code>
              </Ariakit.MenuItem>
            ))}
          </Ariakit.MenuGroup>
        )}
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}
