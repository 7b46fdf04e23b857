/**
 * Which packets have a field, told by their form alone: a table for each protocol, by all 256 forms. Where a tunnel, a quoted
 * header or a doubtful length may give a field more or other values than the columns have, the table says so, and the bytes
 * decide: a filter has to give exactly the packets that have the field in Wireshark's sense.
 */
import { KIND_FRAGMENT, KIND_ICMP_ERROR, KIND_IP, KIND_OTHER, KIND_TCP, KIND_UDP } from '../decode/facts.ts';
import { FORM_DOUBTFUL, FORM_IP, FORM_IPV6, FORM_KIND, FORM_TUNNEL } from '../store/packet-columns.ts';

export const ABSENT = 0;
export const PRESENT = 1;
/** Only the bytes can tell. */
export const OPEN = 2;
type Presence = typeof ABSENT | typeof PRESENT | typeof OPEN;

/** By form: ABSENT, PRESENT or OPEN. */
export type PresenceTable = Uint8Array;

const FORMS = 256;

function table(of: (kind: number, form: number) => Presence): PresenceTable {
  return Uint8Array.from({ length: FORMS }, (_, form) => of(form & FORM_KIND, form));
}

function has(form: number, bits: number): boolean {
  return (form & bits) !== 0;
}

export const HAS_FRAME = table(() => PRESENT);
/** Its length on the wire. */
export const HAS_LENGTH = table((_, form) => (has(form, FORM_DOUBTFUL) ? OPEN : PRESENT));

/** One header of TCP, whatever it is inside of. An ICMP error may quote one. */
export const HAS_TCP = table((kind, form) => {
  if (has(form, FORM_DOUBTFUL)) return OPEN;
  if (kind === KIND_TCP) return PRESENT;
  return kind === KIND_UDP || kind === KIND_OTHER ? ABSENT : OPEN;
});

export const HAS_UDP = table((kind, form) => {
  if (has(form, FORM_DOUBTFUL | FORM_TUNNEL)) return OPEN;
  if (kind === KIND_UDP) return PRESENT;
  return kind === KIND_TCP || kind === KIND_OTHER ? ABSENT : OPEN;
});

/** One header of IPv4 whose fields the columns have. */
export const HAS_IPV4 = table((kind, form) => hasIp(kind, form, false));
export const HAS_IPV6 = table((kind, form) => hasIp(kind, form, true));

function hasIp(kind: number, form: number, isV6: boolean): Presence {
  if (has(form, FORM_DOUBTFUL | FORM_TUNNEL)) return OPEN;
  if (kind === KIND_OTHER) return ABSENT;
  if (kind !== KIND_TCP && kind !== KIND_UDP) return OPEN;
  return has(form, FORM_IPV6) === isV6 ? PRESENT : ABSENT;
}

/** One header of either, of which `ip.version` tells. */
export const HAS_EITHER_IP = table((kind, form) => {
  const told = [hasIp(kind, form, false), hasIp(kind, form, true)];
  if (told.includes(PRESENT)) return PRESENT;
  return told.includes(OPEN) ? OPEN : ABSENT;
});

/** A header of IPv4 or of IPv6 at least, where nothing is asked of its fields. */
export const IS_IPV4 = table((kind, form) => isIp(kind, form, false));
export const IS_IPV6 = table((kind, form) => isIp(kind, form, true));

function isIp(kind: number, form: number, isV6: boolean): Presence {
  const told = hasIp(kind, form, isV6);
  const isWhole = kind === KIND_IP || kind === KIND_FRAGMENT || kind === KIND_ICMP_ERROR;
  if (told !== OPEN || has(form, FORM_DOUBTFUL | FORM_TUNNEL) || !isWhole || !has(form, FORM_IP)) return told;
  return has(form, FORM_IPV6) === isV6 ? PRESENT : told;
}

// Protocols whose fields only the bytes have: ABSENT where they cannot be, and OPEN elsewhere.

function only(may: (kind: number, form: number) => boolean): PresenceTable {
  return table((kind, form) => (has(form, FORM_DOUBTFUL) || may(kind, form) ? OPEN : ABSENT));
}

const ANYWHERE = only(() => true);
const IN_IP = only((kind) => kind !== KIND_OTHER);
const IN_IPV4 = only(
  (kind, form) => kind !== KIND_OTHER && (has(form, FORM_TUNNEL) || !has(form, FORM_IPV6)),
);
const IN_IPV6 = only(
  (kind, form) =>
    kind !== KIND_OTHER && (has(form, FORM_TUNNEL | FORM_IPV6) || (kind !== KIND_TCP && kind !== KIND_UDP)),
);
const IN_TCP = only((kind) => kind !== KIND_UDP && kind !== KIND_OTHER);
const IN_UDP = only((kind, form) => kind !== KIND_OTHER && (kind !== KIND_TCP || has(form, FORM_TUNNEL)));
const IN_ICMP = only((kind) => kind !== KIND_OTHER && kind !== KIND_TCP && kind !== KIND_UDP);
const NOT_IN_IP = only((kind, form) => kind === KIND_OTHER || has(form, FORM_TUNNEL));
const AROUND_IP = only((kind, form) => kind !== KIND_TCP || has(form, FORM_TUNNEL));

const BY_PROTOCOL: ReadonlyMap<string, PresenceTable> = new Map([
  ['tcp', IN_TCP],
  ['udp', IN_UDP],
  ['ip', IN_IPV4],
  ['ipv6', IN_IPV6],
  ['icmp', IN_ICMP],
  ['icmpv6', IN_ICMP],
  ['dns', IN_IP],
  ['http', IN_TCP],
  ['tls', IN_TCP],
  ['arp', NOT_IN_IP],
  ['gre', AROUND_IP],
  ['vxlan', AROUND_IP],
  ['geneve', AROUND_IP],
  ['gtp', AROUND_IP],
  ['l2tp', AROUND_IP],
  ['teredo', AROUND_IP],
]);

/** Where a field may be that only the bytes tell. */
export function mayHave(field: string): PresenceTable {
  return BY_PROTOCOL.get(field.split('.', 1)[0]) ?? ANYWHERE;
}

/** Protocols that stand in the payload of TCP, so that a segment without one has none of their fields. */
const IN_PAYLOAD = new Set(['http', 'tls', 'dns']);

export function isInPayload(field: string): boolean {
  return IN_PAYLOAD.has(field.split('.', 1)[0]);
}
