/** The packets of what is looked at, with what its verdict rests on, as they are or anonymised. */
import type { ReactNode } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { ExportSubject } from '../../shared/model/export.ts';
import { useAppState } from '../core/app-context.ts';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { subjectKey } from '../state/hand-over-slice.ts';
import { DiscretionChoice, useDiscretion } from './discretion.tsx';
import { ExportRun } from './export-run.tsx';
import { packetNotes } from './given-notes.ts';
import type { Exported } from './run-export.ts';
import { useExport } from './use-export.ts';
import { useSubjectFacts } from './use-subject-facts.ts';
import { WithSubject } from './with-subject.tsx';

const KINDS = ['reset', 'finding', 'flow', 'failures', 'list', 'capture'] as const;

export function PacketsPart() {
  return (
    <WithSubject kinds={KINDS}>
      {(subject, choice) => <Packets subject={subject} choice={choice} />}
    </WithSubject>
  );
}

interface PacketsProps {
  readonly subject: HandOverSubject;
  readonly choice: ReactNode;
}

function Packets({ subject, choice }: PacketsProps) {
  const { notes } = useAppState((state) => state.notes);
  const { discretion, setDiscretion } = useDiscretion();
  const { anonymise, withNotes } = discretion;
  const { known, problem } = useSubjectFacts(subject);
  const given = packetNotes(notes);
  const { state, start, cancel } = useExport(
    `${subjectKey(subject)} ${String(anonymise)} ${String(withNotes)}`,
  );
  return (
    <div className="hand-over-columns">
      <div className="hand-over-options">
        {choice}
        <DiscretionChoice
          discretion={discretion}
          setDiscretion={setDiscretion}
          replaced="addresses, names and payload are replaced; the verdict is not"
          notes={
            given.length === 0
              ? 'there are none on packets'
              : `${plural(given.length, 'note')}, as comments of their packets`
          }
          notesHint={given.length === 0 ? null : 'Your notes are written as they stand'}
        />
      </div>
      <section className="hand-over-work" aria-label="Packets">
        <p>{wrote(subject)}</p>
        {problem === null ? null : (
          <p className="tone-bad" role="alert">
            {upperFirst(problem)}.
          </p>
        )}
        <ExportRun
          state={state}
          label="Make the file"
          isPossible={known !== null}
          onStart={() => {
            if (known === null) return;
            start({
              subject: exportSubject(subject, known.packet),
              anonymise,
              notes: withNotes ? given : [],
            });
          }}
          onCancel={cancel}
          told={(exported) => <Told exported={exported} />}
        />
      </section>
    </div>
  );
}

/** What will be in it. */
function wrote(subject: HandOverSubject): string {
  switch (subject.kind) {
    case 'list':
      return 'The packets that pass the filter, and no others, as pcapng.';
    case 'capture':
      return 'All packets, as pcapng.';
    default:
      return 'The packets of its connections, and of the others no more than the verdict rests on, as pcapng. The copy is judged anew, and widened until the verdict is the same.';
  }
}

function exportSubject(subject: HandOverSubject, packet: number): ExportSubject {
  switch (subject.kind) {
    case 'reset':
      return { kind: 'reset', packet };
    case 'flow':
      return { kind: 'flow', flow: subject.id };
    case 'finding':
      return { kind: 'finding', reset: subject.reset };
    case 'failures':
      return { kind: 'failures' };
    case 'list':
      return { kind: 'filter', filter: subject.filter };
    case 'capture':
      return { kind: 'filter', filter: '' };
  }
}

function Told({ exported: { told, missing } }: { readonly exported: Exported }) {
  const { packets, of, verdicts, changed, replaced } = told;
  return (
    <>
      <p>
        <b>
          {countText(packets)} of {plural(of, 'packet')}
        </b>
        {of === packets ? '.' : `; ${countText(of - packets)} left out.`}
      </p>
      {verdicts === 0 ? (
        <p className="faint">No verdict was made anew: a filter is not about one.</p>
      ) : changed === 0 ? (
        <p className="tone-good-text">
          {verdicts === 1
            ? 'Its verdict is the same when the file is opened.'
            : `All ${countText(verdicts)} verdicts are the same when the file is opened.`}
        </p>
      ) : (
        <p className="tone-warn">
          {countText(changed)} of {plural(verdicts, 'verdict')} {changed === 1 ? 'comes' : 'come'} out
          otherwise when the file is opened: say so when you hand it over.
        </p>
      )}
      {missing > 0 ? (
        <p className="tone-bad" role="alert">
          {plural(missing, 'packet')} could not be read again: the capture was changed or taken away
          meanwhile.
        </p>
      ) : null}
      {replaced.length === 0 ? null : (
        <p>Replaced: {replaced.map(({ kind, count }) => `${kind} ${countText(count)}`).join(', ')}.</p>
      )}
    </>
  );
}
