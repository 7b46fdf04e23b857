/** Splits an address with its port where a narrow cell may cut it. */
export interface SplitEnd {
  /** May be cut at its end. */
  readonly head: string;
  /** The end of the address, which tells hosts of one network apart. */
  readonly tail: string;
  /** With its colon; empty where there is none. */
  readonly port: string;
  /** Brackets stand around the address, which are in none of the parts: a name in its place has none. */
  readonly isBracketed: boolean;
}

/** Characters of an address that are never cut. */
const TAIL = 4;

/** @param end `10.0.0.1:80`, `[2001:db8::1]:80`, or an address alone */
export function splitEnd(end: string): SplitEnd {
  const close = end.lastIndexOf(']');
  if (end.startsWith('[') && close > 0) return split(end.slice(1, close), end.slice(close + 1), true);
  const colon = end.indexOf(':');
  const isAlone = colon !== end.lastIndexOf(':');
  const portAt = isAlone || colon < 0 ? end.length : colon;
  return split(end.slice(0, portAt), end.slice(portAt), false);
}

function split(address: string, port: string, isBracketed: boolean): SplitEnd {
  const at = Math.max(0, address.length - TAIL);
  return { head: address.slice(0, at), tail: address.slice(at), port, isBracketed };
}
