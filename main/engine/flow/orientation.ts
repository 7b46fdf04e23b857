/**
 * Who is the client of a flow that starts in the middle: a guess from the ports, marked as such
 * (FLOW_CLIENT_GUESSED). With a SYN or a SYN-ACK there is nothing to guess.
 */
import { TCP_ACK, TCP_SYN } from '../decode/facts.ts';

/** Ports from here on are handed out to clients (Linux's ip_local_port_range; IANA's range starts at 49152). */
const EPHEMERAL = 32_768;
const WELL_KNOWN = 1024;

export const SOURCE_IS_CLIENT = 0;
export const SOURCE_IS_SERVER = 1;

/** Whether the packet's source is the client (0) or the server (1) of a flow that it opens. */
export function orientation(flags: number, sourcePort: number, destinationPort: number): 0 | 1 {
  if ((flags & TCP_SYN) !== 0) return (flags & TCP_ACK) !== 0 ? SOURCE_IS_SERVER : SOURCE_IS_CLIENT;
  const sourceRank = rank(sourcePort);
  const destinationRank = rank(destinationPort);
  if (sourceRank !== destinationRank)
    return sourceRank < destinationRank ? SOURCE_IS_SERVER : SOURCE_IS_CLIENT;
  return SOURCE_IS_CLIENT;
}

function rank(port: number): number {
  if (port < WELL_KNOWN) return 0;
  return port < EPHEMERAL ? 1 : 2;
}
