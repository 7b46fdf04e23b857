import { defineCause } from './cause.ts';
import { LOOPS } from './settings/loops.ts';

export const resetLoop = defineCause({
  code: 'reset-loop',
  title: 'Loop of resets and acknowledgements',
  what: 'One side answers every reset with an acknowledgement instead of ending the connection, and the other side answers every such acknowledgement with the next reset.',
  seen: 'Nobody sees more than the first reset; the loop costs packets and fills logs.',
  fatal: 'No: the connection was over before it began.',
  unlike: 'These are no separate failures: each reset answers a packet that answers the reset before.',
  dataLoss: 'None that the first reset had not cost already.',
  client: [
    'Update the stack that acknowledges resets with an old number: RFC 5961 §3.2 asks for a challenge ACK with its own next number, and RFC 9293 §3.10.7.4 for limits on their rate.',
  ],
  server: ['A filter ends a loop that runs: nft add rule … tcp flags rst limit rate.'],
  confirm:
    'All resets of the loop carry the same sequence number, and so do the acknowledgements between them.',
  settings: LOOPS,
  harmless: true,
  isNoise: true,
  mechanisms: ['no-connection', 'unfit-segment'],
});
