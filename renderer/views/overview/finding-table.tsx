/** Findings, resets and failures without one, a sentence each; Enter opens the best example. What is harmless is folded away. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { EndingsReport, FailureGroup } from '../../../shared/model/failure.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { Fold } from '../../ui/fold.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ENDING, failureGroupFilter } from '../../words/ending.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';

/** Findings that are shown at first: more would push the charts out of reach. */
const SHOWN = 8;

/** A row: resets of one origin, cause and server, or failures of one kind, side and server. */
type Told =
  | { readonly of: 'resets'; readonly finding: Finding }
  | { readonly of: 'failures'; readonly group: FailureGroup };

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
              <FindingRow key={keyOf(told.finding)} finding={told.finding} clock={clock} />
            ) : (
              <FailureGroupRow key={groupKeyOf(told.group)} group={told.group} clock={clock} />
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

function hasConsequences(told: Told): boolean {
  return told.of === 'resets' ? !told.finding.noise : told.group.matters > 0;
}

/** What matters first, then the largest; of equal ones the resets, as the engine lists them. */
function inOrder(findings: readonly Finding[], groups: readonly FailureGroup[]): readonly Told[] {
  const all: Told[] = [
    ...findings.map((finding): Told => ({ of: 'resets', finding })),
    ...groups.map((group): Told => ({ of: 'failures', group })),
  ];
  return all.sort(
    (a, b) => Number(hasConsequences(b)) - Number(hasConsequences(a)) || weightOf(b) - weightOf(a),
  );
}

function weightOf(told: Told): number {
  const { matters, count } = told.of === 'resets' ? told.finding : told.group;
  return hasConsequences(told) ? matters : count;
}

/** "12 harmless resets in 1 group and 3 harmless failures". */
function harmlessText(noise: Findings['noise'], harmless: readonly Told[]): string {
  const parts: string[] = [];
  if (noise.findings > 0)
    parts.push(`${plural(noise.resets, 'harmless reset')} in ${plural(noise.findings, 'group')}`);
  const failures = harmless.reduce((sum, told) => sum + (told.of === 'failures' ? told.group.count : 0), 0);
  if (failures > 0) parts.push(plural(failures, 'harmless failure'));
  return parts.join(' and ');
}

function groupKeyOf({ kind, side, recovered, server }: FailureGroup): string {
  return JSON.stringify([kind, side, recovered, server]);
}

/** The key of a finding: what all its resets share. Its examples change while a capture grows; the row must not. */
function keyOf({ kind, side, claimed, cause, server }: Finding): string {
  return JSON.stringify([kind, side, kind === 'middlebox' ? null : claimed, cause, server]);
}

function FindingRow({ finding, clock }: { readonly finding: Finding; readonly clock: Clock }) {
  const { actions } = useApp();
  const open = (): void => {
    const [example] = finding.examples;
    if (example !== undefined) void actions.showReset(example);
  };
  return (
    <tr onClick={open} className={finding.noise ? '' : 'does-matter'}>
      <td>
        <button type="button" className="finding-open" title={`Next: ${finding.next}`}>
          <OriginMark kind={finding.kind} />
          <span>{finding.sentence}</span>
        </button>
      </td>
      <td className="align-end num" title={rateText(finding.perHour)}>
        {countText(finding.count)}
      </td>
      <MatterCell matters={finding.matters} />
      <td>
        <Confidence kind={finding.kind} value={finding.meanConfidence} />
      </td>
      <WhenCell firstNs={finding.firstNs} lastNs={finding.lastNs} isOne={finding.count === 1} clock={clock} />
    </tr>
  );
}

function FailureGroupRow({ group, clock }: { readonly group: FailureGroup; readonly clock: Clock }) {
  const { actions } = useApp();
  const { kind, count, matters, firstNs, lastNs } = group;
  return (
    <tr
      className={matters > 0 ? 'does-matter' : ''}
      onClick={() => {
        const [example] = group.examples;
        if (example === undefined) actions.filterFailures(failureGroupFilter(group));
        else void actions.showFailure(example, count > 1 ? failureGroupFilter(group) : '');
      }}
    >
      <td>
        <button type="button" className="finding-open" title={`Next: ${group.next}`}>
          <EndingMark tone={ENDING[kind].tone} />
          <span>
            <span className="visually-hidden">{ENDING[kind].name}: </span>
            {group.sentence}
          </span>
        </button>
      </td>
      <td className="align-end num" title={plural(count, 'connection')}>
        {countText(count)}
      </td>
      <MatterCell matters={matters} />
      <td>
        <Confidence kind={null} value={group.meanConfidence} />
      </td>
      <WhenCell firstNs={firstNs} lastNs={lastNs} isOne={count === 1} clock={clock} />
    </tr>
  );
}

function MatterCell({ matters }: { readonly matters: number }) {
  return (
    <td className="align-end num">
      {matters === 0 ? (
        <span className="faint">0</span>
      ) : (
        <span className="finding-matters">
          <MattersMark /> {countText(matters)}
        </span>
      )}
    </td>
  );
}

interface WhenProps {
  readonly firstNs: number;
  readonly lastNs: number;
  readonly isOne: boolean;
  readonly clock: Clock;
}

function WhenCell({ firstNs, lastNs, isOne, clock }: WhenProps) {
  return (
    <td
      className="finding-when num"
      title={`${fullTimeText(clock, firstNs)} – ${fullTimeText(clock, lastNs)}`}
    >
      {timeText(clock, firstNs)}
      {isOne ? '' : ` – ${timeText(clock, lastNs)}`}
    </td>
  );
}

function rateText(perHour: number | null): string | undefined {
  if (perHour === null) return undefined;
  return `${perHour >= 10 ? countText(perHour) : perHour.toFixed(1)} an hour`;
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
