/** Whether a capture with these options can be asked for. */
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';

/** Linux' name for all interfaces together: the other machine's own names are not known here. */
export const REMOTE_INTERFACE = 'any';

/** @returns why not, in people's words; null when it can */
export function canStart({ diagnosis }: CaptureOffer, draft: LiveOptions): string | null {
  const second = draft.second === null ? null : placeRefusal(draft.second);
  if (draft.source === 'ssh') return placeRefusal(draft) ?? second;
  if (!diagnosis.canCapture) return 'Capturing is not possible here yet; see above.';
  return draft.interface === '' ? 'Choose an interface first.' : second;
}

/** @returns why another machine cannot be captured on, in people's words; null when it can */
export function placeRefusal({
  host,
  interface: name,
}: Pick<LiveOptions, 'host' | 'interface'>): string | null {
  if ((host ?? '').trim() === '') return 'Name the other machine first.';
  if ((host ?? '').startsWith('-')) return 'A host does not begin with a dash.';
  return name.trim() === '' ? 'Name the interface of the other machine first.' : null;
}
