import type { ReactNode } from 'react';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { SubjectChoice } from './subject-choice.tsx';
import { useSubject } from './use-subject.ts';

interface WithSubjectProps<Kind extends HandOverSubject['kind']> {
  readonly kinds: readonly Kind[];
  /** Where nothing is offered that the part can hand over. */
  readonly otherwise?: ReactNode;
  /** @param choice to choose another subject by */
  readonly children: (subject: Extract<HandOverSubject, { kind: Kind }>, choice: ReactNode) => ReactNode;
}

/** A part of the dialog that is about one of the subjects that are offered. */
export function WithSubject<Kind extends HandOverSubject['kind']>({
  kinds,
  otherwise = null,
  children,
}: WithSubjectProps<Kind>) {
  const { subjects, chosen, setKey } = useSubject(kinds);
  if (chosen === undefined) return otherwise;
  return children(chosen, <SubjectChoice subjects={subjects} chosen={chosen} onChoose={setKey} />);
}
