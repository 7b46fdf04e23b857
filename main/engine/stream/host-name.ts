/**
 * A host as a name: in small letters, without the root's final dot. Null for an IP address, which names nobody, and
 * for nothing.
 */
export function hostName(host: string): string | null {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === '' || name.includes(':') || /^[\d.]+$/.test(name) ? null : name;
}
