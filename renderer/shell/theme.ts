/** Puts the chosen theme on the document; `system` follows the operating system while it changes. */
import type { Disposable } from '../../shared/base/disposable.ts';
import { toDisposable } from '../../shared/base/disposable.ts';
import type { AppStore } from '../state/store.ts';

export function applyTheme(document: Document, store: AppStore): Disposable {
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const { theme } = store.getState();
    document.documentElement.dataset.theme = theme === 'system' ? (dark.matches ? 'dark' : 'light') : theme;
  };
  apply();
  dark.addEventListener('change', apply);
  const unsubscribe = store.subscribe((state, before) => {
    if (state.theme !== before.theme) apply();
  });
  return toDisposable(() => {
    dark.removeEventListener('change', apply);
    unsubscribe();
  });
}
