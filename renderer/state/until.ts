/** Waits for a state. */
import type { AppState, AppStore } from './store.ts';

/** @returns false where it is given up */
export function until(
  store: AppStore,
  holds: (state: AppState) => boolean,
  isOver: (state: AppState) => boolean,
): Promise<boolean> {
  return new Promise((resolve) => {
    const look = (state: AppState): boolean => {
      const does = holds(state);
      if (!does && !isOver(state)) return false;
      resolve(does);
      return true;
    };
    if (look(store.getState())) return;
    const stop = store.subscribe((state) => {
      if (look(state)) stop();
    });
  });
}
