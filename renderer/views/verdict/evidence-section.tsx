/** Evidence for and against, each with its weight and the packets it rests on. */
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { Named } from '../../names/named.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ORIGIN } from '../../../shared/texts/origin.ts';
import { weightShare, weightText } from '../../../shared/texts/weight.ts';
import { FrameLinks } from './frame-links.tsx';
import { PieceList } from './piece-list.tsx';
import { useLights } from './use-lights.ts';

type Piece = ResetDetail['evidence'][number];

export function EvidenceSection({ detail }: { readonly detail: ResetDetail }) {
  const { evidence, verdict } = detail;
  const sorted = [...evidence].sort((a, b) => b.weight - a.weight);
  return (
    <section className="card" aria-labelledby="evidence-title">
      <h3 id="evidence-title" className="card-label">
        Evidence
      </h3>
      <div className="evidence">
        <EvidenceColumn
          favours="middlebox"
          flow={detail.flow.id}
          title={`For ${ORIGIN.middlebox.phrase}`}
          pieces={sorted.filter((piece) => piece.favours === 'middlebox')}
        />
        <EvidenceColumn
          favours="endpoint"
          flow={detail.flow.id}
          title={`For the ${verdict.claimed} itself`}
          pieces={sorted.filter((piece) => piece.favours === 'endpoint')}
        />
      </div>
      <WhyList pieces={evidence.filter((piece) => piece.favours === 'neither')} flow={detail.flow.id} />
    </section>
  );
}

interface EvidenceColumnProps {
  readonly favours: 'endpoint' | 'middlebox';
  readonly flow: number;
  readonly title: string;
  readonly pieces: readonly Piece[];
}

function EvidenceColumn({ favours, flow, title, pieces }: EvidenceColumnProps) {
  return (
    <div className={`evidence-column origin-${favours}`}>
      <h4>
        <OriginMark kind={favours} /> {title}
      </h4>
      {pieces.length === 0 ? (
        <p className="evidence-none">Nothing in this capture.</p>
      ) : (
        <ul>
          {pieces.map((piece) => (
            <EvidencePiece key={piece.code} piece={piece} favours={favours} flow={flow} />
          ))}
        </ul>
      )}
    </div>
  );
}

/** What speaks for the cause and says nothing of who made the reset. */
function WhyList({ pieces, flow }: { readonly pieces: readonly Piece[]; readonly flow: number }) {
  if (pieces.length === 0) return null;
  return (
    <div className="evidence-why">
      <h4>For the cause</h4>
      <PieceList pieces={pieces} flow={flow} />
    </div>
  );
}

interface EvidencePieceProps {
  readonly piece: Piece;
  readonly favours: EvidenceColumnProps['favours'];
  readonly flow: number;
}

function EvidencePiece({ piece, favours, flow }: EvidencePieceProps) {
  const lights = useLights(piece.packets);
  return (
    <li className="piece" {...lights}>
      <span
        className="piece-weight num"
        title={`Seen ${weightText(piece.weight).slice(1)} times likelier if ${ORIGIN[favours].phrase} made it (weight ${piece.weight.toFixed(2)}, ${piece.family})`}
      >
        {weightText(piece.weight)}
      </span>
      <span className="piece-track" aria-hidden="true">
        <span className="piece-fill" style={{ width: `${weightShare(piece.weight) * 100}%` }} />
      </span>
      <span className="piece-text">
        <Named text={piece.text} /> <FrameLinks piece={piece} flow={flow} />
      </span>
    </li>
  );
}
