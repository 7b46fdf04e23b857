/** Keeps the time of the selected reset, from which times can be told. */
import type { Disposable } from '../../shared/base/disposable.ts';
import { toDisposable } from '../../shared/base/disposable.ts';
import type { Link } from '../state/link.ts';
import type { AppStore } from '../state/store.ts';

export function keepSelectedTime(store: AppStore, link: Link): Disposable {
  const take = async (reset: number): Promise<void> => {
    const told = await link.call('resets.frame', { id: reset }).catch(() => null);
    if (store.getState().reset === reset) store.setState({ selectedNs: told?.timeNs ?? null });
  };
  return toDisposable(
    store.subscribe(({ reset, timeStyle }, before) => {
      if (timeStyle !== 'selected' || (reset === before.reset && before.timeStyle === 'selected')) return;
      if (reset === null) store.setState({ selectedNs: null });
      else void take(reset);
    }),
  );
}
