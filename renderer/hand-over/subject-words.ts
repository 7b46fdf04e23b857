/** What is handed over, in words. */
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { countText } from '../../shared/format/count.ts';
import { sanitiseText } from '../../shared/format/text.ts';

const MAX_FILTER = 80;

/** Inside of a sentence. */
export function subjectText(subject: HandOverSubject): string {
  switch (subject.kind) {
    case 'reset':
      return `reset ${countText(subject.id + 1)}`;
    case 'finding':
      return 'the finding';
    case 'flow':
      return `connection ${countText(subject.id)}`;
    case 'failures':
      return 'all connections that failed without a reset';
    case 'list':
      return `what passes the filter ${sanitiseText(subject.filter, MAX_FILTER)}`;
    case 'capture':
      return 'the whole capture';
  }
}
