/** A lesson: its story, a question, and behind the answer the verdict of its captures, the fix and the programs. */
import { ArrowLeft } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { errorText } from '../../../shared/format/error.ts';
import type { Lesson, LessonClaim, LessonPage, LessonPart } from '../../../shared/model/lesson.ts';
import { useApp, useAppState } from '../../core/app-context.ts';
import { Button } from '../../ui/button.tsx';
import { LessonPrograms } from './lesson-programs.tsx';
import { LessonQuestion } from './lesson-question.tsx';
import { LessonText } from './lesson-text.tsx';
import './lesson.css';

interface LessonViewProps {
  readonly name: string;
  /** In the corner of the window. */
  readonly corner: ReactNode;
}

export function LessonView({ name, corner }: LessonViewProps) {
  const { actions, link } = useApp();
  const [page, setPage] = useState<LessonPage | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [chosen, setChosen] = useState<number | null>(null);
  const state = useAppState((one) => one.link);
  const openError = useAppState((one) => one.openError);
  useLeaveWithView();
  useEffect(() => {
    if (state !== 'open') return undefined;
    let isGone = false;
    link.call('host.lesson', { name }).then(
      (answer) => {
        if (!isGone) setPage(answer);
      },
      (reason: unknown) => {
        if (!isGone) setError(errorText(reason));
      },
    );
    return () => {
      isGone = true;
    };
  }, [link, name, state]);
  return (
    <main className="lesson">
      <div className="start-corner">{corner}</div>
      <article className="lesson-inner">
        <Button
          icon={<ArrowLeft size={14} aria-hidden="true" />}
          onClick={() => {
            actions.showLesson(null);
          }}
        >
          All lessons
        </Button>
        {error === null ? null : <p role="alert">{error}</p>}
        {openError === null ? null : <p role="alert">This could not be opened: {openError.message}</p>}
        {page === null ? (
          error === null && <p className="lesson-wait">Fetching the lesson…</p>
        ) : (
          <>
            <header>
              <h1>{page.lesson.title}</h1>
              {page.lesson.story.map((paragraph) => (
                <p key={paragraph}>
                  <LessonText text={paragraph} />
                </p>
              ))}
            </header>
            <LessonQuestion lesson={page.lesson} chosen={chosen} onChoose={setChosen} />
            {chosen === null ? null : (
              <>
                <Answer lesson={page.lesson} chosen={chosen} />
                <LessonPrograms files={page.files} lesson={page.lesson} />
              </>
            )}
          </>
        )}
      </article>
    </main>
  );
}

/** Whoever goes to a view or opens something has left the lesson. */
function useLeaveWithView(): void {
  const { store } = useApp();
  useEffect(
    () =>
      store.subscribe((now, before) => {
        if (now.lesson === null) return;
        if (now.view !== before.view || now.progress.capture !== before.progress.capture)
          store.setState({ lesson: null });
      }),
    [store],
  );
}

function Answer({ lesson, chosen }: { readonly lesson: Lesson; readonly chosen: number }) {
  const { answer, fix } = lesson;
  return (
    <>
      <section aria-labelledby="lesson-answer" aria-live="polite">
        <h2 id="lesson-answer">{chosen === answer.choice ? 'That is it' : 'Not quite'}</h2>
        <p>
          <strong>
            <LessonText text={lesson.choices[answer.choice]} />
          </strong>
        </p>
        <p>
          <LessonText text={answer.why} />
        </p>
        <p>See for yourself what the captures show:</p>
        <Captures lesson={lesson} part="before" />
      </section>
      <section aria-labelledby="lesson-fix">
        <h2 id="lesson-fix">The fix</h2>
        <p>
          <strong>
            <LessonText text={fix.change} />
          </strong>
        </p>
        <p>
          <LessonText text={fix.why} />
        </p>
        <ul className="lesson-settings" aria-label="By name">
          {fix.settings.map((setting) => (
            <li key={setting}>
              <code>{setting}</code>
            </li>
          ))}
        </ul>
        <p>The same after the fix:</p>
        <Captures lesson={lesson} part="after" />
      </section>
    </>
  );
}

function Captures({ lesson, part }: { readonly lesson: Lesson; readonly part: LessonPart }) {
  const { actions } = useApp();
  const isOpening = useAppState(({ opening }) => opening !== null);
  const after = part === 'after' ? ', after the fix' : '';
  const open = (at: string | null, claim: LessonClaim | undefined): void =>
    void actions.openLesson(lesson, part, at, claim?.found === 'reset');
  return (
    <div className="lesson-captures">
      {lesson.captures.map(({ at, where, shows, fixed }) => {
        const claim = part === 'after' ? fixed : shows;
        return (
          <Button
            key={at}
            disabled={isOpening}
            onClick={() => {
              open(at, claim);
            }}
          >
            Open the {claim.found === 'reset' ? 'reset' : 'capture'} {where}
            {after}
          </Button>
        );
      })}
      {lesson.captures.length > 1 && (
        <Button
          disabled={isOpening}
          onClick={() => {
            open(null, part === 'after' ? undefined : lesson.together);
          }}
        >
          Compare them{after}
        </Button>
      )}
    </div>
  );
}
