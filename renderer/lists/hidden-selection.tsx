/** Says in the list that the row whose details are shown beside it is hidden by the filter, and offers to show it. */
import { EyeOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { upperFirst } from '../../shared/format/text.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import { queryOf } from '../state/lists-slice.ts';
import { CURSOR, SELECTED } from '../state/selection-slice.ts';
import { Button } from '../ui/button.tsx';

export function HiddenSelection({ list, noun }: { readonly list: FilteredList; readonly noun: string }) {
  const { actions } = useApp();
  const filter = useAppState((state) => queryOf(state, list).filter);
  const selected = useAppState((state) => state[SELECTED[list]]);
  const cursor = useAppState((state) => state[CURSOR[list]]);
  const isHidden = useIsHidden(list, selected, filter, cursor);
  if (!isHidden) return null;
  return (
    <div className="list-notice" role="status">
      <EyeOff size={14} aria-hidden="true" />
      <span>{upperFirst(`the selected ${noun} does not pass the filter.`)}</span>
      <Button
        look="quiet"
        onClick={() => {
          actions.setFilter(list, '');
        }}
      >
        Show it
      </Button>
    </div>
  );
}

/** Whether the engine says so: a cursor that is nowhere may only be waiting for its place. */
function useIsHidden(list: FilteredList, selected: number | null, filter: string, cursor: number): boolean {
  const { actions } = useApp();
  const revision = useAppState((state) => state.progress.revision);
  const question = `${selected} ${filter}`;
  const [hidden, setHidden] = useState('');
  const isAsked = selected !== null && filter !== '';
  const { locate } = actions.lists[list];
  useEffect(() => {
    if (!isAsked) return;
    let isWanted = true;
    locate(selected).then(
      (place) => {
        if (isWanted) setHidden(place < 0 ? question : '');
      },
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [isAsked, locate, selected, question, revision, cursor]);
  return isAsked && hidden === question;
}
