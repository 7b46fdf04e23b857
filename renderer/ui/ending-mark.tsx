/** The sign of how a connection ended: shape and colour say the same. Check, cross, triangle, broken ring. */
import type { Ending } from '../../shared/model/failure.ts';
import { ENDING } from '../words/ending.ts';
import type { EndingTone } from '../words/ending.ts';

export function EndingMark({ tone, size = 12 }: { readonly tone: EndingTone; readonly size?: number }) {
  return (
    <svg
      className={`ending-mark tone-${tone}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[tone]} strokeDasharray={tone === 'open' ? '2.6 2' : undefined} />
    </svg>
  );
}

/** The sign and its name, as a cell of a list. */
export function EndingName({ ending }: { readonly ending: Ending }) {
  const { name, tone } = ENDING[ending];
  return (
    <span className="ending">
      <EndingMark tone={tone} size={11} />
      {name}
    </span>
  );
}

const SHAPES: Readonly<Record<EndingTone, string>> = {
  good: 'M2 6.4 4.9 9.2 10 3.2',
  reset: 'M2.6 2.6l6.8 6.8M9.4 2.6 2.6 9.4',
  failed: 'M6 1.4 11 10.4H1zM6 5v2',
  open: 'M6 1.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8z',
};
