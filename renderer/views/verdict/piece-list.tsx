/** Evidence without weights, each piece with the packets it rests on. */
import { Named } from '../../names/named.tsx';
import type { Rested } from './frame-links.tsx';
import { FrameLinks } from './frame-links.tsx';

interface Piece extends Rested {
  readonly code: string;
  readonly text: string;
}

interface PieceListProps {
  readonly pieces: readonly Piece[];
  /** Whose packets open at the bytes; null where they were let go. */
  readonly flow: number | null;
}

export function PieceList({ pieces, flow }: PieceListProps) {
  return (
    <ul className="piece-list">
      {pieces.map((piece) => (
        <li key={piece.code} className="piece-text">
          <Named text={piece.text} /> <FrameLinks piece={piece} flow={flow} />
        </li>
      ))}
    </ul>
  );
}
