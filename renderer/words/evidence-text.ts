/** Evidence without weights as plain text, and the frames that evidence rests on. */

interface Piece {
  readonly text: string;
  readonly frames: readonly number[];
  readonly files: readonly number[];
}

/** A paragraph under its title; nothing where there is no evidence. */
export function pieceLines(title: string, pieces: readonly Piece[], hasFiles = false): string[] {
  if (pieces.length === 0) return [];
  return [title, ...pieces.map((piece) => `  - ${piece.text}${framesText(piece, hasFiles)}`), ''];
}

/** @param hasFiles whether there are several, so that the number of its file, from 1, stands before that of each frame */
export function framesText({ frames, files }: Pick<Piece, 'frames' | 'files'>, hasFiles = false): string {
  if (frames.length === 0) return '';
  const names = frames.map((frame, index) => (hasFiles ? `${files[index] + 1}:${frame}` : String(frame)));
  return ` [frame ${names.join(', ')}]`;
}
