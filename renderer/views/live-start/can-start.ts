/** Whether a capture with these options can be asked for. */
import type { CaptureOffer, LiveOptions } from '../../../shared/model/live.ts';

/** @returns why not, in people's words; null when it can */
export function canStart({ diagnosis }: CaptureOffer, draft: LiveOptions): string | null {
  if (draft.source === 'ssh') {
    if ((draft.host ?? '').trim() === '') return 'Name the other machine first.';
    if ((draft.host ?? '').startsWith('-')) return 'A host does not begin with a dash.';
    return draft.interface.trim() === '' ? 'Name the interface of the other machine first.' : null;
  }
  if (!diagnosis.canCapture) return 'Capturing is not possible here yet; see above.';
  return draft.interface === '' ? 'Choose an interface first.' : null;
}
