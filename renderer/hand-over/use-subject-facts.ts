/** What is to be known of a reset to hand it over: its packet, and its connection. */
import { useEffect, useState } from 'react';
import { errorText } from '../../shared/format/error.ts';
import { useApp } from '../core/app-context.ts';
import type { HandOverSubject } from '../state/hand-over-slice.ts';
import { subjectKey } from '../state/hand-over-slice.ts';

export interface SubjectFacts {
  /** Number of the reset's packet; −1 for what is no reset. */
  readonly packet: number;
  /** −1 for what is of no single connection. */
  readonly flow: number;
  /** Of the packet in its file; 0 for none. */
  readonly frame: number;
}

export interface FactsState {
  /** Null until it is known. */
  readonly known: SubjectFacts | null;
  /** Why it is not known; a text for people. */
  readonly problem: string | null;
}

const PENDING: FactsState = { known: null, problem: null };

export function useSubjectFacts(subject: HandOverSubject): FactsState {
  const { link } = useApp();
  const key = subjectKey(subject);
  const [kept, setKept] = useState<{ readonly key: string; readonly facts: FactsState }>({
    key,
    facts: PENDING,
  });
  const id = subject.kind === 'reset' ? subject.id : null;
  useEffect(() => {
    if (id === null) return undefined;
    const abort = new AbortController();
    link.call('resets.detail', { id }, abort.signal).then(
      ({ row, packets }) => {
        const own = packets.find(({ file, frame }) => file === row.file && frame === row.frame);
        const facts =
          own === undefined
            ? { known: null, problem: 'the packets around this reset were let go to keep memory bounded' }
            : { known: { packet: own.packet, flow: row.flow, frame: row.frame }, problem: null };
        if (!abort.signal.aborted) setKept({ key, facts });
      },
      (error: unknown) => {
        if (!abort.signal.aborted) setKept({ key, facts: { known: null, problem: errorText(error) } });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, id, key]);
  if (id === null)
    return {
      known: { packet: -1, flow: subject.kind === 'flow' ? subject.id : -1, frame: 0 },
      problem: null,
    };
  return kept.key === key ? kept.facts : PENDING;
}
