/** An address with its port: `10.0.0.1:80`, `[2001:db8::1]:80` (RFC 3986 §3.2.2 brackets IPv6). */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** The two parts of what `endpointText` wrote; the port is null where there is none. */
export function endpointParts(text: string): { readonly address: string; readonly port: number | null } {
  const colon = text.lastIndexOf(':');
  const digits = text.slice(colon + 1);
  if (colon < 0 || !/^\d{1,5}$/u.test(digits)) return { address: text, port: null };
  const address = text.slice(0, colon);
  if (address.startsWith('[') && address.endsWith(']')) {
    return { address: address.slice(1, -1), port: Number(digits) };
  }
  // An IPv6 address without brackets has no port.
  return address.includes(':') ? { address: text, port: null } : { address, port: Number(digits) };
}
