/** Where the capture stands, by TTLs that no router has touched; and how a capture elsewhere would go on from here. */
import { SEEN_ANY } from '../flow/record.ts';
import type { EndingCase } from './found.ts';

export type CapturePlace = 'client' | 'server' | 'between' | 'unknown';

export function capturePlace({ around, flow, outline }: EndingCase): CapturePlace {
  const client = outline.client.has(SEEN_ANY) && around.host(flow, 0).isHere;
  const server = around.host(flow, 1).isHere;
  if (client && !server) return 'client';
  if (server && !client) return 'server';
  // Both of one machine, or of one link: nothing is told apart.
  if (client && server) return 'unknown';
  return outline.client.ttl > 0 && around.host(flow, 1).speaks ? 'between' : 'unknown';
}

/** A capture filter for the connections between the two of this flow. */
export function captureCommand(c: EndingCase, host: string): string {
  return `tcpdump -ni any 'host ${host} and ${c.outline.isTcp ? 'tcp' : 'udp'} port ${c.outline.serverPort}'`;
}
