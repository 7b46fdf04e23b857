/** Servers in whose connections most resets are; one click asks for one alone. */
import { countText } from '../../../shared/format/count.ts';
import type { FleetTalker } from '../../../shared/model/fleet.ts';
import { useApp } from '../../core/app-context.ts';
import { CAPTURING_HOSTS, serverText } from '../../words/fleet-text.ts';
import { PartCard } from './part-state.tsx';
import { serverOf } from './scope-bar.tsx';
import { SortTitle } from './sort-title.tsx';
import { sorted, useSorting } from './sorting.ts';
import { moveBetweenRows } from './table-keys.ts';
import type { FleetAnswers } from './use-fleet-answers.ts';

interface TalkersCardProps {
  readonly part: FleetAnswers['talkers'];
  readonly onAgain: () => void;
}

export function TalkersCard({ part, onAgain }: TalkersCardProps) {
  return (
    <PartCard
      id="fleet-talkers"
      title="Servers with most resets"
      about="a click asks for one alone"
      part={part}
      waiting="Servers are being asked for"
      lines={4}
      onAgain={onAgain}
      isFlush
    >
      {({ talkers, total }) =>
        talkers.length === 0 ? (
          <p className="fleet-none">No server had a reset in what is asked for.</p>
        ) : (
          <Talkers talkers={talkers} total={total} />
        )
      }
    </PartCard>
  );
}

const VALUES = {
  server: (one: FleetTalker) => one.serverName ?? one.server,
  resets: (one: FleetTalker) => one.resets,
  matters: (one: FleetTalker) => one.matters,
  middlebox: (one: FleetTalker) => one.middlebox,
  clients: (one: FleetTalker) => one.clients,
  onHosts: (one: FleetTalker) => one.hosts,
};

function Talkers({ talkers, total }: { readonly talkers: readonly FleetTalker[]; readonly total: number }) {
  const { actions } = useApp();
  const { sorting, toggle } = useSorting<keyof typeof VALUES>(['server']);
  const title = { sorting, onSort: toggle };
  const most = Math.max(1, ...talkers.map(({ resets }) => resets));
  return (
    <>
      <div
        className="fleet-scroll is-bounded"
        tabIndex={0}
        role="region"
        aria-label="Servers with most resets"
      >
        <table className="table fleet-table">
          <thead>
            <tr>
              <SortTitle of="server" title="Server" {...title} />
              <SortTitle of="resets" title="Resets" isEnd {...title} />
              <SortTitle
                of="middlebox"
                title="By a device"
                isEnd
                hint="Made by a device on the path"
                {...title}
              />
              <SortTitle of="matters" title="Matter" isEnd {...title} />
              <SortTitle of="clients" title="Clients" isEnd className="is-second" {...title} />
              <SortTitle of="onHosts" title={CAPTURING_HOSTS} isEnd className="is-second" {...title} />
            </tr>
          </thead>
          <tbody onKeyDown={moveBetweenRows}>
            {sorted(talkers, sorting, VALUES).map((talker) => (
              <tr
                key={talker.server}
                onClick={() => {
                  actions.changeScope(serverOf(talker.server));
                }}
              >
                <td>
                  <button type="button" className="finding-open" data-row>
                    <span className="mono">{serverText(talker.server, talker.serverName)}</span>
                  </button>
                  <span className="fleet-share" aria-hidden="true">
                    <span className="is-middlebox" style={{ width: `${(talker.middlebox / most) * 100}%` }} />
                    <span
                      className="is-rest"
                      style={{ width: `${(Math.max(0, talker.resets - talker.middlebox) / most) * 100}%` }}
                    />
                  </span>
                </td>
                <td className="align-end num">{countText(talker.resets)}</td>
                <td className="align-end num">{countText(talker.middlebox)}</td>
                <td className="align-end num">{countText(talker.matters)}</td>
                <td className="align-end num is-second">{countText(talker.clients)}</td>
                <td className="align-end num is-second">{countText(talker.hosts)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {total > talkers.length ? (
        <p className="fleet-more">
          The first {countText(talkers.length)} of {countText(total)} servers.
        </p>
      ) : null}
    </>
  );
}
