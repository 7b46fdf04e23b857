/** A program that does what one side did up to the reset, so that the other side can be tested. */
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Copy, Download, FlaskConicalOff } from 'lucide-react';
import { errorText } from '../../shared/format/error.ts';
import { upperFirst } from '../../shared/format/text.ts';
import type { Reproduction, ScriptLanguage } from '../../shared/model/reproduction.ts';
import type { Side } from '../../shared/model/verdict.ts';
import { useApp } from '../core/app-context.ts';
import { saveFile } from '../core/save-file.ts';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Radios } from './radios.tsx';
import { useSubjectFacts } from './use-subject-facts.ts';
import { WithSubject } from './with-subject.tsx';

const KINDS = ['reset', 'finding'] as const;
type Subject = Extract<HandOverSubject, { kind: (typeof KINDS)[number] }>;

export function ReproducePart() {
  return (
    <WithSubject
      kinds={KINDS}
      otherwise={
        <Empty icon={<FlaskConicalOff size={22} />} title="Only a reset can be reproduced">
          Choose one in the list of resets, then hand it over.
        </Empty>
      }
    >
      {(subject, choice) => <Reproduce subject={subject} choice={choice} />}
    </WithSubject>
  );
}

interface ReproduceProps {
  readonly subject: Subject;
  readonly choice: ReactNode;
}

function Reproduce({ subject, choice }: ReproduceProps) {
  const { actions } = useApp();
  const [language, setLanguage] = useState<ScriptLanguage>('node');
  const [side, setSide] = useState<Side | null>(null);
  // Of a finding its best example.
  const { known, problem: trouble } = useSubjectFacts(
    subject.kind === 'finding' ? { kind: 'reset', id: subject.reset, at: null } : subject,
  );
  const { made, error } = useScript(known?.packet ?? null, language, side);
  const problem = trouble ?? error;
  const script = made?.script ?? null;
  return (
    <div className="hand-over-columns">
      <div className="hand-over-options">
        {choice}
        <Radios
          label="Language"
          value={language}
          options={[
            { value: 'node', text: 'Node' },
            { value: 'python', text: 'Python' },
          ]}
          onChange={setLanguage}
        />
        <Radios
          label="Plays the"
          value={side ?? made?.side ?? 'server'}
          options={[
            { value: 'server', text: 'Server' },
            { value: 'client', text: 'Client' },
          ]}
          onChange={setSide}
        />
        <div className="hand-over-row">
          <Button
            look="primary"
            icon={<Download size={14} aria-hidden="true" />}
            disabled={script === null}
            onClick={() => {
              if (made !== null && script !== null)
                saveFile(made.fileName, new Blob([script], { type: 'text/plain;charset=utf-8' }));
            }}
          >
            Save
          </Button>
          <Button
            icon={<Copy size={14} aria-hidden="true" />}
            disabled={script === null}
            onClick={() => {
              if (script !== null) void actions.copy(script, 'the program');
            }}
          >
            Copy
          </Button>
        </div>
        {made === null ? null : <Told made={made} />}
      </div>
      <section className="hand-over-preview" aria-label="Program">
        {problem !== null ? (
          <p className="tone-bad" role="alert">
            {upperFirst(problem)}.
          </p>
        ) : made === null ? (
          <p className="faint" role="status">
            Writing the program …
          </p>
        ) : script === null ? (
          <p>{made.why}</p>
        ) : (
          <pre tabIndex={0}>{script}</pre>
        )}
      </section>
    </div>
  );
}

function Told({ made: { differs, otherSees } }: { readonly made: Reproduction }) {
  return (
    <>
      {otherSees.length === 0 ? null : <Texts title="The other end sees" texts={otherSees} />}
      {differs.length === 0 ? null : <Texts title="What differs from the capture" texts={differs} />}
    </>
  );
}

function Texts({ title, texts }: { readonly title: string; readonly texts: readonly string[] }) {
  return (
    <section className="hand-over-texts">
      <h2>{title}</h2>
      <ul>
        {texts.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </section>
  );
}

interface ScriptState {
  readonly made: Reproduction | null;
  readonly error: string | null;
}

function useScript(packet: number | null, language: ScriptLanguage, side: Side | null): ScriptState {
  const { link } = useApp();
  const key = `${packet} ${language} ${side}`;
  const [kept, setKept] = useState<ScriptState & { readonly key: string }>({
    key: '',
    made: null,
    error: null,
  });
  useEffect(() => {
    if (packet === null) return undefined;
    const abort = new AbortController();
    link
      .call('reproduce.script', { packet, language, ...(side === null ? {} : { side }) }, abort.signal)
      .then(
        (made) => {
          if (!abort.signal.aborted) setKept({ key, made, error: null });
        },
        (reason: unknown) => {
          if (!abort.signal.aborted) setKept({ key, made: null, error: errorText(reason) });
        },
      );
    return () => {
      abort.abort();
    };
  }, [link, packet, language, side, key]);
  return kept.key === key ? kept : { made: null, error: null };
}
