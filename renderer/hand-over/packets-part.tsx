/** The packets of what is looked at, with what its verdict rests on, as they are or anonymised. */
import { useState } from 'react';
import { countText, plural } from '../../shared/format/count.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { ExportSubject } from '../../shared/model/export.ts';
import { useAppState } from '../core/app-context.ts';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { subjectKey } from '../state/hand-over-slice.ts';
import { Switch } from '../ui/choice.tsx';
import { AnonymisedHint } from './anonymised-hint.tsx';
import { ExportRun } from './export-run.tsx';
import { packetNotes } from './given-notes.ts';
import type { Exported } from './run-export.ts';
import { SubjectChoice } from './subject-choice.tsx';
import { useExport } from './use-export.ts';
import { useSubject } from './use-subject.ts';
import { useSubjectFacts } from './use-reset-facts.ts';

const KINDS = ['reset', 'finding', 'flow', 'failures', 'list', 'capture'] as const;

export function PacketsPart() {
  const { subjects, chosen, setKey } = useSubject(KINDS);
  if (chosen === undefined) return null;
  return <Packets subjects={subjects} subject={chosen} onChoose={setKey} />;
}

interface PacketsProps {
  readonly subjects: readonly HandOverSubject[];
  readonly subject: HandOverSubject;
  readonly onChoose: (key: string) => void;
}

function Packets({ subjects, subject, onChoose }: PacketsProps) {
  const { notes } = useAppState((state) => state.notes);
  const [anonymise, setAnonymise] = useState(false);
  const [withNotes, setWithNotes] = useState(true);
  const facts = useSubjectFacts(subject);
  const given = packetNotes(notes);
  const { state, start, cancel } = useExport(
    `${subjectKey(subject)} ${String(anonymise)} ${String(withNotes)}`,
  );
  const known = facts === null || 'error' in facts ? null : facts;
  return (
    <div className="hand-over-columns">
      <div className="hand-over-options">
        <SubjectChoice subjects={subjects} chosen={subject} onChoose={onChoose} />
        <Switch
          label="Anonymised"
          about="addresses, names and payload are replaced; the verdict is not"
          checked={anonymise}
          onChange={(checked) => {
            setAnonymise(checked);
            if (checked) setWithNotes(false);
          }}
        />
        {anonymise ? (
          <AnonymisedHint
            {...(withNotes && given.length > 0 ? { notes: 'Your notes are written as they stand' } : {})}
          />
        ) : null}
        <Switch
          label="With my notes"
          about={
            given.length === 0
              ? 'there are none on packets'
              : `${plural(given.length, 'note')}, as comments of their packets`
          }
          checked={withNotes}
          onChange={setWithNotes}
        />
      </div>
      <section className="hand-over-work" aria-label="Packets">
        <p>{wrote(subject)}</p>
        {facts !== null && 'error' in facts ? (
          <p className="tone-bad" role="alert">
            {upperFirst(facts.error)}.
          </p>
        ) : null}
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
        <p>Replaced: {replaced.map(({ kind, count }) => `${countText(count)} ${kind}`).join(', ')}.</p>
      )}
    </>
  );
}
