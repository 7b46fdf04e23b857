/** The language of filters, by examples. */
import { QUICK_FIELDS } from '../../shared/filter/quick/fields.ts';
import './filter.css';

/** What to write, and what passes. Every one can be read (filter-help.test.ts). */
export const EXAMPLES: readonly (readonly [filter: string, passes: string])[] = [
  ['shop.example', 'a word: part of an address, a name, a cause'],
  ['origin:middlebox -port:443', 'quick words; a minus excludes, a comma means either'],
  ['cause:idle idle:>5min', 'numbers take > < >= <=, times a unit'],
  ['ip.addr == 10.0.0.0/8 and tcp.port in {80, 8000..8080}', 'Wireshark’s syntax, as you know it'],
  ['tcp.flags.reset == 1 or icmp', 'a protocol alone: packets that have it'],
  ['not tls', 'in lists of resets, flows and failures: of connections that do not speak it'],
  ['tcp.port != 443', 'none of the ports is 443'],
  ['http.host contains "shop" or dns.qry.name matches "^api"', 'text within, or a regular expression'],
  ['tcp.payload[0:4] == 47:45:54:20', 'a slice of bytes'],
  ['rst.origin == "middlebox" and flow.bytes > 100000', 'fields of our own: rst, flow, failure'],
];

export function FilterHelp() {
  return (
    <section>
      <h3>Filter</h3>
      <p>
        A filter picks packets. Resets are listed whose packet passes, flows and failures with one packet at
        least that does. Quotes keep plain text together: <code>"went silent"</code>.
      </p>
      <dl className="filter-examples">
        {EXAMPLES.map(([filter, passes]) => (
          <div key={filter}>
            <dt>
              <code>{filter}</code>
            </dt>
            <dd>{passes}</dd>
          </div>
        ))}
      </dl>
      <details className="filter-words">
        <summary>All quick words</summary>
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
      </details>
    </section>
  );
}
