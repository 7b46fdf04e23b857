/** The language of the quick filter. */
import { QUICK_FIELDS } from '../../shared/filter/quick/fields.ts';
import { ORIGIN } from '../words/origin.ts';
import './filter.css';

export function FilterHelp() {
  return (
    <section>
      <h3>Filter</h3>
      <p>
        Words match addresses, ports, names and causes. Terms beside each other must all hold;{' '}
        <code>-term</code> excludes; <code>a,b</code> is either; numbers take{' '}
        <code>&gt; &lt; &gt;= &lt;=</code>; quotes keep blanks together.
      </p>
      <p>
        <code>origin:middlebox matters:yes</code> · <code>server:10.0.0.0/8 -port:443</code> ·{' '}
        <code>cause:idle idle:&gt;5min</code>
      </p>
      <p>
        <code>origin:endpoint</code> is {ORIGIN.endpoint.phrase}, <code>origin:middlebox</code>{' '}
        {ORIGIN.middlebox.phrase}.
      </p>
      <dl className="filter-fields">
        {QUICK_FIELDS.map((field) => (
          <div key={field.name}>
            <dt>
              <code>{field.name}:</code>
            </dt>
            <dd>{field.about}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
