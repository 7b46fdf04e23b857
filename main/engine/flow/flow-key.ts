/**
 * What a flow is found by: IP version and protocol, and both endpoints. One key is bound to packet after packet; it refers to
 * the addresses where they are and copies none.
 */
import {
  DST0,
  DST_PORT,
  EMBEDDED_DST0,
  EMBEDDED_DST_PORT,
  EMBEDDED_PROTOCOL,
  EMBEDDED_SRC0,
  EMBEDDED_SRC_PORT,
  FAMILY,
  type Facts,
  SRC0,
  SRC_PORT,
} from '../decode/facts.ts';
import { CLIENT_ADDRESS, META, PORTS, SERVER_ADDRESS, flowMeta } from './record.ts';

export class FlowKey {
  /** flowMeta */
  meta = 0;
  /** Holds the four address words of the source from `source` on, those of the destination from `destination` on. */
  words: Int32Array = new Int32Array(0);
  source = 0;
  destination = 0;
  sourcePort = 0;
  destinationPort = 0;
  /** flowHash of the fields above, once somebody has made it. */
  hash = 0;

  /** Binds the key to the endpoints of a packet. */
  ofPacket(facts: Facts, protocol: number): void {
    this.meta = flowMeta(facts[FAMILY], protocol);
    this.words = facts;
    this.source = SRC0;
    this.destination = DST0;
    this.sourcePort = facts[SRC_PORT];
    this.destinationPort = facts[DST_PORT];
  }

  /** Binds the key to the endpoints of the packet that an ICMP error quotes. */
  ofQuotedPacket(facts: Facts): void {
    this.meta = flowMeta(facts[FAMILY], facts[EMBEDDED_PROTOCOL]);
    this.words = facts;
    this.source = EMBEDDED_SRC0;
    this.destination = EMBEDDED_DST0;
    this.sourcePort = facts[EMBEDDED_SRC_PORT];
    this.destinationPort = facts[EMBEDDED_DST_PORT];
  }

  /** Binds the key to the endpoints of a flow's record, the client as the source. */
  ofRecord(words: Int32Array, at: number): void {
    this.meta = words[at + META];
    this.words = words;
    this.source = at + CLIENT_ADDRESS;
    this.destination = at + SERVER_ADDRESS;
    this.sourcePort = words[at + PORTS] >>> 16;
    this.destinationPort = words[at + PORTS] & 0xffff;
  }
}
