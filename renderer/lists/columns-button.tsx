/** At the end of the titles: which columns the list has, and how many of them it has no room for. */
import * as Ariakit from '@ariakit/react';
import { Check, Columns3 } from 'lucide-react';
import { plural } from '../../shared/format/count.ts';
import type { ColumnsOfList } from './use-columns.ts';

export function ColumnsButton<Row, Sort extends string>({
  columns,
}: {
  readonly columns: ColumnsOfList<Row, Sort>;
}) {
  const { all, left, choices } = columns;
  return (
    <Ariakit.MenuProvider placement="bottom-end">
      <Ariakit.MenuButton
        className="columns-button"
        aria-label={
          left.length === 0 ? 'Columns' : `Columns: ${plural(left.length, 'more does', 'more do')} not fit`
        }
        title={left.length === 0 ? 'Columns' : `No room for: ${left.map(({ title }) => title).join(', ')}`}
      >
        {left.length === 0 ? null : <span>+{left.length}</span>}
        <Columns3 size={13} aria-hidden="true" />
      </Ariakit.MenuButton>
      <Ariakit.Menu className="menu column-menu" gutter={6} portal unmountOnHide aria-label="Columns">
        <Ariakit.MenuGroup>
          <Ariakit.MenuGroupLabel className="menu-heading">Columns</Ariakit.MenuGroupLabel>
          {all.map(({ id, title, about }) => (
            <Ariakit.MenuItemCheckbox
              key={id}
              name="columns"
              value={id}
              checked={columns.isChosen(id)}
              hideOnClick={false}
              className="menu-item menu-check"
              onChange={(event) => {
                columns.setVisible(id, event.target.checked);
              }}
            >
              <span className="menu-tick">
                <Ariakit.MenuItemCheck>
                  <Check size={13} aria-hidden="true" />
                </Ariakit.MenuItemCheck>
              </span>
              <span>
                {id === 'matters' ? 'Matters' : title}
                {left.some((column) => column.id === id) ? <small> no room</small> : null}
              </span>
              {about === undefined ? null : <small>{about}</small>}
            </Ariakit.MenuItemCheckbox>
          ))}
        </Ariakit.MenuGroup>
        <Ariakit.MenuSeparator className="menu-line" />
        <Ariakit.MenuItemCheckbox
          name="wide"
          value="wide"
          checked={choices.isWide}
          hideOnClick={false}
          className="menu-item menu-check"
          onChange={(event) => {
            columns.setWide(event.target.checked);
          }}
        >
          <span className="menu-tick">
            <Ariakit.MenuItemCheck>
              <Check size={13} aria-hidden="true" />
            </Ariakit.MenuItemCheck>
          </span>
          <span>Show all of them and scroll sideways</span>
        </Ariakit.MenuItemCheckbox>
        <Ariakit.MenuItem className="menu-item" onClick={columns.reset}>
          Reset columns
        </Ariakit.MenuItem>
      </Ariakit.Menu>
    </Ariakit.MenuProvider>
  );
}
