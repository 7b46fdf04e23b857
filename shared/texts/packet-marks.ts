/** The marks of the TCP analysis in words, in the order in which they are told. */
import {
  MARK_ACKED_UNSEEN,
  MARK_DUPLICATE_ACK,
  MARK_DUPLICATE_CAPTURE,
  MARK_FAST_RETRANSMISSION,
  MARK_KEEP_ALIVE,
  MARK_KEEP_ALIVE_ACK,
  MARK_LOST_SEGMENT,
  MARK_OUT_OF_ORDER,
  MARK_RETRANSMISSION,
  MARK_SACK,
  MARK_SPURIOUS_RETRANSMISSION,
  MARK_WINDOW_FULL,
  MARK_WINDOW_UPDATE,
  MARK_ZERO_WINDOW,
  MARK_ZERO_WINDOW_PROBE,
} from '../model/packet-marks.ts';

const NAMES: readonly (readonly [number, string])[] = [
  [MARK_RETRANSMISSION, 'retransmission'],
  [MARK_FAST_RETRANSMISSION, 'fast retransmission'],
  [MARK_SPURIOUS_RETRANSMISSION, 'spurious retransmission'],
  [MARK_OUT_OF_ORDER, 'out of order'],
  [MARK_LOST_SEGMENT, 'previous segment not captured'],
  [MARK_ACKED_UNSEEN, 'acknowledges unseen data'],
  [MARK_DUPLICATE_ACK, 'duplicate ACK'],
  [MARK_ZERO_WINDOW, 'zero window'],
  [MARK_ZERO_WINDOW_PROBE, 'zero window probe'],
  [MARK_WINDOW_FULL, 'window full'],
  [MARK_KEEP_ALIVE, 'keep-alive'],
  [MARK_KEEP_ALIVE_ACK, 'keep-alive ACK'],
  [MARK_WINDOW_UPDATE, 'window update'],
  [MARK_DUPLICATE_CAPTURE, 'captured twice'],
  [MARK_SACK, 'SACK'],
];

export function markNames(marks: number): string[] {
  return NAMES.filter(([mark]) => (marks & mark) !== 0).map(([, name]) => name);
}

/** The marks that a text of such names tells; other words in it are left out. */
export function marksNamed(text: string): number {
  const named = new Set(text.split(', '));
  return NAMES.reduce((marks, [mark, name]) => (named.has(name) ? marks | mark : marks), 0);
}
