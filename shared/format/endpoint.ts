/** An address with its port: `10.0.0.1:80`, `[2001:db8::1]:80` (RFC 3986 §3.2.2 brackets IPv6). */
export function endpointText(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
