/** What ICMP errors are called and how programs see them (errno values as Linux maps them). */

interface IcmpText {
  readonly name: string;
  /** errno of a connect that it ends, and of a datagram socket that is told of it. */
  readonly errno: string;
}

const UNREACHABLE_V4: readonly (IcmpText | undefined)[] = [
  { name: 'network unreachable', errno: 'ENETUNREACH' },
  { name: 'host unreachable', errno: 'EHOSTUNREACH' },
  { name: 'protocol unreachable', errno: 'ENOPROTOOPT' },
  { name: 'port unreachable', errno: 'ECONNREFUSED' },
  undefined, // fragmentation needed: for the stack, not for programs
  { name: 'source route failed', errno: 'EOPNOTSUPP' },
  { name: 'destination network unknown', errno: 'ENETUNREACH' },
  { name: 'destination host unknown', errno: 'EHOSTDOWN' },
  { name: 'source host isolated', errno: 'ENONET' },
  { name: 'network administratively prohibited', errno: 'ENETUNREACH' },
  { name: 'host administratively prohibited', errno: 'EHOSTUNREACH' },
  { name: 'network unreachable for this type of service', errno: 'ENETUNREACH' },
  { name: 'host unreachable for this type of service', errno: 'EHOSTUNREACH' },
  { name: 'communication administratively prohibited', errno: 'EHOSTUNREACH' },
  { name: 'host precedence violation', errno: 'EHOSTUNREACH' },
  { name: 'precedence cutoff in effect', errno: 'EHOSTUNREACH' },
];

const UNREACHABLE_V6: readonly IcmpText[] = [
  { name: 'no route to destination', errno: 'ENETUNREACH' },
  { name: 'communication administratively prohibited', errno: 'EACCES' },
  { name: 'beyond scope of source address', errno: 'EHOSTUNREACH' },
  { name: 'address unreachable', errno: 'EHOSTUNREACH' },
  { name: 'port unreachable', errno: 'ECONNREFUSED' },
  { name: 'source address failed policy', errno: 'EACCES' },
  { name: 'reject route to destination', errno: 'EACCES' },
];

const TIME_EXCEEDED: readonly IcmpText[] = [
  { name: 'time to live exceeded', errno: 'EHOSTUNREACH' },
  { name: 'reassembly time exceeded', errno: 'EHOSTUNREACH' },
];
const PARAMETER_PROBLEM: IcmpText = { name: 'parameter problem', errno: 'EPROTO' };
const UNREACHABLE: IcmpText = { name: 'destination unreachable', errno: 'EHOSTUNREACH' };

/** RFC 792, RFC 1812 §5.2.7.1; RFC 4443 for IPv6. */
export function icmpText(ipVersion: 4 | 6, type: number, code: number): IcmpText {
  const unreachable = ipVersion === 4 ? 3 : 1;
  const timeExceeded = ipVersion === 4 ? 11 : 3;
  if (type === unreachable) return (ipVersion === 4 ? UNREACHABLE_V4 : UNREACHABLE_V6)[code] ?? UNREACHABLE;
  if (type === timeExceeded) return TIME_EXCEEDED[code] ?? TIME_EXCEEDED[0];
  return PARAMETER_PROBLEM;
}
