/** All fields by name: those of every protocol, and our own of resets, flows and failures. */
import type { FieldInfo } from './field.ts';
import { ARP_FIELDS } from './arp.ts';
import { DNS_FIELDS } from './dns.ts';
import { ETH_FIELDS } from './eth.ts';
import { FAILURE_FIELDS } from './failure.ts';
import { CAPTURE_FIELDS, FLOW_FIELDS } from './flow.ts';
import { FRAME_FIELDS } from './frame.ts';
import { HTTP_FIELDS } from './http.ts';
import { ICMP_FIELDS } from './icmp.ts';
import { IP_FIELDS } from './ip.ts';
import { IPV6_FIELDS } from './ipv6.ts';
import { LINK_FIELDS } from './links.ts';
import { LINUX_COOKED_FIELDS } from './linux-cooked.ts';
import { RESET_FIELDS } from './reset.ts';
import { TCP_FIELDS } from './tcp.ts';
import { TCP_OPTION_FIELDS } from './tcp-options.ts';
import { TLS_FIELDS } from './tls.ts';
import { TUNNEL_FIELDS } from './tunnels.ts';
import { UDP_FIELDS } from './udp.ts';

export const FIELDS: readonly FieldInfo[] = [
  ...FRAME_FIELDS,
  ...ETH_FIELDS,
  ...LINUX_COOKED_FIELDS,
  ...LINK_FIELDS,
  ...ARP_FIELDS,
  ...IP_FIELDS,
  ...IPV6_FIELDS,
  ...ICMP_FIELDS,
  ...TCP_FIELDS,
  ...TCP_OPTION_FIELDS,
  ...UDP_FIELDS,
  ...TUNNEL_FIELDS,
  ...DNS_FIELDS,
  ...TLS_FIELDS,
  ...HTTP_FIELDS,
  ...RESET_FIELDS,
  ...FLOW_FIELDS,
  ...FAILURE_FIELDS,
  ...CAPTURE_FIELDS,
];

const BY_NAME: ReadonlyMap<string, FieldInfo> = new Map(FIELDS.map((field) => [field.name, field]));

export function fieldNamed(name: string): FieldInfo | undefined {
  return BY_NAME.get(name);
}
