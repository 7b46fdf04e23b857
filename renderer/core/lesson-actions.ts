/** Lessons, and the captures that they are told by. */
import type { Lesson, LessonPart } from '../../shared/model/lesson.ts';
import type { Feeds } from '../state/feeds.ts';
import type { Link } from '../state/link.ts';
import { narrowed } from '../state/range-slice.ts';
import type { AppState, AppStore } from '../state/store.ts';
import { until } from '../state/until.ts';

interface LessonParts {
  openFailed(error: unknown, paths: readonly string[]): void;
  showReset(id: number): Promise<void>;
}

export function createLessonActions(store: AppStore, link: Link, feeds: Feeds, parts: LessonParts) {
  /** Goes to the first reset of a capture as soon as it is read, unless somebody has gone elsewhere by then. */
  async function showFirstReset(before: AppState['progress']['capture']): Promise<void> {
    const isRead = await until(
      store,
      ({ progress }) => progress.capture !== before && progress.phase === 'done',
      (state) =>
        state.link !== 'open' ||
        state.progress.phase === 'failed' ||
        state.progress.phase === 'cancelled' ||
        isElsewhere(state),
    );
    if (!isRead) return;
    const state = store.getState();
    const first = await feeds.resets.fetchRow(narrowed(state.resetQuery, state), 0);
    if (first !== undefined && !isElsewhere(store.getState())) await parts.showReset(first.id);
  }

  return {
    showLesson(lesson: string | null): void {
      store.setState({ lesson, dialog: null });
    },

    /**
     * Opens what a lesson is told by.
     * @param at the capture point; null for all of them, compared
     * @param toReset shows the verdict on its first reset, where it has one
     */
    async openLesson(
      { name, title }: Lesson,
      part: LessonPart,
      at: string | null,
      toReset: boolean,
    ): Promise<void> {
      const before = store.getState().progress.capture;
      store.setState({ opening: { names: [title], upload: null }, openError: null, dialog: null });
      try {
        await link.call('host.openLesson', { name, part, at });
        store.setState({ opening: null, lesson: null, view: 'overview', isPassing: toReset });
        if (toReset) await showFirstReset(before);
      } catch (error) {
        parts.openFailed(error, []);
      } finally {
        store.setState({ isPassing: false });
      }
    },
  };
}

function isElsewhere({ view, lesson }: AppState): boolean {
  return view !== 'overview' || lesson !== null;
}
