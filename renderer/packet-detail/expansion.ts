/** Which lines are expanded, by their names: kept while the page lives, so that the next packet looks like this one. */

const expanded = new Set([
  ...['tcp', 'tcp.flags', 'tcp.options', 'Analysis of the connection', 'icmp', 'icmpv6', 'dns', 'http'],
  ...['tls', 'tls.record', 'tls.handshake', 'tls.alert_message'],
]);
const listeners = new Set<() => void>();
let version = 0;

function changed(): void {
  version++;
  for (const listener of listeners) listener();
}

export const expansion = {
  has: (key: string): boolean => expanded.has(key),
  set(keys: Iterable<string>, isExpanded: boolean): void {
    for (const key of keys) {
      if (isExpanded) expanded.add(key);
      else expanded.delete(key);
    }
    changed();
  },
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** Another one each time that something was expanded or collapsed. */
  version: (): number => version,
};
