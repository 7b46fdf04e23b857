/** Evidence without weights, each piece with the packets it rests on. */
import type { Rested } from './frame-links.tsx';
import { FrameLinks } from './frame-links.tsx';

interface Piece extends Rested {
  readonly code: string;
  readonly text: string;
}

export function PieceList({ pieces }: { readonly pieces: readonly Piece[] }) {
  return (
    <ul className="piece-list">
      {pieces.map((piece) => (
        <li key={piece.code} className="piece-text">
          {piece.text} <FrameLinks piece={piece} />
        </li>
      ))}
    </ul>
  );
}
