/** An address as it is called here: the user's name before it, where it has one; in narrow cells the name alone, the address in its title. */
import { useName } from './use-names.ts';

interface AddressProps {
  /** With or without its port. */
  readonly of: string;
  readonly isNarrow?: boolean;
}

export function Address({ of, isNarrow = false }: AddressProps) {
  const name = useName(of);
  if (name === undefined) return <span className="mono">{of}</span>;
  return (
    <span title={`${name}, ${of}`}>
      <b className="given-name">{name}</b>
      {isNarrow ? null : <span className="mono"> {of}</span>}
    </span>
  );
}
