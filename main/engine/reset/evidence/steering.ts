/** What shows that packets of one connection were sent on differently, or that one was turned round. */
import { resetHops } from '../observe/place.ts';
import { hopsText } from '../phrases.ts';
import { shows } from './entry.ts';

export const STEERING = [
  shows({
    code: 'client-steered-apart',
    source:
      'Routers that share load between equal routes may hash on more than addresses and ports (RFC 2992); some hash on the TTL or the type of service, which then must not change within a connection.',
    when: ({ f }) => f.steeredAt >= 0 && f.otherHost === 'likely',
    at: ({ f }) => f.steeredAt,
    and: ({ f }) => f.synAt,
    text: ({ f, w }) => {
      const ttl = w.ttl[f.steeredAt] !== w.ttl[f.synAt];
      const field = ttl ? 'TTL' : 'type of service';
      const values = ttl ? w.ttl : w.tos;
      return `The client's SYN has ${field} ${values[f.synAt] ?? '?'} and the packet before the reset ${values[f.steeredAt] ?? '?'}: routers or balancers that choose the way by it (ECMP) send the two to different hosts of the address.`;
    },
  }),
  shows({
    code: 'packet-turned-round',
    source:
      'RFC 9293 §3.10.7.1 asks for a reset of one’s own making; some firewalls exchange the addresses of the packet instead and set RST.',
    when: ({ f }) => f.passages >= 0,
    at: ({ f }) => f.copiedIpIdAt,
    text: ({ f, w, receiver }) =>
      `Identification and window are those of the ${receiver}'s own packet, and so is the TTL (${w.ttl[f.copiedIpIdAt] ?? '?'}, ${f.passages === 0 ? 'as it left' : `less ${f.passages} passed there and back`}): a device ${resetHops(f) === 0 ? 'next to the capture point' : `${hopsText(resetHops(f) ?? 0)} away`} turned that packet round.`,
  }),
];
