/** Evidence without weights as plain text, and the frames that evidence rests on. */

interface Piece {
  readonly text: string;
  readonly frames: readonly number[];
}

/** A paragraph under its title; nothing where there is no evidence. */
export function pieceLines(title: string, pieces: readonly Piece[]): string[] {
  if (pieces.length === 0) return [];
  return [title, ...pieces.map((piece) => `  - ${piece.text}${framesText(piece)}`), ''];
}

export function framesText({ frames }: Pick<Piece, 'frames'>): string {
  return frames.length === 0 ? '' : ` [frame ${frames.join(', ')}]`;
}
