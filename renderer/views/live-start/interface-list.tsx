/** The interfaces: a list box with one tab stop; Enter and a double click start. */
import { plural } from '../../../shared/format/count.ts';
import { useId, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Search } from 'lucide-react';
import type { CaptureInterface, CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';
import { useApp } from '../../core/app-context.ts';
import { moveCursor } from '../../lists/list-keys.ts';
import { REMOTE_INTERFACE, canStart } from './can-start.ts';
import { InterfaceRow, RemoteRow } from './interface-row.tsx';
import { SEARCH_FROM, listedInterfaces } from './interface-order.ts';
import { useCounters } from './use-counters.ts';

interface InterfaceListProps {
  readonly offer: CaptureOffer;
  readonly draft: LiveOptions;
}

/** Rows that Page Up and Page Down move by. */
const PAGE_ROWS = 8;

export function InterfaceList({ offer, draft }: InterfaceListProps) {
  const { actions } = useApp();
  const traffic = useCounters();
  const [search, setSearch] = useState('');
  const domId = useId();
  const { shown, hidden } = useMemo(
    () => listedInterfaces(offer.interfaces, traffic, search),
    [offer.interfaces, traffic, search],
  );
  const isRemote = draft.source === 'ssh';
  const selected = isRemote ? shown.length : shown.findIndex(({ name }) => name === draft.interface);

  const pick = (index: number): void => {
    const one = shown.at(index);
    actions.changeDraft(index >= shown.length || one === undefined ? remote(draft) : local(draft, one));
    document.getElementById(`${domId}-${index}`)?.scrollIntoView({ block: 'nearest' });
  };
  const start = (): void => {
    if (canStart(offer, draft) === null) void actions.startCapture();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length === 1) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      start();
      return;
    }
    const next = moveCursor(event.key, selected, shown.length + 1, PAGE_ROWS);
    if (next === undefined) return;
    event.preventDefault();
    pick(next);
  };
  return (
    <>
      {offer.interfaces.length > SEARCH_FROM ? (
        <div className="field-box live-search" data-own-escape={search === '' ? undefined : ''}>
          <Search size={13} aria-hidden="true" />
          <input
            type="text"
            role="searchbox"
            spellCheck={false}
            autoComplete="off"
            aria-label="Find an interface"
            placeholder={`Find among ${plural(offer.interfaces.length, 'interface')}: name, address, description`}
            value={search}
            onChange={(event) => {
              setSearch(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Escape' && search !== '') {
                event.preventDefault();
                event.stopPropagation();
                setSearch('');
              }
              if (event.key === 'ArrowDown' || event.key === 'Enter') {
                event.preventDefault();
                if (selected < 0 || isRemote) pick(0);
                document.getElementById(domId)?.focus();
              }
            }}
          />
        </div>
      ) : null}
      <div
        id={domId}
        role="listbox"
        tabIndex={0}
        className="interfaces"
        aria-label="Interfaces"
        aria-activedescendant={selected < 0 ? undefined : `${domId}-${selected}`}
        onKeyDown={onKeyDown}
        onDoubleClick={start}
        data-pane
      >
        {shown.map((one, index) => (
          <InterfaceRow
            key={one.name}
            domId={`${domId}-${index}`}
            one={one}
            traffic={traffic.byName.get(one.name)}
            isSelected={index === selected}
            onPick={() => {
              pick(index);
            }}
          />
        ))}
        <RemoteRow
          domId={`${domId}-${shown.length}`}
          isSelected={isRemote}
          onPick={() => {
            pick(shown.length);
          }}
        />
      </div>
      {shown.length === 0 ? (
        <p className="live-none" role="status">
          {offer.interfaces.length === 0
            ? 'This machine shows no interface that can be captured.'
            : `No interface is found by “${search}”.`}
        </p>
      ) : null}
      {hidden > 0 ? (
        <p className="live-more" role="status">
          {plural(hidden, 'more interface')}: type a part of the name or address to find them.
        </p>
      ) : null}
    </>
  );
}

function local(draft: LiveOptions, { name }: CaptureInterface): Partial<LiveOptions> {
  return draft.source === 'ssh' ? { source: 'auto', host: null, interface: name } : { interface: name };
}

function remote(draft: LiveOptions): Partial<LiveOptions> {
  return draft.source === 'ssh' ? {} : { source: 'ssh', host: '', interface: REMOTE_INTERFACE };
}
