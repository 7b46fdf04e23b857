/**
 * What of a packet could not be opened though other packets may be inside: NOT_OPENED holds what announced it (NOT_OPENED_*) and
 * the number that it was announced by, as one key that packets of a kind share. It means something with DEFECT_NOT_OPENED only.
 */
export const NOT_OPENED_ETHERTYPE = 1;
export const NOT_OPENED_IP_PROTOCOL = 2;
export const NOT_OPENED_UDP_PORT = 3;
export const NOT_OPENED_GRE_PROTOCOL = 4;
export const NOT_OPENED_PPP_PROTOCOL = 5;
/** The organisation code of a SNAP header. */
export const NOT_OPENED_SNAP = 6;
/** A network layer protocol identifier, as frame relay has it. */
export const NOT_OPENED_NLPID = 7;
/** LINKTYPE_ value. */
export const NOT_OPENED_LINK_TYPE = 8;
/** Record type of a capture card's own header (ERF). */
export const NOT_OPENED_ERF_TYPE = 9;
/** IEEE 802.11: one of NOT_OPENED_WLAN_*. */
export const NOT_OPENED_WLAN = 10;
export const NOT_OPENED_WLAN_PROTECTED = 0;
export const NOT_OPENED_WLAN_AGGREGATE = 1;
export const NOT_OPENED_MPLS = 11;
/** The address family of a loopback header. */
export const NOT_OPENED_FAMILY = 12;

const NUMBER_BITS = 24;
const NUMBER_MASK = (1 << NUMBER_BITS) - 1;
/** Marks what nobody could open without a key. */
const ENCRYPTED = 1 << 30;

/** @param number 24 bits */
export function notOpenedKey(by: number, number: number, isEncrypted: boolean): number {
  return (isEncrypted ? ENCRYPTED : 0) | (by << NUMBER_BITS) | (number & NUMBER_MASK);
}

export function notOpenedBy(key: number): number {
  return (key & ~ENCRYPTED) >>> NUMBER_BITS;
}

export function notOpenedNumber(key: number): number {
  return key & NUMBER_MASK;
}

export function isEncrypted(key: number): boolean {
  return (key & ENCRYPTED) !== 0;
}
