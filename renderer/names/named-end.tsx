/** An address with its port in a narrow place, by the user's name for it where there is one, else by that of the capture. */
import { EndText } from '../ui/end-text.tsx';
import { useName } from './use-names.ts';

interface NamedEndProps {
  readonly end: string;
  /** What the capture calls it; empty for nothing. */
  readonly name?: string;
}

export function NamedEnd({ end, name = '' }: NamedEndProps) {
  const given = useName(end);
  return <EndText end={end} name={given ?? name} isGiven={given !== undefined} />;
}
