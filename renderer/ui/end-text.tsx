/**
 * An address with its port, of which the port is never cut: what does not fit goes out of the middle. Assistive technology
 * and whoever searches the page find it in one piece.
 */
import { splitEnd } from './split-end.ts';

interface EndTextProps {
  /** `10.0.0.1:80`, `[2001:db8::1]:80`, or an address alone. */
  readonly end: string;
  /** Shown in front of the address, and instead of it where there is no room; empty for none. */
  readonly name?: string;
  /** Whether the user gave that name. */
  readonly isGiven?: boolean;
}

export function EndText({ end, name = '', isGiven = false }: EndTextProps) {
  const { head, tail, port, isBracketed } = splitEnd(end);
  const [open, close] = isBracketed ? ['[', ']'] : ['', ''];
  return (
    <>
      <span className="visually-hidden">{name === '' ? end : `${name} ${end}`}</span>
      {name === '' ? (
        <span className="end mono" aria-hidden="true">
          <span className="end-head">
            {open}
            {head}
          </span>
          <span className="end-tail">
            {tail}
            {close}
            {port}
          </span>
        </span>
      ) : (
        // The address behind the name is there as a whole, or not at all: a piece of it would name another host.
        <span className="end-named" aria-hidden="true">
          <span className="end">
            <span className={`end-head ${isGiven ? 'given-name' : ''}`}>{name}</span>
            <span className="end-tail mono">{port}</span>
          </span>
          <span className="end-rest mono faint">
            {open}
            {head}
            {tail}
            {close}
          </span>
        </span>
      )}
    </>
  );
}
