/**
 * TCP flags as text. Twelve bits as in the header (RFC 9293 §3.1): three reserved, AE (RFC 9768, formerly NS),
 * CWR, ECE, URG, ACK, PSH, RST, SYN, FIN, the last the lowest.
 */
const NAMES = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR', 'AE', 'Reserved'] as const;
const FIRST_RESERVED = 9;
const LETTERS = 'RRRACEUAPRSF';
const UNSET = '·';

/** `RST, ACK`, in Wireshark's order; `none` for no flag. */
export function flagNames(flags: number): string {
  const names: string[] = NAMES.slice(0, FIRST_RESERVED).filter((_, bit) => (flags & (1 << bit)) !== 0);
  if ((flags & 0xe00) !== 0) names.push(NAMES[FIRST_RESERVED]);
  return names.length === 0 ? 'none' : names.join(', ');
}

/** Wireshark's tcp.flags.str, twelve characters: `·······A·R··`. */
export function flagLetters(flags: number): string {
  let text = '';
  for (let i = 0; i < LETTERS.length; i++) {
    text += (flags & (1 << (LETTERS.length - 1 - i))) === 0 ? UNSET : LETTERS[i];
  }
  return text;
}
