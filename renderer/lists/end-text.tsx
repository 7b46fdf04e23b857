/**
 * An address with its port, of which the port is never cut: what does not fit goes out of the middle. Assistive technology
 * and whoever searches the page find it in one piece.
 */
import { useName } from '../names/use-names.ts';
import { splitEnd } from './split-end.ts';

interface EndTextProps {
  /** `10.0.0.1:80`, `[2001:db8::1]:80`, or an address alone. */
  readonly end: string;
  /** Shown in front of the address, and instead of it where there is no room; empty for none. */
  readonly name?: string;
}

export function EndText({ end, name: known = '' }: EndTextProps) {
  const given = useName(end);
  // What the user calls it goes before what the capture calls it.
  const name = given ?? known;
  const { head, tail, port } = splitEnd(end);
  return (
    <>
      <span className="visually-hidden">{name === '' ? end : `${name} ${end}`}</span>
      {name === '' ? (
        <span className="end mono" aria-hidden="true">
          <span className="end-head">{head}</span>
          <span className="end-tail">
            {tail}
            {port}
          </span>
        </span>
      ) : (
        <span className="end" aria-hidden="true">
          <span className={`end-head ${given === undefined ? '' : 'given-name'}`}>{name}</span>
          <span className="end-tail mono">{port}</span>
          <span className="end-rest mono faint">
            {head}
            {tail}
          </span>
        </span>
      )}
    </>
  );
}
