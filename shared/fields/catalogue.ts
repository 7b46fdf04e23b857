/** All fields that can be asked for. */
import { ETH_FIELDS } from './eth.ts';
import { FAILURE_FIELDS } from './failure.ts';
import type { FieldInfo } from './field.ts';
import { CAPTURE_FIELDS, FLOW_FIELDS } from './flow.ts';
import { FRAME_FIELDS } from './frame.ts';
import { IP_FIELDS } from './ip.ts';
import { IPV6_FIELDS } from './ipv6.ts';
import { RESET_FIELDS } from './reset.ts';
import { TCP_FIELDS } from './tcp.ts';
import { UDP_FIELDS } from './udp.ts';

export const FIELDS: readonly FieldInfo[] = [
  ...FRAME_FIELDS,
  ...ETH_FIELDS,
  ...IP_FIELDS,
  ...IPV6_FIELDS,
  ...TCP_FIELDS,
  ...UDP_FIELDS,
  ...RESET_FIELDS,
  ...FLOW_FIELDS,
  ...FAILURE_FIELDS,
  ...CAPTURE_FIELDS,
];

const BY_NAME: ReadonlyMap<string, FieldInfo> = new Map(FIELDS.map((field) => [field.name, field]));

export function fieldNamed(name: string): FieldInfo | undefined {
  return BY_NAME.get(name);
}
