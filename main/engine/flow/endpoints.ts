/**
 * Where both endpoints of a packet or flow lie among some words: the slots of the first of four address words each, and of
 * the ports. Flows are looked for in the words themselves, so that nothing is copied for a packet.
 */
import {
  DST0,
  DST_PORT,
  EMBEDDED_DST0,
  EMBEDDED_DST_PORT,
  EMBEDDED_SRC0,
  EMBEDDED_SRC_PORT,
  SRC0,
  SRC_PORT,
} from '../decode/facts.ts';

export interface EndpointSlots {
  readonly source: number;
  readonly destination: number;
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** In the facts of a packet. */
export const PACKET_ENDPOINTS: EndpointSlots = {
  source: SRC0,
  destination: DST0,
  sourcePort: SRC_PORT,
  destinationPort: DST_PORT,
};

/** In the facts of an ICMP error: the packet that it quotes. */
export const QUOTED_ENDPOINTS: EndpointSlots = {
  source: EMBEDDED_SRC0,
  destination: EMBEDDED_DST0,
  sourcePort: EMBEDDED_SRC_PORT,
  destinationPort: EMBEDDED_DST_PORT,
};

/** In ten words that hold nothing else: addresses, then ports. */
export const BARE_ENDPOINTS: EndpointSlots = { source: 0, destination: 4, sourcePort: 8, destinationPort: 9 };
export const BARE_WORDS = 10;
