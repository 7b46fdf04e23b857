/** Opens the dialog that hands over what is looked at. */
import type { Link } from '../state/link.ts';
import type { HandOverPart, HandOverSubject } from '../state/hand-over-slice.ts';
import { subjectKey } from '../state/hand-over-slice.ts';
import type { FilteredList } from '../state/lists-slice.ts';
import { queryOf } from '../state/lists-slice.ts';
import type { AppState, AppStore } from '../state/store.ts';

/** Resets of one connection that are offered beside it. */
const MOST_RESETS = 20;

/** The list that a view shows; undefined where it shows none that a filter narrows. */
export function listOf({
  view,
  endpointsBy,
}: Pick<AppState, 'view' | 'endpointsBy'>): FilteredList | undefined {
  switch (view) {
    case 'resets':
    case 'failures':
    case 'flows':
    case 'packets':
      return view;
    case 'endpoints':
      return endpointsBy === 'pairs' ? 'pairs' : 'addresses';
    default:
      return undefined;
  }
}

/** What is selected in the view, without what the whole capture has besides. */
function lookedAt({ view, reset, failure, flow, packetsFlow }: AppState): HandOverSubject[] {
  switch (view) {
    case 'resets':
      return reset === null ? [] : [{ kind: 'reset', id: reset, at: null }];
    case 'failures':
      return failure === null
        ? [{ kind: 'failures' }]
        : [{ kind: 'flow', id: failure, ends: null }, { kind: 'failures' }];
    case 'flows':
      return flow === null ? [] : [{ kind: 'flow', id: flow, ends: null }];
    case 'connection':
      return packetsFlow === null ? [] : [{ kind: 'flow', id: packetsFlow, ends: null }];
    default:
      return [];
  }
}

/** That which is looked at first, then what is selected elsewhere, the filter of the list, and the capture. */
function offered(
  state: AppState,
  first: readonly HandOverSubject[],
  selected: readonly HandOverSubject[],
): readonly HandOverSubject[] {
  const list = listOf(state);
  const filter = list === undefined ? '' : queryOf(state, list).filter;
  const all: HandOverSubject[] = [
    ...first,
    ...(list === undefined || filter.trim() === '' ? [] : [{ kind: 'list' as const, list, filter }]),
    { kind: 'capture' },
    ...selected,
    ...((state.endings?.failures ?? 0) === 0 ? [] : [{ kind: 'failures' as const }]),
  ];
  return [...new Map(all.map((subject) => [subjectKey(subject), subject])).values()];
}

export function createHandOverActions(store: AppStore, link: Link) {
  /** By which frame or ends it is called, and of a connection its resets, too. What was let go says so where it is asked for. */
  async function named(subject: HandOverSubject): Promise<HandOverSubject[]> {
    if (subject.kind === 'reset' && subject.at === null) {
      const at = await link.call('resets.frame', { id: subject.id }).catch(() => null);
      return [{ ...subject, at }];
    }
    if (subject.kind !== 'flow') return [subject];
    const account = await link.call('flows.account', { flow: subject.id }).catch(() => null);
    const resets = account?.resets.slice(0, MOST_RESETS) ?? [];
    return [
      { ...subject, ends: account?.row ?? subject.ends },
      ...resets.map(({ row }) => ({ kind: 'reset' as const, id: row.id, at: row })),
    ];
  }

  async function allNamed(subjects: readonly HandOverSubject[]): Promise<HandOverSubject[]> {
    return (await Promise.all(subjects.map(named))).flat();
  }

  return {
    /** @param subject what is looked at, where that is not what is selected in the view */
    async handOver(part: HandOverPart = 'report', subject?: HandOverSubject): Promise<void> {
      const state = store.getState();
      if (state.progress.phase === 'empty') return;
      const first = subject === undefined ? lookedAt(state) : [subject];
      const selected = state.reset === null ? [] : [{ kind: 'reset' as const, id: state.reset, at: null }];
      const [found, others] = await Promise.all([allNamed(first), allNamed(selected)]);
      // A connection that failed is told of among those that failed.
      if (subject?.kind === 'flow' && subject.id === state.failure) found.push({ kind: 'failures' });
      store.setState((now) => ({
        dialog: 'hand-over',
        handOverPart: part,
        handOverSubjects: offered(now, found, others),
      }));
    },

    setHandOverPart(handOverPart: HandOverPart): void {
      store.setState({ handOverPart });
    },
  };
}
