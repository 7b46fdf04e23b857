/**
 * Tunnels over UDP, by port.
 *
 * A port number proves nothing, so each payload must pass for the tunnel's in every field that has few valid values, and what it
 * carries must pass for a frame or an IP header. Otherwise it stays the UDP datagram that it is, and a warning tells that what
 * came to a tunnel's port could not be opened.
 */
import { DST_PORT, SRC_PORT } from './facts.ts';
import { LAYER_DONE, NOT_RECOGNISED } from './layers.ts';
import { NOT_OPENED_UDP_PORT } from './not-opened.ts';
import type { Packet } from './packet.ts';
import { openAyiya } from './tunnel-ayiya.ts';
import { openCapwap } from './tunnel-capwap.ts';
import { openDtls, openEsp, openOpenVpn, openWireGuard } from './tunnel-encrypted.ts';
import { openGeneve } from './tunnel-geneve.ts';
import { openGreInUdp, openMplsInUdp } from './tunnel-in-udp.ts';
import { openGtp } from './tunnel-gtp.ts';
import { openL2tp } from './tunnel-l2tp.ts';
import { openLisp } from './tunnel-lisp.ts';
import { openTeredo } from './tunnel-teredo.ts';
import { openTzsp } from './tunnel-tzsp.ts';
import { openVxlan, openVxlanAnywhere, openVxlanGpe } from './tunnel-vxlan.ts';

/** @returns the layer that follows the tunnel's header; LAYER_DONE where there is none; NOT_RECOGNISED */
type OpenTunnel = (packet: Packet) => number;

interface PortTunnel {
  readonly ports: readonly number[];
  readonly open: OpenTunnel;
  /** Answers go to whatever port the question came from; without it only the destination port counts. */
  readonly eitherPort?: true;
  /** Nothing but the port and a few bits tells such data from others. */
  readonly encrypted?: true;
}

const TUNNELS: readonly PortTunnel[] = [
  // Linux' number from before there was a standard, which flannel and others still use.
  { ports: [4789, 8472], open: openVxlan },
  // Cisco ACI's, in the range of ephemeral ports.
  { ports: [48_879], open: openVxlanAnywhere },
  { ports: [4790], open: openVxlanGpe },
  { ports: [6081], open: openGeneve },
  { ports: [2152], open: openGtp },
  { ports: [1701], open: openL2tp, eitherPort: true },
  { ports: [3544], open: openTeredo, eitherPort: true },
  { ports: [4754], open: openGreInUdp },
  { ports: [6635], open: openMplsInUdp },
  { ports: [4755, 6636], open: openDtls, encrypted: true },
  { ports: [37_008], open: openTzsp },
  { ports: [5072], open: openAyiya, eitherPort: true },
  { ports: [5247], open: openCapwap, eitherPort: true },
  { ports: [4341], open: openLisp },
  { ports: [4500], open: openEsp, eitherPort: true, encrypted: true },
  { ports: [51_820], open: openWireGuard, eitherPort: true, encrypted: true },
  { ports: [1194], open: openOpenVpn, eitherPort: true, encrypted: true },
  // GTP version 0, generic UDP encapsulation, data of LWAPP: told, not opened.
  { ports: [3386, 6080, 12_222], open: () => NOT_RECOGNISED },
];

/** By port: one more than the tunnel's place in TUNNELS, 0 for none. Arrays, because every datagram asks. */
const OF_DESTINATION = new Uint8Array(65_536);
const OF_SOURCE = new Uint8Array(65_536);
for (const [i, { ports, eitherPort }] of TUNNELS.entries()) {
  for (const port of ports) {
    OF_DESTINATION[port] = i + 1;
    if (eitherPort === true) OF_SOURCE[port] = i + 1;
  }
}

/** Below are the ports of services: a datagram from one is an answer to a client that happens to have a tunnel's port. */
const FIRST_REGISTERED_PORT = 1024;

/** Whether either port is a tunnel's. */
export function isTunnelPort(source: number, destination: number): boolean {
  return (OF_DESTINATION[destination] | OF_SOURCE[source]) !== 0;
}

/** The payload of a datagram to or from a tunnel's port. */
export function decodeUdpTunnel(packet: Packet): number {
  const { facts } = packet;
  const source = facts[SRC_PORT];
  const destination = facts[DST_PORT];
  const isDestination = OF_DESTINATION[destination] !== 0;
  const tunnel = TUNNELS[(isDestination ? OF_DESTINATION[destination] : OF_SOURCE[source]) - 1];
  packet.tunnelPort = isDestination ? destination : source;
  const isAnswer = (isDestination ? source : destination) < FIRST_REGISTERED_PORT;
  if (isAnswer && tunnel.encrypted === true) return LAYER_DONE;
  const layer = tunnel.open(packet);
  if (layer !== NOT_RECOGNISED) return layer;
  return isAnswer ? LAYER_DONE : packet.notOpened(NOT_OPENED_UDP_PORT, packet.tunnelPort);
}
