/** What is handed over, in words. */
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import { frameText } from '../words/frame-text.ts';

const MAX_FILTER = 80;

/** Inside of a sentence. @param files of the capture */
export function subjectText(subject: HandOverSubject, files: number): string {
  switch (subject.kind) {
    case 'reset':
      return subject.at === null
        ? 'the selected reset'
        : `the reset in frame ${frameText(subject.at, files)}`;
    case 'finding':
      return 'the finding';
    case 'flow':
      return subject.ends === null
        ? `connection ${subject.id}`
        : `the connection ${subject.ends.client} → ${subject.ends.server}`;
    case 'failures':
      return 'all connections that failed without a reset';
    case 'list':
      return `what passes the filter ${sanitiseText(subject.filter, MAX_FILTER)}`;
    case 'capture':
      return 'the whole capture';
  }
}
