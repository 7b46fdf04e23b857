/** The title of the page names the capture and the place, so that tabs and windows are told apart; while reading it says how far. */
import type { Disposable } from '../../shared/base/disposable.ts';
import { toDisposable } from '../../shared/base/disposable.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { placeName } from '../core/place.ts';
import { isCapturing } from '../state/live-slice.ts';
import type { AppState, AppStore } from '../state/store.ts';
import { captureName, namesText } from '../words/capture-name.ts';
import { placeText as livePlaceText } from '../words/live-text.ts';
import { readShare } from '../words/reading.ts';

const APP = 'Resetscope';
const MAX_NAME = 200;

export function applyTitle(document: Document, store: AppStore): Disposable {
  const apply = (): void => {
    const title = titleOf(store.getState());
    if (document.title !== title) document.title = title;
  };
  apply();
  return toDisposable(store.subscribe(apply));
}

export function titleOf(state: AppState): string {
  const { progress, place, live, view, fleet } = state;
  if (view === 'fleet')
    return fleet.state === 'open'
      ? `Fleet · ${sanitiseText(fleet.summary.name, MAX_NAME)} · ${APP}`
      : `Fleet · ${APP}`;
  if (progress.phase === 'empty') return APP;
  const name = nameOf(state);
  const share = progress.phase === 'reading' ? readShare(progress) : null;
  const parts = [
    share === null ? '' : `${Math.floor(share * 100)}%`,
    isCapturing(live) ? `${progress.resets} resets` : place === null ? '' : placeName(place),
    name,
    APP,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function nameOf({ captures, running, live, summary, openedPaths, caseNames }: AppState): string {
  const shown = captures.find(({ isShown }) => isShown);
  if (shown !== undefined) return captureName(shown, running, caseNames);
  if (isCapturing(live)) return livePlaceText(live.options);
  const joined = caseNames.get(-1);
  if (joined !== undefined) return joined;
  const files = summary?.files ?? [];
  return namesText(files.length > 0 ? files.map(({ path }) => path) : openedPaths);
}
