/** What is marked of a stream's bytes, and the cutting of a piece at the borders of the marks. */
import type {
  Conflict,
  DataPiece,
  StreamHit,
  StreamPage,
  UnacknowledgedRange,
} from '../../shared/model/stream.ts';

/** A run of a piece whose bytes are marked alike. */
export interface Run {
  /** Within the piece's bytes. */
  readonly from: number;
  readonly to: number;
  readonly hit: StreamHit | undefined;
  readonly unacknowledged: UnacknowledgedRange | undefined;
  readonly conflict: Conflict | undefined;
}

interface Marked {
  readonly from: string;
  readonly offset: number;
  readonly length: number;
}

/** @param hits in the order of their places */
export function runsOf(
  piece: DataPiece,
  { unacknowledged, conflicts }: Pick<StreamPage, 'unacknowledged' | 'conflicts'>,
  hits: readonly StreamHit[],
): Run[] {
  const end = piece.offset + piece.bytes.length;
  const touching = <T extends Marked>(all: readonly T[]): readonly T[] =>
    all.filter(
      ({ from, offset, length }) => from === piece.from && offset < end && offset + length > piece.offset,
    );
  const marks = {
    hit: touching(hits),
    unacknowledged: touching(unacknowledged),
    conflict: touching(conflicts),
  };
  const borders = new Set([piece.offset, end]);
  for (const list of Object.values(marks)) {
    for (const { offset, length } of list) {
      borders.add(Math.max(piece.offset, offset));
      borders.add(Math.min(end, offset + length));
    }
  }
  const sorted = [...borders].sort((a, b) => a - b);
  const at = <T extends Marked>(all: readonly T[], offset: number): T | undefined =>
    all.find((mark) => mark.offset <= offset && offset < mark.offset + mark.length);
  return sorted.slice(0, -1).map((offset, i) => ({
    from: offset - piece.offset,
    to: sorted[i + 1] - piece.offset,
    hit: at(marks.hit, offset),
    unacknowledged: at(marks.unacknowledged, offset),
    conflict: at(marks.conflict, offset),
  }));
}
