/** Findings, resets and failures without one, a sentence each; Enter opens the best example. What is harmless is folded away. */
import { useEffect, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { EndingsReport } from '../../../shared/model/failure.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';
import { errorText } from '../../../shared/format/error.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { Fold } from '../../ui/fold.tsx';
import { AlikeFailureRows, AlikeRows, FailureGroupRow, FindingRow } from './finding-rows.tsx';
import { timeTitle } from '../../words/values.ts';
import { harmlessText, hasConsequences, inOrder, keyOf } from './findings-told.ts';

/** Findings that are shown at first: more would push the charts out of reach. */
const SHOWN = 8;
/** Findings that are listed at once beyond those of the overview. */
const MORE_AT_ONCE = 200;
const NONE: readonly Finding[] = [];

interface FindingTableProps {
  readonly findings: Findings;
  readonly endings: Pick<EndingsReport, 'groups' | 'moreGroups'>;
}

export function FindingTable({ findings, endings }: FindingTableProps) {
  const { actions } = useApp();
  const clock = useClock();
  const more = useMoreFindings(findings);
  const all = inOrder([...findings.list, ...more.list], endings.groups);
  const harmless = all.filter((told) => !hasConsequences(told));
  const isWorthFolding = harmless.length < all.length;
  const [isOpen, setIsOpen] = useState(false);
  const [isAll, setIsAll] = useState(false);
  // Where nothing matters, what is harmless is all there is to show.
  const main = isWorthFolding ? all.filter(hasConsequences) : all;
  const first = isAll ? main : main.slice(0, SHOWN);
  const shown = isWorthFolding && isOpen ? [...first, ...harmless] : first;
  const unlisted = findings.total - findings.list.length - more.list.length;
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
              {timeTitle(clock, 'First – last')}
            </th>
          </tr>
        </thead>
        <tbody onKeyDown={moveBetweenRows}>
          {shown.map((told) =>
            told.of === 'alike' ? (
              <AlikeRows key={keyOf(told)} findings={told.findings} clock={clock} />
            ) : told.of === 'resets' ? (
              <FindingRow key={keyOf(told)} finding={told.finding} clock={clock} />
            ) : told.of === 'alike failures' ? (
              <AlikeFailureRows key={keyOf(told)} groups={told.groups} clock={clock} />
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
        <Fold
          isOpen={false}
          onChange={() => {
            setIsAll(true);
            more.ask();
          }}
        >
          {more.isAsking
            ? 'Listing more …'
            : `List ${countText(Math.min(MORE_AT_ONCE, unlisted))} of ${plural(unlisted, 'smaller finding')}`}
        </Fold>
      ) : null}
      {endings.moreGroups > 0 ? (
        <p className="finding-more">
          {plural(endings.moreGroups, 'smaller group')} of failures {endings.moreGroups === 1 ? 'is' : 'are'}{' '}
          not listed here.{' '}
          <button
            type="button"
            className="link"
            onClick={() => {
              actions.filterFailures('');
            }}
          >
            All failures
          </button>
        </p>
      ) : null}
    </div>
  );
}

/** Findings behind those of the overview, as many as were asked for; they are asked for anew when the capture changes. */
function useMoreFindings(findings: Findings) {
  const { link, actions } = useApp();
  const [wanted, setWanted] = useState(0);
  const [list, setList] = useState<readonly Finding[]>([]);
  const from = findings.list.length;
  useEffect(() => {
    if (wanted === 0) return;
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      const found: Finding[] = [];
      while (found.length < wanted) {
        const count = Math.min(MORE_AT_ONCE, wanted - found.length);
        const page = await link.call('capture.findings', { from: from + found.length, count }, abort.signal);
        found.push(...page.list);
        if (page.list.length < count) break;
      }
      if (!abort.signal.aborted) setList(found);
    };
    ask().catch((error: unknown) => {
      if (!abort.signal.aborted) actions.notice(errorText(error));
    });
    return () => {
      abort.abort();
    };
  }, [link, actions, wanted, from, findings]);
  return {
    list: wanted === 0 ? NONE : list,
    isAsking: list.length < wanted && from + list.length < findings.total,
    ask: () => {
      setWanted((count) => count + MORE_AT_ONCE);
    },
  };
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
