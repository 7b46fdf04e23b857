/** What is handed over, of what is offered. */
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { subjectKey } from '../state/hand-over-slice.ts';
import { upperFirst } from '../../shared/format/text.ts';
import { useAppState } from '../core/app-context.ts';
import { subjectText } from './subject-words.ts';

interface SubjectChoiceProps {
  readonly subjects: readonly HandOverSubject[];
  readonly chosen: HandOverSubject;
  readonly onChoose: (key: string) => void;
}

export function SubjectChoice({ subjects, chosen, onChoose }: SubjectChoiceProps) {
  const files = useAppState((state) => state.summary?.files.length ?? 1);
  return (
    <label className="option">
      <span>About</span>
      <select
        className="select"
        value={subjectKey(chosen)}
        onChange={(event) => {
          onChoose(event.target.value);
        }}
      >
        {subjects.map((subject) => (
          <option key={subjectKey(subject)} value={subjectKey(subject)}>
            {upperFirst(subjectText(subject, files))}
          </option>
        ))}
      </select>
    </label>
  );
}
