/**
 * One of the four lists: its rows, what stands in their place, and the sign that the selected row is hidden. A view says
 * only what is its own: columns, toolbar, tone of a row, and the words for an empty list.
 */
import { FilterX } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';
import { sanitiseText } from '../../shared/format/text.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import type { FilteredList, RowOf, SortOf } from '../state/lists-slice.ts';
import { feedOf } from '../state/feeds.ts';
import type { RowFeed } from '../state/row-feed.ts';
import { queryOf } from '../state/lists-slice.ts';
import { CURSOR, SELECTED } from '../state/selection-slice.ts';
import { ListTimeline } from '../timeline/list-timeline.tsx';
import { OutOfRange } from '../timeline/out-of-range.tsx';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import type { Column } from './column.ts';
import { HiddenSelection } from './hidden-selection.tsx';
import { ListPane } from './list-pane.tsx';
import { ListStatus } from './list-status.tsx';
import { RowList } from './row-list.tsx';
import type { Picked } from './list-row.tsx';
import { useNewest } from './use-newest.ts';

/** A filter may come from a link: what is told of it shows what hides or reorders text. */
const MAX_TOLD = 400;

interface ListViewProps<L extends FilteredList> {
  readonly list: L;
  /** What assistive technology calls the list. */
  readonly label: string;
  /** What one row is called. */
  readonly noun: string;
  readonly columns: readonly Column<RowOf<L>, SortOf<L>>[];
  readonly Toolbar: (props: { readonly onLeave: () => void }) => ReactNode;
  /** Stands in place of the rows where there are none even without a filter. */
  readonly whenEmpty: ReactNode;
  readonly toneOf?: (row: RowOf<L>) => string;
  readonly onOpen: (row: RowOf<L>) => void;
  readonly isMarked?: (row: RowOf<L>) => boolean;
  readonly onSelect?: (from: number, to: number, how: Picked) => void;
  readonly onKey?: (event: KeyboardEvent) => void;
  readonly sentenceOf?: (row: RowOf<L>, before: RowOf<L> | undefined) => string;
  /** Between the toolbar and the rows. */
  readonly children?: ReactNode;
}

export function ListView<L extends FilteredList>(props: ListViewProps<L>) {
  const { list, label, noun, columns, Toolbar, whenEmpty, toneOf, onOpen, children } = props;
  const { actions, feeds } = useApp();
  const query = useAppState((state) => queryOf(state, list));
  const selected = useAppState((state) => state[SELECTED[list]]);
  const cursor = useAppState((state) => state[CURSOR[list]]);
  const newest = useNewest(list);
  const letterKeys = useAppState((state) => state.letterKeys);
  const { idOf, select, locate, sort } = actions.lists[list];
  const feed = feedOf(feeds, list);
  return (
    <ListPane Toolbar={Toolbar}>
      <ListTimeline list={list} />
      {children}
      <HiddenSelection list={list} noun={noun} />
      <div className="list-place">
        <RowList
          name={list}
          label={label}
          feed={feed}
          columns={columns}
          sorting={{ sort: query.sort, direction: query.direction, onSort: sort }}
          idOf={idOf}
          selected={selected}
          cursor={cursor}
          {...(toneOf === undefined ? {} : { toneOf })}
          onCursor={select}
          onOpen={onOpen}
          // In the lists of resets and of failures these letters are commands, which work from everywhere.
          hasStepLetters={letterKeys && list !== 'resets' && list !== 'failures'}
          locate={locate}
          {...(newest === undefined ? {} : { newest })}
          noun={noun}
          {...(props.isMarked === undefined ? {} : { isMarked: props.isMarked })}
          {...(props.onSelect === undefined ? {} : { onSelect: props.onSelect })}
          {...(props.onKey === undefined ? {} : { onKey: props.onKey })}
          {...(props.sentenceOf === undefined ? {} : { sentenceOf: props.sentenceOf })}
        />
        <NoRows list={list} noun={noun} filter={query.filter} whenEmpty={whenEmpty} />
      </div>
    </ListPane>
  );
}

interface NoRowsProps {
  readonly list: FilteredList;
  readonly noun: string;
  readonly filter: string;
  readonly whenEmpty: ReactNode;
}

function NoRows({ list, noun, filter, whenEmpty }: NoRowsProps) {
  const { actions, feeds } = useApp();
  const isNarrowed = useAppState((state) => state.range !== null);
  const feed: RowFeed<never, unknown> = feeds[list];
  const { shown } = useSyncExternalStore(feed.subscribe, feed.getState);
  if (shown?.total !== 0) return <ListStatus feed={feed} />;
  if (isNarrowed) return <OutOfRange noun={noun} />;
  if (filter === '') return whenEmpty;
  return (
    <Empty
      icon={<FilterX size={26} strokeWidth={1.4} />}
      title={`No ${noun} passes this filter`}
      actions={
        <Button
          onClick={() => {
            actions.setFilter(list, '');
          }}
        >
          Show all
        </Button>
      }
    >
      <code>{sanitiseText(filter, MAX_TOLD)}</code>
    </Empty>
  );
}
