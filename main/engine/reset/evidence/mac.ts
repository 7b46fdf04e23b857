/** The link-layer address that the reset came from. */
import { firstOfGiven, theReset } from './entry.ts';

/** Packets of the sender without which a second station says nothing. */
const ENOUGH_PACKETS = 3;

export const MAC = [
  firstOfGiven(
    ({ f }) => f.macStable,
    {
      code: 'mac-differs',
      family: 'header',
      weight: 2.0,
      source: '[prior] Same address and VLAN, other station; two routers or a fail-over explain 0.5 %.',
      when: ({ f }) => f.macDiffers && f.senderPackets >= ENOUGH_PACKETS,
      at: theReset,
      and: ({ f }) => f.baseAt,
      text: ({ sender }) => `It came from another link-layer address than the ${sender}'s packets.`,
    },
    {
      code: 'mac-same',
      family: 'header',
      weight: -0.1,
      source: '[prior] Whatever stands behind the same router shows it, too.',
      when: ({ f }) => !f.macDiffers,
      at: ({ f }) => f.baseAt,
      text: ({ sender }) => `It came from the same link-layer address as the ${sender}'s packets.`,
    },
  ),
];
