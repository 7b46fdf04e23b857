/** Says that rows were added out of sight; a click leads to them. */
import { plural } from '../../shared/format/count.ts';
import { ArrowDown, ArrowUp } from 'lucide-react';

interface NewestPillProps {
  readonly at: 'start' | 'end';
  readonly count: number;
  /** What one row is called, such as `reset`. */
  readonly noun: string;
  readonly onClick: () => void;
}

export function NewestPill({ at, count, noun, onClick }: NewestPillProps) {
  if (count <= 0) return null;
  return (
    <button type="button" className={`newest-pill newest-${at}`} onClick={onClick}>
      {at === 'end' ? <ArrowDown size={13} aria-hidden="true" /> : <ArrowUp size={13} aria-hidden="true" />}
      {plural(count, `new ${noun}`)}
    </button>
  );
}
