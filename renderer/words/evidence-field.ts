/** Which field of its packets a piece of evidence looked at, by the code of the evidence. */

/** The first pattern that fits tells. */
const FIELDS: readonly (readonly [code: RegExp, field: string])[] = [
  [/timestamp/, 'tcp.options.timestamp.tsval'],
  [/ip-id/, 'ip.id'],
  [/^df-/, 'ip.flags.df'],
  [/^tos-/, 'ip.dsfield'],
  [/^mac-/, 'eth.src'],
  [/^window-/, 'tcp.window_size_value'],
  [/ttl|hop|nearer|farther|distance|front-end-stack|known-stack/, 'ip.ttl'],
  [/flags|abort|alternate/, 'tcp.flags'],
  [/^seq-|number-passed|earlier-segment|overtook|resend|resent/, 'tcp.seq'],
  [/^acks-|acknowledge|still-acks|took-answered|crossed/, 'tcp.ack'],
  [/mptcp/, 'tcp.options.mptcp'],
  [/text|payload|code$/, 'tcp.payload'],
  [/silence|faster|fast|sooner|round-trip|age|idle/, 'frame.time_delta'],
];

/** null where it looked at packets as a whole. */
export function evidenceField(code: string): string | null {
  return FIELDS.find(([pattern]) => pattern.test(code))?.[1] ?? null;
}
