/** What a host says of a reset, as a sign whose shape says the same as its colour: a full disc, a crossed ring, a broken ring. */
import type { FleetWitness } from '../../../shared/model/fleet.ts';

export function SeesMark({
  sees,
  size = 14,
}: {
  readonly sees: FleetWitness['sees'];
  readonly size?: number;
}) {
  return (
    <svg className={`sees-mark is-${sees}`} width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      {sees === 'seen' ? (
        <circle cx="7" cy="7" r="5" fill="currentColor" />
      ) : (
        <circle
          cx="7"
          cy="7"
          r="5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.7"
          strokeDasharray={sees === 'unclear' ? '2.6 2.1' : undefined}
        />
      )}
      {sees === 'absent' ? <path d="M3.4 10.6 10.6 3.4" stroke="currentColor" strokeWidth="1.7" /> : null}
    </svg>
  );
}
