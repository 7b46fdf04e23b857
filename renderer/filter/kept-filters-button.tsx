/** Filters used lately and filters saved under a name, to take them up again. */
import * as Ariakit from '@ariakit/react';
import { History, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { sanitiseText } from '../../shared/format/text.ts';
import { forgetFilter, saveFilter, useKeptFilters } from './kept-filters.ts';

/** Filters are pasted from elsewhere, and their names as well. */
const MAX_TOLD = 400;

interface KeptFiltersButtonProps {
  /** What can be saved; empty where there is nothing. */
  readonly filter: string;
  readonly onPick: (filter: string) => void;
}

export function KeptFiltersButton({ filter, onPick }: KeptFiltersButtonProps) {
  const popover = Ariakit.usePopoverStore({ placement: 'bottom-end' });
  const pick = (text: string) => {
    popover.hide();
    onPick(text);
  };
  return (
    <>
      <Ariakit.PopoverDisclosure
        store={popover}
        className="filter-help"
        aria-label="Recent and saved filters"
      >
        <History size={13} aria-hidden="true" />
      </Ariakit.PopoverDisclosure>
      <Ariakit.Popover
        store={popover}
        className="popover filter-kept"
        gutter={8}
        portal
        unmountOnHide
        aria-label="Recent and saved filters"
      >
        <KeptFiltersLists onPick={pick} />
        {filter === '' ? null : <SaveForm filter={filter} />}
      </Ariakit.Popover>
    </>
  );
}

function KeptFiltersLists({ onPick }: { readonly onPick: (filter: string) => void }) {
  const { recent, saved } = useKeptFilters();
  if (recent.length === 0 && saved.length === 0) {
    return <p className="kept-none">Filters that you use are kept here, in this browser only.</p>;
  }
  return (
    <>
      {saved.length === 0 ? null : (
        <section>
          <h3>Saved</h3>
          <ul>
            {saved.map(({ name, text }) => (
              <li key={name}>
                <button
                  type="button"
                  className="kept-filter"
                  onClick={() => {
                    onPick(text);
                  }}
                >
                  <span>{sanitiseText(name, MAX_TOLD)}</span>
                  <code>{sanitiseText(text, MAX_TOLD)}</code>
                </button>
                <button
                  type="button"
                  className="kept-forget"
                  aria-label={`Forget ${sanitiseText(name, MAX_TOLD)}`}
                  onClick={() => {
                    forgetFilter(name);
                  }}
                >
                  <Trash2 size={12} aria-hidden="true" />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {recent.length === 0 ? null : (
        <section>
          <h3>Recent</h3>
          <ul>
            {recent.map((text) => (
              <li key={text}>
                <button
                  type="button"
                  className="kept-filter"
                  onClick={() => {
                    onPick(text);
                  }}
                >
                  <code>{sanitiseText(text, MAX_TOLD)}</code>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function SaveForm({ filter }: { readonly filter: string }) {
  const [name, setName] = useState('');
  return (
    <form
      className="kept-save"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        saveFilter(name.trim(), filter);
        setName('');
      }}
    >
      <label>
        <span>Save the filter as</span>
        <input
          type="text"
          maxLength={60}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
      </label>
      <button type="submit" disabled={name.trim() === ''}>
        Save
      </button>
    </form>
  );
}
