/** A report for the team that must act, and what it says. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Copy, Download } from 'lucide-react';
import type { Params } from '../../shared/contract/methods.ts';
import { errorText } from '../../shared/format/error.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { ReportSubject } from '../../shared/model/report.ts';
import { useApp, useAppState } from '../core/app-context.ts';
import { saveFile } from '../core/save-file.ts';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { Button } from '../ui/button.tsx';
import { DiscretionChoice, useDiscretion } from './discretion.tsx';
import { fileStem } from './file-stem.ts';
import { reportNotes } from './given-notes.ts';
import { Radios } from './radios.tsx';
import { ReportText } from './report-text.tsx';
import type { SubjectFacts } from './use-subject-facts.ts';
import { useSubjectFacts } from './use-subject-facts.ts';
import type { TaskState } from './use-task.ts';
import { useTask } from './use-task.ts';
import { WithSubject } from './with-subject.tsx';

const KINDS = ['reset', 'finding', 'flow', 'failures', 'capture'] as const;
type Subject = Extract<HandOverSubject, { kind: (typeof KINDS)[number] }>;
type Format = 'html' | 'pdf' | 'markdown';
const ENDINGS: Readonly<Record<Format, string>> = { html: '.html', pdf: '.pdf', markdown: '.md' };
const TYPES: Readonly<Record<Format, string>> = {
  html: 'text/html;charset=utf-8',
  pdf: 'application/pdf',
  markdown: 'text/markdown;charset=utf-8',
};

export function ReportPart() {
  return (
    <WithSubject kinds={KINDS}>
      {(subject, choice) => <Report subject={subject} choice={choice} />}
    </WithSubject>
  );
}

interface ReportProps {
  readonly subject: Subject;
  readonly choice: ReactNode;
}

function Report({ subject, choice }: ReportProps) {
  const { link, actions } = useApp();
  const summary = useAppState((state) => state.summary);
  const canPdf = useAppState((state) => state.capabilities?.pdf === true);
  const names = useAppState((state) => state.names);
  const { notes } = useAppState((state) => state.notes);
  const [format, setFormat] = useState<Format>('html');
  const { discretion, setDiscretion } = useDiscretion();
  const { anonymise, withNotes } = discretion;
  const { known, problem: trouble } = useSubjectFacts(subject);
  const given = known === null ? [] : reportNotes(notes, subject, known, summary?.files.length ?? 1);
  const order =
    known === null ? null : orderOf(subject, known, { anonymise, names, notes: withNotes ? given : [] });
  const { text, error } = usePreview(order);
  const problem = trouble ?? error;
  const { state: saving, start, cancel } = useTask<string, string>(`${format} ${JSON.stringify(order)}`);

  const save = (): void => {
    if (order === null || saving.phase === 'running') return;
    const name = `${fileStem(summary, anonymise)}-report${partName(subject, known)}${ENDINGS[format]}`;
    start('Writing …', async (tell, signal) => {
      const written = await link.call(
        'report.make',
        { ...order, format: format === 'markdown' ? 'markdown' : 'html' },
        signal,
      );
      if (format === 'pdf') tell('Printing …');
      const content =
        format === 'pdf' ? (await link.call('report.pdf', { html: written }, signal)).slice() : written;
      saveFile(name, new Blob([content], { type: TYPES[format] }));
      return name;
    });
  };

  return (
    <div className="hand-over-columns">
      <div className="hand-over-options">
        {choice}
        <Radios
          label="As"
          value={format}
          options={[
            { value: 'html', text: 'HTML, one page that stands alone' },
            { value: 'pdf', text: 'PDF', isOff: !canPdf },
            { value: 'markdown', text: 'Markdown, for a ticket' },
          ]}
          onChange={setFormat}
        />
        {canPdf ? null : (
          <p className="field-hint">
            A PDF needs Chromium, which is not installed where Resetscope runs: save HTML, and print that in
            any browser.
          </p>
        )}
        <DiscretionChoice
          discretion={discretion}
          setDiscretion={setDiscretion}
          replaced="addresses, names and file names are replaced"
          notes={given.length === 0 ? 'there are none about it' : `${given.length} about it`}
          notesHint={
            given.length === 0
              ? null
              : 'In your notes only addresses, and names that the capture knows, are replaced'
          }
        />
        <div className="hand-over-row">
          <Button
            look="primary"
            icon={<Download size={14} aria-hidden="true" />}
            disabled={order === null || problem !== null}
            onClick={save}
          >
            Save
          </Button>
          <Button
            icon={<Copy size={14} aria-hidden="true" />}
            disabled={text === null}
            onClick={() => {
              if (text !== null) void actions.copy(text, 'the report as Markdown');
            }}
          >
            Copy Markdown
          </Button>
        </div>
        <Saving state={saving} onCancel={cancel} />
      </div>
      <section className="hand-over-preview" aria-label="What it says">
        {problem !== null ? (
          <p className="tone-bad" role="alert">
            {upperFirst(problem)}.
          </p>
        ) : text === null ? (
          <p className="faint" role="status">
            Writing the report …
          </p>
        ) : (
          <ReportText markdown={text} />
        )}
      </section>
    </div>
  );
}

interface SavingProps {
  /** Its step in words, then the name of what was saved. */
  readonly state: TaskState<string, string>;
  readonly onCancel: () => void;
}

function Saving({ state, onCancel }: SavingProps) {
  return (
    <div className="hand-over-row" role="status">
      {state.phase === 'running' ? (
        <>
          <span className="field-hint">{state.step}</span>
          <Button onClick={onCancel}>Cancel</Button>
        </>
      ) : state.phase === 'ready' ? (
        <span className="field-hint">Saved {state.result}.</span>
      ) : state.phase === 'failed' ? (
        <span className="tone-bad">It could not be saved: {state.message}.</span>
      ) : null}
    </div>
  );
}

type Order = Omit<Params<'report.make'>, 'format'>;

function orderOf(
  subject: Subject,
  { packet }: SubjectFacts,
  {
    anonymise,
    names,
    notes,
  }: { anonymise: boolean; names: ReadonlyMap<string, string>; notes: Order['notes'] },
): Order {
  return {
    subject: reportSubject(subject, packet),
    anonymise,
    names: Array.from(names, ([key, name]) => ({ key, name })),
    notes,
  };
}

function reportSubject(subject: Subject, packet: number): ReportSubject {
  switch (subject.kind) {
    case 'reset':
      return { kind: 'reset', packet };
    case 'finding':
      return { kind: 'finding', example: subject.reset };
    case 'flow':
      return { kind: 'flow', flow: subject.id };
    case 'failures':
    case 'capture':
      return { kind: subject.kind };
  }
}

function partName(subject: Subject, facts: SubjectFacts | null): string {
  if (subject.kind === 'reset') return `-reset-${facts?.frame ?? ''}`;
  if (subject.kind === 'flow') return `-flow-${subject.id}`;
  return subject.kind === 'capture' ? '' : `-${subject.kind}`;
}

/** The report as Markdown, made anew with every change of what is wanted. */
function usePreview(order: Order | null): { readonly text: string | null; readonly error: string | null } {
  const { link } = useApp();
  const key = order === null ? '' : JSON.stringify(order);
  const [kept, setKept] = useState<{ key: string; text: string | null; error: string | null }>({
    key: '',
    text: null,
    error: null,
  });
  useEffect(() => {
    if (key === '') return undefined;
    const abort = new AbortController();
    const wanted = JSON.parse(key) as Order;
    link.call('report.make', { ...wanted, format: 'markdown' }, abort.signal).then(
      (text) => {
        if (!abort.signal.aborted) setKept({ key, text, error: null });
      },
      (reason: unknown) => {
        if (!abort.signal.aborted) setKept({ key, text: null, error: errorText(reason) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, key]);
  return kept.key === key ? kept : { text: null, error: null };
}
