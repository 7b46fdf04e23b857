/** The pieces of a page as turns of a conversation: what one side said until the other did, and the resets between. */
import type { DataPiece, GapPiece, ResetPiece, StreamPiece } from '../../shared/model/stream.ts';
import type { Side } from '../../shared/model/verdict.ts';

export interface Said {
  readonly kind: 'said';
  readonly from: Side;
  readonly pieces: (DataPiece | GapPiece)[];
}

/** Resets with no byte between them. */
export interface Resets {
  readonly kind: 'resets';
  readonly pieces: [ResetPiece, ...ResetPiece[]];
}

export type Turn = Said | Resets;

export function turnsOf(pieces: readonly StreamPiece[]): readonly Turn[] {
  const turns: Turn[] = [];
  for (const piece of pieces) {
    const last = turns.at(-1);
    if (piece.kind === 'reset') {
      if (last?.kind === 'resets') last.pieces.push(piece);
      else turns.push({ kind: 'resets', pieces: [piece] });
    } else if (last?.kind === 'said' && last.from === piece.from) last.pieces.push(piece);
    else turns.push({ kind: 'said', from: piece.from, pieces: [piece] });
  }
  return turns;
}

export function lengthOf(piece: DataPiece | GapPiece): number {
  return piece.kind === 'gap' ? piece.length : piece.bytes.length;
}
