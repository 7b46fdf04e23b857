/** What the connection was about. */
import type { Fact } from '../../words/hint-facts.ts';

export function HintSection({ facts }: { readonly facts: readonly Fact[] }) {
  if (facts.length === 0) return null;
  return (
    <section className="card" aria-labelledby="hints-title">
      <h3 id="hints-title" className="card-label">
        What the connection was about
      </h3>
      <dl className="terms">
        {facts.map(([title, value]) => (
          <div key={title} className="term">
            <dt>{title}</dt>
            <dd className="breakable">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
