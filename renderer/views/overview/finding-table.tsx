/** Findings, resets and failures without one, a sentence each; Enter opens the best example. What is harmless is folded away. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { EndingsReport } from '../../../shared/model/failure.ts';
import type { Findings } from '../../../shared/model/finding.ts';
import { useClock } from '../../core/clock.ts';
import { Fold } from '../../ui/fold.tsx';
import { FailureGroupRow, FindingRow } from './finding-rows.tsx';
import { harmlessText, hasConsequences, inOrder, keyOf } from './findings-told.ts';

/** Findings that are shown at first: more would push the charts out of reach. */
const SHOWN = 8;

interface FindingTableProps {
  readonly findings: Findings;
  readonly endings: Pick<EndingsReport, 'groups' | 'moreGroups'>;
}

export function FindingTable({ findings, endings }: FindingTableProps) {
  const clock = useClock();
  const all = inOrder(findings.list, endings.groups);
  const harmless = all.filter((told) => !hasConsequences(told));
  const isWorthFolding = harmless.length < all.length;
  const [isOpen, setIsOpen] = useState(false);
  const [isAll, setIsAll] = useState(false);
  // Where nothing matters, what is harmless is all there is to show.
  const main = isWorthFolding ? all.filter(hasConsequences) : all;
  const first = isAll ? main : main.slice(0, SHOWN);
  const shown = isWorthFolding && isOpen ? [...first, ...harmless] : first;
  const unlisted = findings.total - findings.list.length + endings.moreGroups;
  return (
    <div className="finding-scroll">
      <table className="table findings">
        <thead>
          <tr>
            <th scope="col">What happened</th>
            <th scope="col" className="align-end">
              Count
            </th>
            <th scope="col" className="align-end">
              Matter
            </th>
            <th scope="col">Confidence</th>
            <th scope="col" className="finding-when">
              First – last
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {shown.map((told) =>
            told.of === 'resets' ? (
              <FindingRow key={keyOf(told)} finding={told.finding} clock={clock} />
            ) : (
              <FailureGroupRow key={keyOf(told)} group={told.group} clock={clock} />
            ),
          )}
        </tbody>
      </table>
      {main.length > SHOWN ? (
        <Fold isOpen={isAll} onChange={setIsAll}>
          {isAll ? 'Show fewer' : `Show ${plural(main.length - SHOWN, 'more finding')}`}
        </Fold>
      ) : null}
      {isWorthFolding && harmless.length > 0 ? (
        <Fold isOpen={isOpen} onChange={setIsOpen}>
          {isOpen ? 'Fold' : 'Show'} {harmlessText(findings.noise, harmless)}
        </Fold>
      ) : null}
      {unlisted > 0 ? (
        <p className="finding-more">
          {countText(unlisted)} smaller findings are not listed; the lists of resets and failures have all.
        </p>
      ) : null}
    </div>
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
