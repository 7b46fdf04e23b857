/** Resets that share origin, cause and server; Enter opens an example. */
import type { KeyboardEvent } from 'react';
import { countText } from '../../../shared/format/count.ts';
import type { ResetGroup } from '../../../shared/model/capture.ts';
import { causeTitle } from '../../../shared/texts/causes.ts';
import { useApp } from '../../app/app-context.ts';
import { useClock } from '../../app/use-clock.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { originText } from '../../words/origin.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';

interface GroupTableProps {
  readonly groups: readonly ResetGroup[];
  readonly moreGroups: number;
}

export function GroupTable({ groups, moreGroups }: GroupTableProps) {
  const clock = useClock();
  return (
    <div className="group-scroll">
      <table className="groups">
        <thead>
          <tr>
            <th scope="col">Origin</th>
            <th scope="col">Cause</th>
            <th scope="col">Server</th>
            <th scope="col" className="align-end">
              Resets
            </th>
            <th scope="col" className="align-end">
              Matter
            </th>
            <th scope="col">Confidence</th>
            <th scope="col" className="group-when">
              First – last
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {groups.map((group) => (
            <GroupRow
              key={`${group.kind} ${group.side} ${group.cause} ${group.server}`}
              group={group}
              clock={clock}
            />
          ))}
        </tbody>
      </table>
      {moreGroups > 0 ? (
        <p className="group-more">
          {countText(moreGroups)} smaller groups are not listed; the list of resets has all.
        </p>
      ) : null}
    </div>
  );
}

function GroupRow({ group, clock }: { readonly group: ResetGroup; readonly clock: Clock }) {
  const { actions } = useApp();
  const open = (): void => {
    const [example] = group.examples;
    if (example !== undefined) void actions.showReset(example);
  };
  return (
    <tr onClick={open} className={group.matters > 0 ? 'does-matter' : ''}>
      <td>
        <button type="button" className="group-open" title={group.label}>
          <OriginMark kind={group.kind} />
          {originText(group.kind, group.side)}
        </button>
      </td>
      <td className="group-cause">{causeTitle(group.cause)}</td>
      <td className="group-server" title={`${group.server} ${group.serverName}`}>
        <span className="mono">{group.server}</span>
        {group.serverName === '' ? null : <span className="faint"> {group.serverName}</span>}
      </td>
      <td className="align-end num">{countText(group.count)}</td>
      <td className="align-end num">
        {group.matters === 0 ? (
          <span className="faint">0</span>
        ) : (
          <span className="group-matters">
            <MattersMark /> {countText(group.matters)}
          </span>
        )}
      </td>
      <td>
        <Confidence kind={group.kind} value={group.meanConfidence} />
      </td>
      <td
        className="group-when num"
        title={`${fullTimeText(clock, group.firstNs)} – ${fullTimeText(clock, group.lastNs)}`}
      >
        {timeText(clock, group.firstNs)}
        {group.count === 1 ? '' : ` – ${timeText(clock, group.lastNs)}`}
      </td>
    </tr>
  );
}

/** Arrow keys go from row to row; Tab does too. */
function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const buttons = Array.from(event.currentTarget.querySelectorAll<HTMLElement>('button'));
  const next = buttons[buttons.indexOf(document.activeElement as HTMLElement) + step];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}
