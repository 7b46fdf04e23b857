/**
 * Ports of switch chips as Linux' DSA captures them: a tag of the chip stands between the addresses and the ethertype, or before
 * the frame. DSA_TAG_BRCM (281), DSA_TAG_BRCM_PREPEND (282), DSA_TAG_DSA (284), DSA_TAG_EDSA (285).
 */
import { SRC_MAC_HIGH, SRC_MAC_LOW, VLAN } from './facts.ts';
import { LAYER_DSA_TAG, LAYER_ETHERNET, LAYER_ETHERTYPE } from './layers.ts';
import type { Packet } from './packet.ts';

const ADDRESSES_LENGTH = 12;
const SOURCE = 6;
const BROADCOM_TAG_LENGTH = 4;
const TYPE_LENGTH = 2;
/** An ethertype, which can be configured, and two reserved bytes. */
const EDSA_LENGTH = 4;

// Marvell's tag: command (2 bits), tagged (1), chip (5); port; priority (3), unused (1), VLAN (12).
const DSA_TAG_LENGTH = 4;
/** The frame came with a VLAN tag, which this one stands for. */
const DSA_TAGGED = 0x20;

export function decodeBroadcomTag(packet: Packet): number {
  const { view, at } = packet;
  const typeAt = ADDRESSES_LENGTH + BROADCOM_TAG_LENGTH;
  if (packet.end - at < typeAt + TYPE_LENGTH) return packet.refuseShort();
  setSource(packet);
  packet.etherType = view.getUint16(at + typeAt);
  return packet.enter(typeAt + TYPE_LENGTH, LAYER_ETHERTYPE);
}

export function decodeBroadcomPrepended(packet: Packet): number {
  return packet.enter(BROADCOM_TAG_LENGTH, LAYER_ETHERNET);
}

export function decodeDsa(packet: Packet): number {
  if (packet.end - packet.at < ADDRESSES_LENGTH) return packet.refuseShort();
  setSource(packet);
  return packet.enter(ADDRESSES_LENGTH, LAYER_DSA_TAG);
}

export function decodeEdsa(packet: Packet): number {
  if (packet.end - packet.at < ADDRESSES_LENGTH) return packet.refuseShort();
  setSource(packet);
  return packet.enter(ADDRESSES_LENGTH + EDSA_LENGTH, LAYER_DSA_TAG);
}

export function decodeDsaTag(packet: Packet): number {
  const { data, view, at, facts } = packet;
  if (packet.end - at < DSA_TAG_LENGTH + TYPE_LENGTH) return packet.refuseShort();
  if ((data[at] & DSA_TAGGED) !== 0 && facts[VLAN] < 0) facts[VLAN] = view.getUint16(at + 2) & 0xfff;
  packet.etherType = view.getUint16(at + DSA_TAG_LENGTH);
  packet.at = at + DSA_TAG_LENGTH + TYPE_LENGTH;
  return LAYER_ETHERTYPE;
}

function setSource({ view, at, facts }: Packet): void {
  facts[SRC_MAC_HIGH] = view.getUint16(at + SOURCE);
  facts[SRC_MAC_LOW] = view.getInt32(at + SOURCE + 2);
}
