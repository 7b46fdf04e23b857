/**
 * What is asked of the fleet that is shown: each part by itself, so that the quick ones do not wait for the slow.
 *
 * Invariant: a question whose scope changed is given up at once. What was answered last stays while the next answer is on its way.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { RpcError } from '../../../shared/contract/errors.ts';
import type { FleetMethods } from '../../../shared/contract/fleet-methods.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { FleetScope } from '../../../shared/model/fleet.ts';
import { useApp, useAppState } from '../../core/app-context.ts';

export interface Part<T> {
  readonly value: T | null;
  readonly error: string | null;
  /** What is shown is of another scope, or nothing is there yet. */
  readonly isAsking: boolean;
}

type Result<Method extends keyof FleetMethods> = FleetMethods[Method]['result'];
type Asked = 'fleet.findings' | 'fleet.timeline' | 'fleet.talkers' | 'fleet.resets';

export interface FleetAnswers {
  readonly findings: Part<Result<'fleet.findings'>>;
  readonly timeline: Part<Result<'fleet.timeline'>>;
  readonly talkers: Part<Result<'fleet.talkers'>>;
  readonly resets: Part<Result<'fleet.resets'>>;
  readonly isAsking: boolean;
  /** The user gave up: what is shown may be of another scope. */
  readonly isStopped: boolean;
  readonly stop: () => void;
  readonly again: () => void;
}

const FINDINGS = 200;
const TALKERS = 50;
const STRETCHES = 96;

/** @param resets how many are listed at most */
export function useFleetAnswers(place: string, resets: number): FleetAnswers {
  const { actions } = useApp();
  const scope = useAppState((state) => state.fleetScope);
  const opened = useAppState((state) => state.fleetOpened);
  const link = useAppState((state) => state.link);
  const [attempt, setAttempt] = useState(0);
  // A number of the question that was given up: another scope is another question.
  const [stopped, setStopped] = useState('');
  const run = JSON.stringify([place, scope, opened, attempt, link === 'open']);
  const isStopped = stopped === run;
  const again = useCallback(() => {
    setAttempt((count) => count + 1);
  }, []);
  // Once, until something was answered again: a place that stays closed is not opened for ever.
  const isReopened = useRef(false);
  // The host lets go of places that nobody asked for long, and of all when it is started again.
  const onGone = useCallback(() => {
    if (isReopened.current) return;
    isReopened.current = true;
    void actions.openFleet(place);
  }, [actions, place]);
  const onAnswered = useCallback(() => {
    isReopened.current = false;
  }, []);
  const question = { run, place, scope, isStopped: isStopped || link !== 'open', onGone, onAnswered };
  const findings = useQuestion('fleet.findings', { ...question, more: { limit: FINDINGS } });
  const timeline = useQuestion('fleet.timeline', { ...question, more: { stretches: STRETCHES } });
  const talkers = useQuestion('fleet.talkers', { ...question, more: { limit: TALKERS } });
  const listed = useQuestion('fleet.resets', { ...question, more: { limit: resets } });
  return {
    findings,
    timeline,
    talkers,
    resets: listed,
    isAsking: [findings, timeline, talkers, listed].some((part) => part.isAsking) && !isStopped,
    isStopped,
    stop: () => {
      setStopped(run);
    },
    again,
  };
}

interface Question {
  /** Differs where it is to be asked anew. */
  readonly run: string;
  readonly place: string;
  readonly scope: FleetScope;
  readonly isStopped: boolean;
  readonly more: { readonly limit?: number; readonly stretches?: number };
  /** Told where the place is not open any more. */
  readonly onGone: () => void;
  readonly onAnswered: () => void;
}

interface Answered<T> {
  readonly key: string;
  readonly value: T | null;
  readonly error: string | null;
}

function useQuestion<Method extends Asked>(method: Method, question: Question): Part<Result<Method>> {
  const { link } = useApp();
  const { run, place, scope, isStopped, more, onGone, onAnswered } = question;
  const params = JSON.stringify({ place, scope, ...more });
  const key = `${run} ${params}`;
  const [answer, setAnswer] = useState<Answered<Result<Method>>>({ key: '', value: null, error: null });
  useEffect(() => {
    if (isStopped) return;
    const abort = new AbortController();
    link.call(method, JSON.parse(params) as FleetMethods[Method]['params'], abort.signal).then(
      (value) => {
        if (abort.signal.aborted) return;
        onAnswered();
        setAnswer({ key, value: value as Result<Method>, error: null });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        if (error instanceof RpcError && error.code === 'not-found') onGone();
        setAnswer({ key, value: null, error: errorText(error) });
      },
    );
    return () => {
      abort.abort();
    };
  }, [link, method, key, params, isStopped, onGone, onAnswered]);
  return { value: answer.value, error: answer.error, isAsking: answer.key !== key };
}
