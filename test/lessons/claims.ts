/** Whether what the engine found in a capture is what a lesson claims. */
import type { LessonClaim } from '../../shared/model/lesson.ts';
import type { Session } from '../../main/engine/session.ts';

/** What was found, in the words of a claim, for whoever reads the failing test. */
export interface Found {
  readonly resets: readonly object[];
  readonly failures: readonly string[];
}

export function foundIn(session: Session): Found {
  return {
    resets: Array.from(session.resetIds(), (id) => {
      const { kind, side, cause, matters, frame, proven } = session.resetRow(id);
      return { kind, side, cause, matters, frame, proven };
    }),
    failures: Array.from(session.failures.eachAccount(), ({ row }) => row.kind),
  };
}

/** The resets of a claim come first by importance: those that matter, and where it claims none, all. */
export function holds(claim: LessonClaim, found: Found): boolean {
  if (claim.found === 'nothing') return found.resets.length === 0 && found.failures.length === 0;
  if (claim.found === 'failure') return found.failures.includes(claim.kind);
  return found.resets.some((reset) => {
    const { kind, side, cause, matters } = reset as {
      kind: string;
      side: string;
      cause: string;
      matters: boolean;
    };
    return (
      kind === claim.kind &&
      (claim.side === undefined || side === claim.side) &&
      (claim.causes as readonly string[]).includes(cause) &&
      (claim.matters === undefined || matters === claim.matters)
    );
  });
}
