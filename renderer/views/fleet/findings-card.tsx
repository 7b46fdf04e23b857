/** Findings: resets of one sender, cause and server over all hosts and sites. A row opens its best example. */
import { countText, plural } from '../../../shared/format/count.ts';
import type { FleetFinding } from '../../../shared/model/fleet.ts';
import type { OriginKind, Side } from '../../../shared/model/verdict.ts';
import { causeOf } from '../../../shared/causes/list.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { isSameReset } from '../../state/fleet-slice.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { CAPTURING_HOSTS, serverText, spanText, tableText } from '../../words/fleet-text.ts';
import { PartCard } from './part-state.tsx';
import { SortTitle } from './sort-title.tsx';
import { sorted, useSorting } from './sorting.ts';
import { moveBetweenRows } from './table-keys.ts';
import type { FleetAnswers } from './use-fleet-answers.ts';

interface FindingsCardProps {
  readonly part: FleetAnswers['findings'];
  readonly onAgain: () => void;
}

export function FindingsCard({ part, onAgain }: FindingsCardProps) {
  return (
    <PartCard
      id="fleet-findings"
      title="Findings"
      about="one row for each sender, cause and server"
      part={part}
      waiting="Findings are being asked for"
      lines={5}
      onAgain={onAgain}
      isFlush
    >
      {({ findings, total }) =>
        findings.length === 0 ? (
          <p className="fleet-none">No resets in what is asked for.</p>
        ) : (
          <Findings findings={findings} total={total} />
        )
      }
    </PartCard>
  );
}

const VALUES = {
  what: (one: FleetFinding) => `${causeOf(one.cause).title} ${one.server}`,
  count: (one: FleetFinding) => one.count,
  matters: (one: FleetFinding) => one.matters,
  onHosts: (one: FleetFinding) => one.hosts,
  sites: (one: FleetFinding) => one.sites.length,
  confidence: (one: FleetFinding) => one.meanConfidence,
  last: (one: FleetFinding) => one.lastMs,
};

function Findings({
  findings,
  total,
}: {
  readonly findings: readonly FleetFinding[];
  readonly total: number;
}) {
  const { sorting, toggle } = useSorting<keyof typeof VALUES>(['what']);
  const title = { sorting, onSort: toggle };
  return (
    <>
      <div className="fleet-scroll">
        <table className="table fleet-table">
          <thead>
            <tr>
              <SortTitle of="what" title="What happened" {...title} />
              <SortTitle of="count" title="Resets" isEnd {...title} />
              <SortTitle of="matters" title="Matter" isEnd {...title} />
              <SortTitle
                of="onHosts"
                title={CAPTURING_HOSTS}
                isEnd
                hint="Hosts that captured them"
                {...title}
              />
              <SortTitle of="sites" title="Sites" {...title} />
              <SortTitle of="confidence" title="Confidence" className="is-second" {...title} />
              <SortTitle of="last" title="First – last (UTC)" className="is-third" {...title} />
            </tr>
          </thead>
          <tbody onKeyDown={moveBetweenRows}>
            {sorted(findings, sorting, VALUES).map((finding) => (
              <FindingRow
                key={[
                  finding.server,
                  finding.claimed,
                  finding.origin,
                  finding.originSide,
                  finding.cause,
                ].join('\n')}
                finding={finding}
              />
            ))}
          </tbody>
        </table>
      </div>
      {total > findings.length ? (
        <p className="fleet-more">
          The {countText(findings.length)} that matter most of {countText(total)}. Ask for less to see the
          others.
        </p>
      ) : null}
    </>
  );
}

function FindingRow({ finding }: { readonly finding: FleetFinding }) {
  const { actions } = useApp();
  const isSelected = useAppState((state) => isSameReset(state.fleetReset, finding.example));
  const { origin, cause, server, serverName, claimed, count, matters, hosts, sites } = finding;
  return (
    <tr
      className={`${matters > 0 ? 'does-matter' : ''} ${isSelected ? 'is-selected' : ''}`}
      onClick={() => {
        actions.selectFleetReset(finding.example);
      }}
    >
      <td>
        <button type="button" className="finding-open" data-row aria-pressed={isSelected}>
          <OriginMark kind={origin} />
          <span>
            <b>{causeOf(cause).title}</b>
            <span className="fleet-where">
              <span className="mono">{serverText(server, serverName)}</span>{' '}
              <span className="faint">{senderText(origin, claimed)}</span>
            </span>
          </span>
        </button>
      </td>
      <td className="align-end num">{countText(count)}</td>
      <td className="align-end num">
        {matters === 0 ? (
          <span className="faint">0</span>
        ) : (
          <span className="finding-matters">
            <MattersMark /> {countText(matters)}
          </span>
        )}
      </td>
      <td className="align-end num">{countText(hosts)}</td>
      <td className="fleet-sites" title={sites.slice(0, 50).map(tableText).join(', ')}>
        {sitesText(sites)}
      </td>
      <td className="is-second">
        <Confidence kind={origin} value={finding.meanConfidence} />
      </td>
      <td className="is-third num faint">{spanText(finding.firstMs, finding.lastMs).replace(' UTC', '')}</td>
    </tr>
  );
}

function senderText(origin: OriginKind, claimed: Side): string {
  if (origin === 'endpoint') return `sent by the ${claimed}`;
  if (origin === 'middlebox') return `sent in the ${claimed}’s name`;
  return `sent by whom cannot be told, in the ${claimed}’s name`;
}

/** `berlin, tokyo and 3 more`. */
export function sitesText(sites: readonly string[]): string {
  const named = sites.slice(0, 2).map(tableText).join(', ');
  return sites.length <= 2 ? named : `${named} and ${plural(sites.length - 2, 'more site')}`;
}
