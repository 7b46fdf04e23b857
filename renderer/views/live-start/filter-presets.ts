/** Capture filters that people ask for, and what each costs a verdict. */

export interface FilterPreset {
  readonly title: string;
  /** In the language of pcap-filter(7). */
  readonly filter: string;
  /** The part that is meant to be changed. */
  readonly replace: string | null;
  /** What verdicts lose by it; null where they lose nothing that matters. */
  readonly cost: string | null;
}

export const FILTER_PRESETS: readonly FilterPreset[] = [
  { title: 'Everything', filter: '', replace: null, cost: null },
  {
    title: 'TCP and what explains it',
    filter: 'tcp or icmp or icmp6',
    replace: null,
    cost: null,
  },
  {
    title: 'Nothing of my SSH',
    filter: 'not tcp port 22',
    replace: '22',
    cost: null,
  },
  {
    title: 'One host',
    filter: 'host 192.0.2.7',
    replace: '192.0.2.7',
    cost: 'Routers that complain by ICMP under their own address are not captured.',
  },
  {
    title: 'One port',
    filter: 'tcp port 443',
    replace: '443',
    cost: 'ICMP errors are not captured, nor other connections of the same hosts, whose TTL and IP-ID are what a reset is compared with.',
  },
  {
    title: 'TCP resets and their handshakes',
    // IPv6 headers have no fixed place in pcap-filter's tcp[]: byte 13 of the TCP header behind the 40 of IPv6.
    filter: 'tcp[tcpflags] & (tcp-syn|tcp-fin|tcp-rst) != 0 or (ip6[6] = 6 and ip6[53] & 7 != 0)',
    replace: null,
    cost: 'Small files, weak verdicts: without data and ACKs nobody can say whether a reset’s numbers fit, what was in flight, or who went on talking.',
  },
];

/** Stands below every filter that is none of the presets. */
export const NARROW_TEXT =
  'A verdict rests on the whole connection, both directions, and on other connections of the same hosts. What the filter drops, evidence lacks.';
