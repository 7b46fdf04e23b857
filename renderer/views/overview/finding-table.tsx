/** Findings, a sentence each; Enter opens the best example. What is harmless is folded away. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { Finding, Findings } from '../../../shared/model/finding.ts';
import { useApp } from '../../core/app-context.ts';
import { useClock } from '../../core/clock.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { Fold } from '../../ui/fold.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { fullTimeText, timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';

/** Findings that are shown at first: more would push the charts out of reach. */
const SHOWN = 8;

export function FindingTable({ findings }: { readonly findings: Findings }) {
  const clock = useClock();
  const { list, total, noise } = findings;
  const hasConsequences = list.some((finding) => !finding.noise);
  const [isOpen, setIsOpen] = useState(false);
  const [isAll, setIsAll] = useState(false);
  // Where no reset matters, the harmless ones are all there is to show.
  const main = list.filter((finding) => hasConsequences !== finding.noise);
  const first = isAll ? main : main.slice(0, SHOWN);
  const shown = hasConsequences && isOpen ? [...first, ...list.filter((finding) => finding.noise)] : first;
  const unlisted = total - list.length;
  return (
    <div className="finding-scroll">
      <table className="table findings">
        <thead>
          <tr>
            <th scope="col">What happened</th>
            <th scope="col" className="align-end">
              Resets
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
          {shown.map((finding) => (
            <FindingRow key={keyOf(finding)} finding={finding} clock={clock} />
          ))}
        </tbody>
      </table>
      {main.length > SHOWN ? (
        <Fold isOpen={isAll} onChange={setIsAll}>
          {isAll ? 'Show fewer' : `Show ${plural(main.length - SHOWN, 'more finding')}`}
        </Fold>
      ) : null}
      {hasConsequences && noise.findings > 0 ? (
        <Fold isOpen={isOpen} onChange={setIsOpen}>
          {isOpen ? 'Fold' : 'Show'} {plural(noise.resets, 'harmless reset')} in{' '}
          {plural(noise.findings, 'group')}
        </Fold>
      ) : null}
      {unlisted > 0 ? (
        <p className="finding-more">
          {countText(unlisted)} smaller findings are not listed; the list of resets has all.
        </p>
      ) : null}
    </div>
  );
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
      <td className="align-end num">
        {finding.matters === 0 ? (
          <span className="faint">0</span>
        ) : (
          <span className="finding-matters">
            <MattersMark /> {countText(finding.matters)}
          </span>
        )}
      </td>
      <td>
        <Confidence kind={finding.kind} value={finding.meanConfidence} />
      </td>
      <td
        className="finding-when num"
        title={`${fullTimeText(clock, finding.firstNs)} – ${fullTimeText(clock, finding.lastNs)}`}
      >
        {timeText(clock, finding.firstNs)}
        {finding.count === 1 ? '' : ` – ${timeText(clock, finding.lastNs)}`}
      </td>
    </tr>
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
