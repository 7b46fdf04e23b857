/** Tunnels that nobody opens without a key. Their data is told apart from what their ends say to each other. */
import { LAYER_DONE, NOT_RECOGNISED } from './layers.ts';
import { NOT_OPENED_UDP_PORT } from './not-opened.ts';
import type { Packet } from './packet.ts';

/** ESP in UDP (RFC 3948 §2): four zeros mean IKE, a single 0xff keeps a NAT's binding alive. */
const ESP_MIN_LENGTH = 8;

export function openEsp(packet: Packet): number {
  const { view, at, end, wireEnd } = packet;
  if (wireEnd - at < ESP_MIN_LENGTH || end - at < 4 || view.getInt32(at) === 0) return LAYER_DONE;
  return encrypted(packet);
}

// WireGuard's paper, §5.4.6: type (1 byte), reserved (3), receiver (4), counter (8), content padded to 16 bytes, tag (16).
const WIREGUARD_DATA = 0x0400_0000;
const WIREGUARD_KEEP_ALIVE_LENGTH = 32;
const WIREGUARD_PADDING_MASK = 15;

/** The port is one that clients are given, too: what is no WireGuard is no tunnel's loss. */
export function openWireGuard(packet: Packet): number {
  const { view, at, end, wireEnd } = packet;
  const length = wireEnd - at;
  const isData =
    end - at >= 4 &&
    view.getInt32(at) === WIREGUARD_DATA &&
    length > WIREGUARD_KEEP_ALIVE_LENGTH &&
    (length & WIREGUARD_PADDING_MASK) === 0;
  return isData ? encrypted(packet) : LAYER_DONE;
}

// OpenVPN's network protocol: operation (5 bits), key (3).
const OPENVPN_DATA_1 = 6;
const OPENVPN_DATA_2 = 9;
const OPENVPN_LAST = 11;

export function openOpenVpn(packet: Packet): number {
  const { data, at, end } = packet;
  if (at >= end) return LAYER_DONE;
  const operation = data[at] >>> 3;
  if (operation === OPENVPN_DATA_1 || operation === OPENVPN_DATA_2) return encrypted(packet);
  return operation > 0 && operation <= OPENVPN_LAST ? LAYER_DONE : NOT_RECOGNISED;
}

/** DTLS (RFC 6347 §4.1): content type, then version 1.x, which counts downwards from 0xfeff. */
const DTLS_APPLICATION_DATA = 23;
const DTLS_FIRST_TYPE = 20;
const DTLS_VERSION = 0xfe;

export function openDtls(packet: Packet): number {
  const { data, at, end } = packet;
  if (end - at < 2 || data[at + 1] !== DTLS_VERSION || data[at] < DTLS_FIRST_TYPE) return NOT_RECOGNISED;
  return data[at] === DTLS_APPLICATION_DATA ? encrypted(packet) : LAYER_DONE;
}

function encrypted(packet: Packet): number {
  return packet.notOpened(NOT_OPENED_UDP_PORT, packet.tunnelPort, true);
}
