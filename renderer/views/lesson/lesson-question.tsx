/** The question of a lesson; the keys a, b, c … choose as well as the pointer does. */
import { useEffect } from 'react';
import type { Lesson } from '../../../shared/model/lesson.ts';
import { choiceKey } from '../../../shared/model/lesson.ts';
import { useAppState } from '../../core/app-context.ts';
import { LessonText } from './lesson-text.tsx';

interface LessonQuestionProps {
  readonly lesson: Lesson;
  /** Null until somebody has answered. */
  readonly chosen: number | null;
  readonly onChoose: (choice: number) => void;
}

export function LessonQuestion({ lesson, chosen, onChoose }: LessonQuestionProps) {
  const { choices, question, answer } = lesson;
  useChoiceKeys(choices.length, onChoose);
  return (
    <section aria-labelledby="lesson-question">
      <h2 id="lesson-question">{question}</h2>
      <ol className="lesson-choices">
        {choices.map((choice, at) => {
          const isRight = chosen !== null && at === answer.choice;
          const isWrong = chosen === at && !isRight;
          const mark = isRight ? ' is-right' : isWrong ? ' is-wrong' : '';
          return (
            <li key={choice}>
              <button
                type="button"
                className={`lesson-choice${mark}`}
                aria-pressed={chosen === at}
                onClick={() => {
                  onChoose(at);
                }}
              >
                <kbd>{choiceKey(at)}</kbd>
                <span>
                  <LessonText text={choice} />
                </span>
                {isRight ? <em>right</em> : isWrong ? <em>your answer</em> : null}
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** Shortcuts of one letter can be turned off (WCAG 2.1.4), and belong to whatever dialog is open. */
function useChoiceKeys(choices: number, onChoose: (choice: number) => void): void {
  const isOn = useAppState(({ letterKeys, dialog }) => letterKeys && dialog === null);
  useEffect(() => {
    if (!isOn) return undefined;
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      const choice = Array.from({ length: choices }, (_, at) => choiceKey(at)).indexOf(event.key);
      if (choice < 0) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      onChoose(choice);
    };
    window.addEventListener('keydown', listen, true);
    return () => {
      window.removeEventListener('keydown', listen, true);
    };
  }, [isOn, choices, onChoose]);
}
