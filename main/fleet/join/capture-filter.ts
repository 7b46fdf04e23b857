/**
 * Whether a capture filter takes or leaves all packets of one direction of a connection alike. One that asks for flags, lengths, single
 * bytes or the link layer may have hidden just the reset; hosts, nets, ports and protocols cannot.
 */

/** Words of pcap-filter(7) that ask for addresses, ports and protocols alone, or join such questions. */
const ALIKE = new Set([
  ...['and', 'or', 'not', '&&', '||', '!', '(', ')'],
  ...['ip', 'ip6', 'tcp', 'udp', 'icmp', 'icmp6', 'arp'],
]);
/** Words behind which a value stands. */
const ASKING = new Set(['src', 'dst', 'host', 'net', 'port', 'portrange', 'mask']);
const NUMERIC = /^[0-9][0-9a-f.:/-]*$|^[0-9a-f]*:[0-9a-f.:/]*$/iu;
const NAME = /^[a-z0-9][a-z0-9._-]*$/iu;

export function takesResetsAlike(filter: string | null): boolean {
  if (filter === null) return true;
  const words = filter.match(/&&|\|\||[()!]|[^\s()!&|]+|[&|]/gu) ?? [];
  let isAsked = false;
  for (const word of words) {
    const lower = word.toLowerCase();
    if (ASKING.has(lower)) {
      isAsked = true;
    } else if (ALIKE.has(lower)) {
      isAsked = false;
    } else if (NUMERIC.test(word) || (isAsked && NAME.test(word))) {
      isAsked = false;
    } else {
      return false;
    }
  }
  return true;
}
