/** A value that is shown and that can be filtered for: click or Enter opens what can be done with it. */
import * as Ariakit from '@ariakit/react';
import type { MouseEvent, ReactNode } from 'react';
import { sanitiseText } from '../../shared/format/text.ts';
import { both, valueFilter, without } from '../../shared/filter/compose.ts';
import { nameKey } from '../../shared/names/name-key.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { copyText } from '../platform/clipboard.ts';
import { queryOf } from '../state/lists-slice.ts';
import './field-value.css';

/** The filter names the value as it stands in the packet: what hides or reorders text in it is shown. */
const MAX_TOLD = 400;

export interface FieldValueProps {
  /** Name of the field as filters write it: `ip.addr`. */
  readonly field: string;
  /** The value as filters write it, without quotes: `10.0.0.1`, `GET`. Strings are quoted where the field's type asks for it. */
  readonly value: string;
  /** What is shown; the value where there is nothing else to say. */
  readonly children?: ReactNode;
}

export function FieldValue({ field, value, children }: FieldValueProps) {
  return (
    <Ariakit.MenuProvider placement="bottom-start">
      <Ariakit.MenuButton
        className="field-value"
        title={`${field}: filter for it, exclude it, copy it`}
        // A row that the value stands in would be selected besides.
        onClick={(event: MouseEvent) => {
          event.stopPropagation();
        }}
      >
        {children ?? value}
      </Ariakit.MenuButton>
      <Ariakit.Menu className="popover menu field-value-menu" gutter={4} portal unmountOnHide>
        <FieldValueActions field={field} value={value} />
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}

/** The list that a view belongs to: where none does, resets are what the app is about. */
const LISTS: Readonly<Record<string, 'flows' | 'failures' | 'resets' | 'packets'>> = {
  flows: 'flows',
  failures: 'failures',
  resets: 'resets',
  packets: 'packets',
};

export function FieldValueActions({ field, value }: Pick<FieldValueProps, 'field' | 'value'>) {
  const { actions } = useApp();
  const list = useAppState((state) => LISTS[state.view] ?? 'resets');
  const filter = useAppState((state) => queryOf(state, list).filter);
  const isShown = useAppState((state) => state.view === list);
  // From a view that has no filter of its own the way leads to the list.
  const show = (text: string): void => {
    if (isShown) actions.setFilter(list, text);
    else actions.filterList(list, text);
  };
  const wanted = valueFilter(field, value);
  const key = nameKey(value);
  const name = useAppState((state) => state.names.get(key ?? ''));
  const item = (text: string, onClick: () => void) => (
    <Ariakit.MenuItem className="menu-item" onClick={onClick}>
      {text}
    </Ariakit.MenuItem>
  );
  return (
    <>
      <div className="field-value-filter mono">{sanitiseText(wanted, MAX_TOLD)}</div>
      {item(`Only ${list} with it`, () => {
        show(wanted);
      })}
      {filter === ''
        ? null
        : item('And with it', () => {
            show(both(filter, wanted));
          })}
      {item(`No ${list} with it`, () => {
        show(without(filter, wanted));
      })}
      {list === 'packets'
        ? null
        : item('All packets with it', () => {
            actions.filterList('packets', wanted);
          })}
      {key === undefined
        ? null
        : item(name === undefined ? 'Name it…' : `Change its name, ${name}…`, () => {
            actions.editNames(key);
          })}
      <Ariakit.MenuSeparator className="menu-separator" />
      {item('Copy the value', () => void copyText(value))}
      {item('Copy as a filter', () => void copyText(wanted))}
    </>
  );
}
