import { useState } from 'react';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { subjectKey } from '../state/hand-over-slice.ts';
import { useAppState } from '../core/app-context.ts';

/** Of what is offered, that which a part of the dialog can hand over, and what is chosen of it; undefined where there is none. */
export function useSubject<Kind extends HandOverSubject['kind']>(kinds: readonly Kind[]) {
  type Subject = Extract<HandOverSubject, { kind: Kind }>;
  const all = useAppState((state) => state.handOverSubjects);
  const [key, setKey] = useState('');
  const subjects = all.filter((one): one is Subject => (kinds as readonly string[]).includes(one.kind));
  const chosen = subjects.find((one) => subjectKey(one) === key) ?? subjects.at(0);
  return { subjects, chosen, setKey };
}
