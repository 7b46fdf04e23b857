/** How sure it is who and why, each with its own number and word: a sure sender says nothing of the reason. */
import type { Verdict } from '../../../shared/model/verdict.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { lowerFirst, upperFirst } from '../../../shared/format/text.ts';
import { causeWord } from '../../../shared/texts/confidence.ts';
import { percentText, sureText } from '../../words/origin.ts';

export function SureLines({ verdict }: { readonly verdict: Verdict }) {
  const { origin, cause } = verdict;
  return (
    <dl className="sure-lines">
      <dt>Who</dt>
      {origin.kind === 'unknown' ? (
        <dd className="sure-open">{upperFirst(sureText(origin.kind, origin.confidence))}</dd>
      ) : (
        <Sure share={origin.confidence} word={sureText(origin.kind, origin.confidence)} what={origin.label} />
      )}
      <dt>Why</dt>
      <Sure
        share={cause.confidence}
        word={causeWord(cause.confidence)}
        what={lowerFirst(causeOf(cause.code).title)}
        look="sure-why"
      />
    </dl>
  );
}

interface SureProps {
  /** 0 … 1 */
  readonly share: number;
  readonly word: string;
  readonly what?: string;
  readonly look?: string;
}

/** A probability as bar, number and word. */
export function Sure({ share, word, what = '', look = '' }: SureProps) {
  return (
    <dd className={`sure ${look}`}>
      <span className="sure-track" aria-hidden="true">
        <span className="sure-fill" style={{ width: `${Math.min(1, Math.max(0, share)) * 100}%` }} />
      </span>
      <b className="num">{percentText(share)}</b>
      <span className="sure-what">
        <span>{word}</span> {what}
      </span>
    </dd>
  );
}
