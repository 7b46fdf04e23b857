/** What is missing or marked of a stream, in words. */
import { plural } from '../../shared/format/count.ts';
import type { Conflict, GapPiece, GapReason, UnacknowledgedRange } from '../../shared/model/stream.ts';

const WHY: Readonly<Record<GapReason, (bytes: string, side: string) => string>> = {
  'not-captured': (bytes, side) =>
    `${bytes} from the ${side} were not captured; the other side acknowledged them`,
  lost: (bytes, side) => `${bytes} from the ${side} were lost, or not captured: nobody acknowledged them`,
  cut: (bytes, side) => `${bytes} from the ${side} were cut off by the capture’s snap length`,
  'let-go': (bytes, side) => `${bytes} from the ${side}: their packets are no longer kept`,
  elsewhere: (bytes, side) => `${bytes} from the ${side} came in IP fragments, which are not shown here`,
  'over-limit': (bytes, side) => `${bytes} from the ${side} came in too many pieces to be kept`,
};

export function gapText({ length, from, reason }: Pick<GapPiece, 'length' | 'from' | 'reason'>): string {
  return WHY[reason](plural(length, 'byte'), from);
}

export function unacknowledgedText({ from, length }: UnacknowledgedRange): string {
  return length === 1
    ? `This byte of the ${from} had not been acknowledged when the reset came.`
    : `These ${plural(length, 'byte')} of the ${from} had not been acknowledged when the reset came.`;
}

export function conflictText({ differing, frame, otherFrame }: Conflict): string {
  return `${plural(differing, 'byte')} came again with other content: frame ${frame} is shown, frame ${otherFrame} contradicts it. Somebody else may have written one of them.`;
}
