/**
 * A list of any length: only the rows on screen exist. An ARIA grid with one tab stop, whose active row is told by
 * aria-activedescendant; the focus itself never moves into rows that scrolling removes.
 */
import { useCallback, useEffect, useId, useRef, useSyncExternalStore } from 'react';
import type { CSSProperties, KeyboardEvent } from 'react';
import { useFirstFocus } from '../ui/use-first-focus.ts';
import { useWidth } from '../ui/use-width.ts';
import type { Column } from './column.ts';
import { ListHeader } from './list-header.tsx';
import type { Sorting } from './list-header.tsx';
import { moveCursor } from './list-keys.ts';
import { ListRow } from './list-row.tsx';
import type { Picked } from './list-row.tsx';
import { ValueMenu, useValueMenu } from './value-menu.tsx';
import { useColumns } from './use-columns.ts';
import { NewestPill } from './newest-pill.tsx';
import type { RowFeed } from '../state/row-feed.ts';
import { useFollowCursor } from './use-follow-cursor.ts';
import type { NewestEnd } from './use-steady-rows.ts';
import { useSteadyRows } from './use-steady-rows.ts';
import { ROW_PX, useRowWindow } from './use-row-window.ts';
import './lists.css';

interface RowListProps<Query, Row, Sort extends string> {
  readonly label: string;
  /** Names the list, under which the choice of columns is kept. */
  readonly name: string;
  readonly feed: RowFeed<Query, Row>;
  readonly columns: readonly Column<Row, Sort>[];
  readonly sorting?: Sorting<Sort>;
  readonly idOf: (row: Row) => number;
  readonly selected: number | null;
  /** Row of the cursor; −1 for none. */
  readonly cursor: number;
  readonly toneOf?: (row: Row) => string;
  /** The cursor moved; the row is undefined while its page is on the way. */
  readonly onCursor: (cursor: number, row: Row | undefined) => void;
  readonly onOpen: (row: Row) => void;
  /** Rows that are selected beside the one under the cursor. */
  readonly isMarked?: (row: Row) => boolean;
  /** A row was picked with a modifier; `from` is where the cursor was. */
  readonly onSelect?: (from: number, to: number, how: Picked) => void;
  /** Whether `j` and `k` are this list's, as arrows are. */
  readonly hasStepLetters?: boolean;
  /** A key that the list itself does not know. */
  readonly onKey?: (event: KeyboardEvent) => void;
  /** The row as a sentence, for assistive technology. */
  readonly sentenceOf?: (row: Row, before: Row | undefined) => string;
  /** Where a row stands now, when the list was sorted, filtered or grew; −1 for nowhere. */
  readonly locate?: (id: number) => Promise<number>;
  /** The newest end of a list that grows; left out for one that does not. */
  readonly newest?: NewestEnd;
  /** What one row is called, for the sign that more came. */
  readonly noun?: string;
}

const noTone = (): string => '';

export function RowList<Query, Row, Sort extends string>(props: RowListProps<Query, Row, Sort>) {
  const { label, feed, sorting, idOf, selected, cursor, toneOf = noTone, onCursor, onOpen } = props;
  const { isMarked, onSelect, sentenceOf } = props;
  const { shown: source, switching } = useSyncExternalStore(feed.subscribe, feed.getState);
  const total = source?.total ?? 0;
  const domId = useId();
  const [frame, width] = useWidth<HTMLDivElement>();
  useFirstFocus(frame);
  const columns = useColumns(props.name, props.columns, width);
  const { shown: shownColumns, widths, totalPx } = columns;
  const view = useRowWindow(frame, feed, source, total);
  const awaited = useRef(-1);
  const cursorNow = useRef(cursor);
  useEffect(() => {
    cursorNow.current = cursor;
  }, [cursor]);

  const { newest, noun = 'row' } = props;
  const pick = useCallback(
    (index: number, row: Row | undefined, how?: Picked) => {
      if (how !== undefined && onSelect !== undefined) onSelect(cursorNow.current, index, how);
      // A user who picks an older row reads it: new rows must not push it out of view.
      if (newest !== undefined && isBehindNewest(newest, index, total)) newest.onFollowing(false);
      awaited.current = row === undefined ? index : -1;
      onCursor(index, row);
    },
    [onCursor, newest, total, onSelect],
  );

  // A row that the cursor reached before its page was here.
  const atCursor = source?.get(cursor);
  useEffect(() => {
    if (atCursor === undefined || awaited.current !== cursor) return;
    awaited.current = -1;
    onCursor(cursor, atCursor);
  }, [atCursor, cursor, onCursor]);

  const cursorId = atCursor === undefined ? null : idOf(atCursor);
  useSteadyRows({ scroller: frame, feed, source, idOf, selected, cursor, onCursor, newest }, view);
  useFollowCursor({ ...props, source, cursorId, version: source?.version ?? 0 }, view);

  const valueMenu = useValueMenu(shownColumns, (index) => source?.get(index));
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isInside(event.target, 'button')) return;
    if (valueMenu.onKey(event, atCursor, `${domId}-${cursor}`)) {
      event.preventDefault();
      return;
    }
    props.onKey?.(event);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && atCursor !== undefined) {
      event.preventDefault();
      onOpen(atCursor);
      return;
    }
    // Letters are shortcuts, which the user may turn off, and in some lists those of commands.
    if (event.key.length === 1 && props.hasStepLetters !== true) return;
    const next = moveCursor(event.key, cursor, total, Math.floor(view.viewportPx / ROW_PX));
    if (next === undefined) return;
    event.preventDefault();
    pick(next, source?.get(next), event);
  };

  const tracks = widths.map((px) => `${px}px`);
  // Beside the last title stands the button that chooses columns; the cells below it may have that room.
  const isLastWide = shownColumns.at(-1)?.align !== 'end';
  const tracksOfRows = isLastWide ? [...tracks.slice(0, -1), 'minmax(0, 1fr)'] : tracks;
  return (
    <>
      <div
        ref={frame}
        role="grid"
        tabIndex={0}
        data-pane
        className={`list ${switching ? 'is-switching' : ''}`}
        aria-label={label}
        aria-rowcount={total + 1}
        aria-colcount={shownColumns.length}
        aria-busy={switching}
        aria-activedescendant={view.items.includes(cursor) ? `${domId}-${cursor}` : undefined}
        aria-multiselectable={isMarked === undefined ? undefined : true}
        style={
          {
            '--tracks': tracks.join(' '),
            '--tracks-of-rows': tracksOfRows.join(' '),
            '--row-px': `${totalPx}px`,
          } as CSSProperties
        }
        onKeyDown={onKeyDown}
        onContextMenu={valueMenu.onContextMenu}
      >
        <ListHeader columns={columns} sorting={sorting} />
        <div
          role="rowgroup"
          className={`list-track ${isLastWide ? 'is-last-wide' : ''}`}
          style={{ height: view.trackPx }}
        >
          <div
            role="presentation"
            className="list-rows"
            style={{ transform: `translateY(${view.rowsTopPx}px)` }}
          >
            {view.items.map((index) => {
              const row = source?.get(index);
              const before = index === 0 ? undefined : source?.get(index - 1);
              return (
                <ListRow
                  key={index}
                  domId={`${domId}-${index}`}
                  index={index}
                  top={view.topOf(index)}
                  row={row}
                  before={before}
                  sentenceOf={sentenceOf}
                  columns={shownColumns}
                  isSelected={row !== undefined && (idOf(row) === selected || isMarked?.(row) === true)}
                  isCursor={index === cursor}
                  tone={row === undefined ? '' : toneOf(row)}
                  onPick={pick}
                  onOpen={onOpen}
                />
              );
            })}
          </div>
        </div>
      </div>
      <ValueMenu menu={valueMenu} />
      {newest === undefined || newest.at === null || newest.isFollowing ? null : (
        <NewestPill
          at={newest.at}
          count={total * ROW_PX <= view.viewportPx ? 0 : total - feed.place.seen}
          noun={noun}
          onClick={() => {
            newest.onFollowing(true);
          }}
        />
      )}
    </>
  );
}

function isBehindNewest({ at }: NewestEnd, index: number, total: number): boolean {
  return (at === 'end' && index < total - 1) || (at === 'start' && index > 0);
}

function isInside(target: EventTarget, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
