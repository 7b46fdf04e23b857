/**
 * Where a filter is typed. While what stands there cannot be read, the last filter that could stays in force: the wrong part is
 * underlined, the reason stands below, and Enter mends it where it can be mended.
 */
import * as Ariakit from '@ariakit/react';
import { Filter, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { adviceOn } from '../../shared/filter/advice.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { countText, plural } from '../../shared/format/count.ts';
import type { Looked } from '../../shared/model/looked.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { Completion } from './complete.ts';
import { FilterHelpButton } from './filter-help-button.tsx';
import { KeptFiltersButton } from './kept-filters-button.tsx';
import { noteFilter } from './kept-filters.ts';
import { partsOf } from './highlight.ts';
import { useCompletions } from './use-completions.ts';
import './filter.css';

/** Nobody is told of a mistake in the middle of a word. */
const REST_MS = 180;

/** A filter may come from a link or from elsewhere: what is told of it shows what hides or reorders text, and is not longer. */
const MAX_TOLD = 400;

/** With nothing to offer the popover stays away; where there is something, only its store says whether it is open. */
const CLOSED = { hidden: true } as const;

export interface FilterBarProps {
  /** What the list holds, in the plural: `resets`, `packets`. */
  readonly of: string;
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly placeholder: string;
  /** Terms to pick in the help. */
  readonly chips: readonly string[];
  /** Rows that pass; undefined before the first answer. */
  readonly total: number | undefined;
  /** Rows without a filter. */
  readonly all: number;
  /** An answer is awaited. */
  readonly busy: boolean;
  /** Ends the looking. */
  readonly onStop: () => void;
  /** How far a filter is that has to read every packet; absent where it is through. */
  readonly looked?: Looked | undefined;
  /** What the engine said against the filter in force, or why it could not answer. */
  readonly refused: { readonly message: string; readonly isWrong: boolean } | null;
  readonly onLeave: () => void;
}

export function FilterBar(props: FilterBarProps) {
  const { of: name, filter, onFilter, placeholder, refused, onLeave } = props;
  const [draft, setDraft] = useState(filter);
  const [asked, setAsked] = useState(filter);
  const [rested, setRested] = useState(filter);
  // The filter was set from elsewhere (a preset, a bar of the overview): the field follows.
  if (asked !== filter) {
    setAsked(filter);
    setDraft(filter);
    setRested(filter);
  }
  const parsed = useMemo(() => parseFilter(draft), [draft]);
  const error = parsed.ok ? null : parsed.error;
  useEffect(() => {
    if (draft === rested) return;
    const timer = setTimeout(() => {
      setRested(draft);
      if (error === null) onFilter(draft);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [draft, rested, error, onFilter]);

  const input = useRef<HTMLInputElement>(null);
  const layer = useRef<HTMLDivElement>(null);
  const errorId = useId();
  const [caret, setCaret] = useState(filter.length);
  const combobox = Ariakit.useComboboxStore({ placement: 'bottom-start', value: draft, setValue: setDraft });
  const activeId = Ariakit.useStoreState(combobox, 'activeId');
  const isOpen = Ariakit.useStoreState(combobox, 'open');
  const completions = useCompletions(draft, caret, isOpen);
  // What is being written, with offers to complete it, is not wrong yet.
  const isAtCaret = error !== null && error.from <= caret && caret <= error.to;
  const isUnderWay = isOpen && completions.items.length > 0 && isAtCaret;
  const shownError = rested === draft && !isUnderWay ? error : null;
  const advice = parsed.ok && rested === draft ? adviceOn(draft, parsed.value) : null;
  const isWrong = shownError !== null || refused?.isWrong === true;

  const complete = ({ text }: Completion) => {
    const next = draft.slice(0, completions.from) + text + draft.slice(completions.to);
    const end = completions.from + text.length;
    // A word that waits for its value has no space behind it.
    const space = /[:({]$/u.test(text) || draft[completions.to] === ' ' ? '' : ' ';
    replaceDraft(next.slice(0, end) + space + next.slice(end), end + space.length);
  };
  const replaceDraft = (text: string, to: number) => {
    setDraft(text);
    setCaret(to);
    requestAnimationFrame(() => {
      input.current?.focus();
      // Who has typed on by now has the caret where it belongs.
      if (input.current?.value === text) input.current.setSelectionRange(to, to);
    });
  };
  const mend = () => {
    if (error === null || error.suggestion === null) return;
    replaceDraft(error.suggestion.text, error.suggestion.text.length);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    // Within the offered completions the keys are theirs.
    if (isOpen && activeId !== null && activeId !== undefined) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      combobox.hide();
      onLeave();
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      if (error !== null) {
        setRested(draft);
        mend();
        return;
      }
      combobox.hide();
      noteFilter(draft);
      if (draft !== filter) onFilter(draft);
      onLeave();
    }
    if (event.key === 'ArrowDown' && !(isOpen && completions.items.length > 0)) {
      event.preventDefault();
      if (error === null && draft !== filter) onFilter(draft);
      onLeave();
    }
  };

  return (
    <div className="filter">
      <div className={`field-box filter-box ${isWrong ? 'is-wrong' : ''}`}>
        <Filter size={13} aria-hidden="true" />
        <div className="filter-typed">
          <div ref={layer} className="filter-layer" aria-hidden="true">
            {partsOf(draft, shownError).map((part, i) => (
              <span key={i} className={`part-${part.kind} ${part.isWrong ? 'part-wrong' : ''}`}>
                {part.text}
              </span>
            ))}
            {shownError !== null && shownError.from >= draft.length ? (
              <span className="part-wrong"> </span>
            ) : null}
          </div>
          <Ariakit.Combobox
            ref={input}
            store={combobox}
            data-filter-field
            autoComplete="list"
            spellCheck={false}
            showOnClick={false}
            showOnKeyPress={false}
            setValueOnClick={false}
            aria-label={`Filter ${name}`}
            aria-invalid={isWrong}
            aria-describedby={isWrong ? errorId : undefined}
            placeholder={placeholder}
            onKeyDown={onKeyDown}
            onChange={(event) => {
              setCaret(event.currentTarget.selectionStart ?? event.currentTarget.value.length);
            }}
            onSelect={(event) => {
              setCaret(event.currentTarget.selectionStart ?? draft.length);
            }}
            onScroll={(event) => {
              if (layer.current !== null) layer.current.scrollLeft = event.currentTarget.scrollLeft;
            }}
            onBlur={() => {
              if (error === null) noteFilter(draft);
            }}
          />
        </div>
        {draft === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <button
            type="button"
            className="filter-clear"
            aria-label="Clear the filter"
            onClick={() => {
              setDraft('');
              setRested('');
              onFilter('');
            }}
          >
            <X size={13} aria-hidden="true" />
          </button>
        )}
        <KeptFiltersButton filter={error === null ? draft.trim() : ''} onPick={onFilter} />
        <FilterHelpButton
          chips={props.chips}
          onPick={(chip) => {
            onFilter(withTerm(draft, chip));
          }}
        />
      </div>
      <Standing {...props} />
      {shownError === null ? null : (
        <div id={errorId} className="filter-error" role="alert">
          <span>{sanitiseText(shownError.message, MAX_TOLD)}</span>
          {shownError.suggestion === null ? null : (
            <button type="button" className="filter-mend" onClick={mend}>
              {shownError.suggestion.about} <kbd>Enter</kbd>
            </button>
          )}
          <span className="filter-still">
            {filter === '' ? (
              'All are shown meanwhile.'
            ) : (
              <>
                Still shown: <code>{sanitiseText(filter, MAX_TOLD)}</code>
              </>
            )}
          </span>
        </div>
      )}
      {advice === null ? null : (
        <div className="filter-note">
          <button
            type="button"
            className="filter-mend"
            onClick={() => {
              setDraft(advice.text);
            }}
          >
            {advice.about}
          </button>
        </div>
      )}
      {shownError === null && refused !== null ? (
        <div id={errorId} className="filter-error" role="alert">
          {sanitiseText(refused.message, MAX_TOLD)}
        </div>
      ) : null}
      <Ariakit.ComboboxPopover
        store={combobox}
        className="filter-offers"
        gutter={6}
        portal
        {...(completions.items.length === 0 ? CLOSED : null)}
        aria-label="What can stand here"
      >
        {completions.items.map((item) => (
          <Ariakit.ComboboxItem
            key={`${item.kind} ${item.text}`}
            className="filter-offer"
            setValueOnClick={false}
            hideOnClick={false}
            focusOnHover
            onClick={() => {
              complete(item);
            }}
          >
            <code>{item.text}</code>
            <span className="offer-about">{item.about}</span>
            <span className="offer-kind">{item.kind}</span>
          </Ariakit.ComboboxItem>
        ))}
      </Ariakit.ComboboxPopover>
    </div>
  );
}

/** How many pass, and how far the looking is. */
function Standing({ filter, total, all, busy, looked, onStop }: FilterBarProps) {
  const isLooking = looked !== undefined && looked.done < looked.of;
  return (
    <span className="filter-count num">
      <span role="status">{total === undefined ? '' : listCount(total, all, filter !== '')}</span>
      {isLooking ? (
        <>
          <span> so far · {Math.floor((100 * looked.done) / looked.of)} % looked at</span>
          <progress
            className="filter-progress"
            max={looked.of}
            value={looked.done}
            aria-label="Packets looked at"
          />
          <button type="button" className="filter-stop" onClick={onStop}>
            Stop
          </button>
        </>
      ) : busy && filter !== '' ? (
        <span className="filter-busy">looking …</span>
      ) : null}
    </span>
  );
}

/** Adds the term, or takes it out where it already stands. */
export function withTerm(filter: string, term: string): string {
  const terms = filter.split(' ').filter((one) => one !== '');
  const others = terms.filter((one) => one !== term);
  return (others.length < terms.length ? others : [...terms, term]).join(' ');
}

/** A burst of resets is one row, so that there may be fewer rows than resets. */
function listCount(rows: number, all: number, isFiltered: boolean): string {
  if (isFiltered) return `${countText(rows)} of ${countText(all)}`;
  return rows < all ? plural(rows, 'row') : countText(rows);
}
