/** The rows of the table of findings. */
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { countText, plural } from '../../../shared/format/count.ts';
import type { FailureGroup } from '../../../shared/model/failure.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { findingKey } from '../../../shared/notes/finding-key.ts';
import { HandOverButton } from '../../hand-over/hand-over-button.tsx';
import { NoteBlock, NoteButton } from '../../notes/note-block.tsx';
import { Named } from '../../names/named.tsx';
import { noteLine } from '../../notes/note-words.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Confidence } from '../../ui/confidence.tsx';
import { EndingMark } from '../../ui/ending-mark.tsx';
import { MattersMark } from '../../ui/matters-mark.tsx';
import { OriginMark } from '../../ui/origin-mark.tsx';
import { ENDING, failureGroupFilter } from '../../words/ending.ts';
import { alikeFailuresSentence, alikeSentence, keyOf, totalOf } from './findings-told.ts';
import { fullTimeText, timeText } from '../../words/values.ts';
import type { Clock } from '../../words/values.ts';

interface AlikeRowsProps {
  readonly findings: readonly Finding[];
  readonly clock: Clock;
}

/** Findings that differ in nothing but the server: one row, that opens to one for each. */
export function AlikeRows({ findings, clock }: AlikeRowsProps) {
  const [{ kind, noise }] = findings;
  return (
    <MergedRows
      mark={<OriginMark kind={kind} />}
      kind={kind}
      sentence={alikeSentence(findings)}
      note={<NotesOfAlike findings={findings} />}
      isHarmless={noise}
      total={totalOf(findings)}
      clock={clock}
    >
      {findings.map((finding) => (
        <FindingRow key={keyOf({ of: 'resets', finding })} finding={finding} clock={clock} isPart />
      ))}
    </MergedRows>
  );
}

/** What is noted on any of them shows on their row, which may be closed. */
function NotesOfAlike({ findings }: { readonly findings: readonly Finding[] }) {
  const about = useAppState((state) => state.notesAbout);
  const noted = findings.flatMap((finding) => {
    const notes = about.get(`finding ${findingKey(finding)}`) ?? [];
    return notes.length === 0 ? [] : [{ server: finding.server, line: noteLine(notes) }];
  });
  if (noted.length === 0) return null;
  return (
    <ul className="note-block" aria-label="Notes on these findings">
      {noted.map(({ server, line }) => (
        <li key={server}>
          <span className="mono faint">{server}</span>
          <span className="note-text">{line === '' ? 'Marked' : line}</span>
        </li>
      ))}
    </ul>
  );
}

interface AlikeFailureRowsProps {
  readonly groups: readonly FailureGroup[];
  readonly clock: Clock;
}

/** Groups of failures that differ in nothing but the server. */
export function AlikeFailureRows({ groups, clock }: AlikeFailureRowsProps) {
  const [{ kind }] = groups;
  const total = totalOf(groups);
  return (
    <MergedRows
      mark={<EndingMark tone={ENDING[kind].tone} />}
      kind={null}
      sentence={alikeFailuresSentence(groups)}
      isHarmless={total.matters === 0}
      total={total}
      clock={clock}
    >
      {groups.map((group) => (
        <FailureGroupRow key={keyOf({ of: 'failures', group })} group={group} clock={clock} isPart />
      ))}
    </MergedRows>
  );
}

interface MergedRowsProps {
  readonly mark: ReactNode;
  /** Of the confidence's colour; null where it is of no sender. */
  readonly kind: Finding['kind'] | null;
  readonly sentence: string;
  readonly note?: ReactNode;
  readonly isHarmless: boolean;
  readonly total: ReturnType<typeof totalOf>;
  readonly clock: Clock;
  /** The rows that became this one. */
  readonly children: ReactNode;
}

function MergedRows({ mark, kind, sentence, note, isHarmless, total, clock, children }: MergedRowsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const { count, matters, meanConfidence, firstNs, lastNs } = total;
  return (
    <>
      <tr
        onClick={() => {
          setIsOpen(!isOpen);
        }}
        className={isHarmless ? '' : 'does-matter'}
      >
        <td>
          <button type="button" className="finding-open" aria-expanded={isOpen}>
            {mark}
            <span>{sentence}</span>
            <ChevronDown size={13} className="finding-more-mark" aria-hidden="true" />
          </button>
          {note}
        </td>
        <td className="align-end num">{countText(count)}</td>
        <MatterCell matters={matters} />
        <td>
          <Confidence kind={kind} value={meanConfidence} />
        </td>
        <WhenCell firstNs={firstNs} lastNs={lastNs} isOne={count === 1} clock={clock} />
      </tr>
      {isOpen ? children : null}
    </>
  );
}

interface FindingRowProps {
  readonly finding: Finding;
  readonly clock: Clock;
  /** It stands below the row that it is a part of. */
  readonly isPart?: boolean;
}

export function FindingRow({ finding, clock, isPart = false }: FindingRowProps) {
  const { actions } = useApp();
  const open = (): void => {
    const [example] = finding.examples;
    if (example !== undefined) void actions.showReset(example);
  };
  const target = { kind: 'finding', key: findingKey(finding), reset: finding.examples.at(0) ?? -1 } as const;
  return (
    <tr
      onClick={open}
      data-note-finding={target.key}
      data-note-reset={target.reset}
      className={`${finding.noise ? '' : 'does-matter'} ${isPart ? 'is-part' : ''}`}
    >
      <td>
        <button type="button" className="finding-open" title={`Next: ${finding.next}`}>
          <OriginMark kind={finding.kind} />
          <span>
            <Named text={finding.sentence} />
          </span>
        </button>
        <span className="finding-note">
          {target.reset < 0 ? null : (
            <>
              <HandOverButton subject={target} />
              <NoteButton target={target} />
            </>
          )}
        </span>
        <NoteBlock target={target} />
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

interface FailureGroupRowProps {
  readonly group: FailureGroup;
  readonly clock: Clock;
  /** It stands below the row that it is a part of. */
  readonly isPart?: boolean;
}

export function FailureGroupRow({ group, clock, isPart = false }: FailureGroupRowProps) {
  const { actions } = useApp();
  const { kind, count, matters, firstNs, lastNs } = group;
  return (
    <tr
      className={`${matters > 0 ? 'does-matter' : ''} ${isPart ? 'is-part' : ''}`}
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
            <Named text={group.sentence} />
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
