/** Splits an address with its port where a narrow cell may cut it. */
export interface SplitEnd {
  /** May be cut at its end. */
  readonly head: string;
  /** The end of the address, which tells hosts of one network apart. */
  readonly tail: string;
  /** With its colon, and the bracket that closes an IPv6 address; empty where there is none. */
  readonly port: string;
}

/** Characters of an address that are never cut. */
const TAIL = 4;

/** @param end `10.0.0.1:80`, `[2001:db8::1]:80`, or an address alone */
export function splitEnd(end: string): SplitEnd {
  const close = end.lastIndexOf(']');
  const colon = end.indexOf(':');
  const isAlone = close < 0 && colon !== end.lastIndexOf(':');
  const portAt = close >= 0 ? close : isAlone || colon < 0 ? end.length : colon;
  const address = end.slice(0, portAt);
  const at = Math.max(0, address.length - TAIL);
  return { head: address.slice(0, at), tail: address.slice(at), port: end.slice(portAt) };
}
