/** The quick filter of a list: what is typed is asked for after a short rest; errors stand below it. */
import * as Ariakit from '@ariakit/react';
import { CircleHelp, Filter, X } from 'lucide-react';
import { useCallback, useEffect, useId, useState, useSyncExternalStore } from 'react';
import { RpcError } from '../../shared/contract/errors.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { FilterHelp } from './filter-help.tsx';
import { useApp, useAppState } from '../core/app-context.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import { queryOf } from '../state/lists-slice.ts';
import type { RowFeed } from '../state/row-feed.ts';

const REST_MS = 180;

interface FilterFieldProps {
  readonly list: FilteredList;
  readonly placeholder: string;
  /** Terms to pick in the help. */
  readonly chips: readonly string[];
  /** Rows without a filter. */
  readonly all: number;
  /** Down and Enter lead into the list. */
  readonly onLeave: () => void;
}

export function FilterField({ list, placeholder, chips, all, onLeave }: FilterFieldProps) {
  const { actions, feeds } = useApp();
  const feed: RowFeed<never, unknown> = feeds[list];
  const filter = useAppState((state) => queryOf(state, list).filter);
  const onFilter = useCallback(
    (next: string) => {
      actions.setFilter(list, next);
    },
    [actions, list],
  );
  const state = useSyncExternalStore(feed.subscribe, feed.getState);
  const errorId = useId();
  const [draft, setDraft] = useState(filter);
  const [asked, setAsked] = useState(filter);
  // The filter was set from elsewhere (a preset, a bar of the overview): the field follows.
  if (asked !== filter) {
    setAsked(filter);
    setDraft(filter);
  }
  useEffect(() => {
    if (draft === filter) return;
    const timer = setTimeout(() => {
      onFilter(draft);
    }, REST_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [draft, filter, onFilter]);

  const error = state.error;
  const isTypo = error instanceof RpcError && error.code === 'bad-request';
  const total = state.shown?.total;
  return (
    <div className="filter">
      <div className={`field-box filter-box ${isTypo ? 'is-wrong' : ''}`}>
        <Filter size={13} aria-hidden="true" />
        <input
          data-filter-field
          type="text"
          role="searchbox"
          spellCheck={false}
          autoComplete="off"
          aria-label={`Filter ${list}`}
          aria-invalid={isTypo}
          aria-describedby={isTypo ? errorId : undefined}
          placeholder={placeholder}
          value={draft}
          onChange={(event) => {
            setDraft(event.target.value);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              event.preventDefault();
              if (draft === '') onLeave();
              else setDraft('');
            }
            if (event.key === 'Enter' || event.key === 'ArrowDown') {
              event.preventDefault();
              if (draft !== filter) onFilter(draft);
              onLeave();
            }
          }}
        />
        {draft === '' ? (
          <kbd aria-hidden="true">/</kbd>
        ) : (
          <button
            type="button"
            className="filter-clear"
            aria-label="Clear the filter"
            onClick={() => {
              setDraft('');
              onFilter('');
            }}
          >
            <X size={13} aria-hidden="true" />
          </button>
        )}
        <HelpPopover
          chips={chips}
          onPick={(chip) => {
            onFilter(withTerm(draft, chip));
          }}
        />
      </div>
      <span className="filter-count num" role="status">
        {total === undefined ? '' : listCount(total, all, filter !== '')}
      </span>
      {error === undefined ? null : (
        <div id={errorId} className="filter-error" role="alert">
          {error.message}
        </div>
      )}
    </div>
  );
}

/** Adds the term, or takes it out where it already stands. */
export function withTerm(filter: string, term: string): string {
  const terms = filter.split(' ').filter((one) => one !== '');
  const others = terms.filter((one) => one !== term);
  return (others.length < terms.length ? others : [...terms, term]).join(' ');
}

interface HelpPopoverProps {
  readonly chips: readonly string[];
  readonly onPick: (chip: string) => void;
}

function HelpPopover({ chips, onPick }: HelpPopoverProps) {
  return (
    <Ariakit.PopoverProvider placement="bottom-end">
      <Ariakit.PopoverDisclosure className="filter-help" aria-label="How to filter">
        <CircleHelp size={13} aria-hidden="true" />
      </Ariakit.PopoverDisclosure>
      <Ariakit.Popover
        className="popover prose"
        gutter={8}
        portal
        unmountOnHide
        tabIndex={0}
        aria-label="How to filter"
      >
        <div className="filter-chips" role="group" aria-label="Terms to add">
          {chips.map((chip) => (
            <button
              key={chip}
              type="button"
              className="filter-chip mono"
              onClick={() => {
                onPick(chip);
              }}
            >
              {chip}
            </button>
          ))}
        </div>
        <FilterHelp />
      </Ariakit.Popover>
    </Ariakit.PopoverProvider>
  );
}

/** A burst of resets is one row, so that there may be fewer rows than resets. */
function listCount(rows: number, all: number, isFiltered: boolean): string {
  if (isFiltered) return `${countText(rows)} of ${countText(all)}`;
  return rows < all ? plural(rows, 'row') : countText(rows);
}
