/** ICMP errors that refused datagrams or handshakes: programs see them much as a reset. */
import { countText, plural } from '../../../shared/format/count.ts';
import type { IcmpErrors, IcmpErrorGroup } from '../../../shared/model/icmp-error.ts';
import { Address } from '../../names/address.tsx';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';

export function IcmpTable({ errors }: { readonly errors: IcmpErrors }) {
  const clock = useClock();
  return (
    <section className="card card-flush" aria-labelledby="icmp-errors">
      <h2 id="icmp-errors">Refused by ICMP errors</h2>
      <div className="finding-scroll">
        <table className="table findings">
          <thead>
            <tr>
              <th scope="col">What happened</th>
              <th scope="col">Flow</th>
              <th scope="col" className="align-end">
                Errors
              </th>
              <th scope="col" className="finding-when">
                First – last
              </th>
            </tr>
          </thead>
          <tbody>
            {errors.groups.map((group) => (
              <IcmpRow key={group.example.packet} group={group} clock={clock} />
            ))}
          </tbody>
        </table>
        {errors.moreGroups > 0 ? (
          <p className="finding-more">{plural(errors.moreGroups, 'rarer kind')} not listed.</p>
        ) : null}
      </div>
    </section>
  );
}

function IcmpRow({ group, clock }: { readonly group: IcmpErrorGroup; readonly clock: Clock }) {
  const { actions } = useApp();
  const { example, count } = group;
  const { flow } = example;
  const text = `${example.protocol.toUpperCase()}: ${example.meaning}`;
  return (
    <tr>
      <td>
        {flow === null ? (
          <span className="finding-plain">{text}</span>
        ) : (
          <button
            type="button"
            className="finding-open"
            title={`Frame ${example.frame}: show the packets of this flow`}
            onClick={() => {
              actions.showPackets(flow);
            }}
          >
            {text}
          </button>
        )}
      </td>
      <td className="mono">
        <Address of={example.client} /> → <Address of={example.server} />
      </td>
      <td className="align-end num">{countText(count)}</td>
      <td className="finding-when num" title={fullTimeText(clock, example.timeNs)}>
        {timeText(clock, example.timeNs)}
        {count === 1 ? '' : ` – ${timeText(clock, group.lastNs)}`}
      </td>
    </tr>
  );
}
