/** Flags, Don't Fragment and type of service of the reset. */
import { TCP_RST } from '../../decode/facts.ts';
import { FLAG_DF } from '../../store/packet-columns.ts';
import { ODD_FLAGS } from '../observe/sequence.ts';
import type { EvidenceContext } from './entry.ts';
import { alone, lastOfSender, theReset, trigger } from './entry.ts';

/** Packets that show a habit of Don't Fragment. */
const DF_PACKETS = 3;
/** DSCP bits of the TOS octet: routers rewrite the two ECN bits. */
const DSCP = 0xfc;

export const IP_HEADER = [
  alone({
    code: 'odd-flags',
    family: 'header',
    weight: 1.7,
    injector: true,
    source: '[P] No genuine reset carries SYN, FIN, URG or reserved bits; hand-made captures do: 0.1 %.',
    when: ({ f }) => (f.tcpFlags & ODD_FLAGS) !== 0,
    at: theReset,
    text: ({ f }) =>
      `Flags 0x${f.tcpFlags.toString(16).padStart(3, '0')} are set together; TCP has no use for that.`,
  }),
  alone({
    code: 'df-differs',
    family: 'header',
    weight: 1.2,
    source:
      '[prior] The sender sets Don’t Fragment always and the reset does not (libnet, GFW): 2 % against 30 %.',
    when: clearsDf,
    at: lastOfSender,
    text: ({ sender }) => `Don't Fragment is clear; it is set in all the ${sender}'s packets before.`,
  }),
  alone({
    code: 'tos-copied',
    family: 'header',
    weight: -0.7,
    source: '[L] A Linux host copies the TOS of what it answers; REJECT rules never do.',
    when: ({ f, w }) => {
      if (f.ipv6 || f.triggerAt < 0 || f.family === 'active') return false;
      const asked = w.tos[f.triggerAt] & DSCP;
      return asked !== 0 && (f.tos & DSCP) === asked;
    },
    at: trigger,
    text: () => `The reset carries the type of service of the packet it answers, as a host's own stack does.`,
  }),
];

function clearsDf({ f, w }: EvidenceContext): boolean {
  if (f.ipv6 || f.df) return false;
  let packets = 0;
  for (let i = f.at - 1; i >= w.first && packets < 2 * DF_PACKETS; i--) {
    if (w.from[i] !== f.sender || (w.flags[i] & TCP_RST) !== 0) continue;
    if ((w.flags[i] & FLAG_DF) === 0) return false;
    packets++;
  }
  return packets >= DF_PACKETS;
}
