/** Did it matter: what it interrupted, what may be lost, whether the receiver obeyed. */
import type { ResetDetail } from '../../../shared/model/capture.ts';
import { bytesText } from '../../../shared/format/bytes.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { FAMILY_TEXT, obeyedText, otherSide, unacknowledgedText } from '../../../shared/texts/origin.ts';
import { silenceText } from '../../words/verdict-text.ts';

export function MatterSection({ detail }: { readonly detail: ResetDetail }) {
  const { verdict } = detail;
  const family = FAMILY_TEXT[verdict.family];
  return (
    <section className="card" aria-labelledby="matter-title">
      <h3 id="matter-title" className="card-label">
        Did it matter
      </h3>
      <p className="card-lead">
        {verdict.matters ? 'Yes: it ended unfinished work' : 'No: nothing was under way'}
      </p>
      <p>{unacknowledgedText(verdict.unacknowledgedBytes, bytesText)}</p>
      <dl className="terms">
        <dt>Data at risk</dt>
        <dd>{causeOf(verdict.cause.code).dataLoss}</dd>
        <dt>Did it work</dt>
        <dd>{obeyedText(verdict.obeyed, otherSide(verdict.claimed))}</dd>
        <dt>How it is built</dt>
        <dd>
          {family.word}. {family.about}
        </dd>
        <dt>Silence before it</dt>
        <dd>{silenceText(verdict)}</dd>
      </dl>
      {verdict.limitations.length === 0 ? null : (
        <>
          <h4>What weakens this verdict</h4>
          <ul className="limitations">
            {verdict.limitations.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
