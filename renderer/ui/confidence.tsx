/** A probability as a short bar and a number. */
import { confidenceWord } from '../../shared/texts/confidence.ts';
import type { OriginKind } from '../../shared/model/verdict.ts';
import { sureText, percentText } from '../../shared/texts/origin.ts';
import { UNKNOWN } from '../words/values.ts';

interface ConfidenceProps {
  /** The origin that it is of; null for what is no origin. */
  readonly kind: OriginKind | null;
  readonly value: number;
  /** Captures at several points leave no other reading. */
  readonly isProven?: boolean;
}

export function Confidence({ kind, value, isProven = false }: ConfidenceProps) {
  // Nobody can be sure of a sender that cannot be told.
  if (kind === 'unknown') {
    return (
      <span className="faint" title={sureText(kind, value)}>
        {UNKNOWN}
      </span>
    );
  }
  const share = Math.min(1, Math.max(0, value));
  return (
    <span
      className={`confidence ${kind === null ? 'origin-none' : `origin-${kind}`}`}
      title={`${percentText(value)}: ${kind === null ? confidenceWord(value) : sureText(kind, value, isProven)}`}
    >
      <span className="confidence-track" aria-hidden="true">
        <span className="confidence-fill" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="confidence-number">{percentText(value)}</span>
    </span>
  );
}
