/** Whether the two addresses of a flow may be neighbours on one link. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { CLIENT_ADDRESS, META, SERVER_ADDRESS, ipVersionOf } from '../../flow/record.ts';
import type { CaptureView } from './view.ts';

/**
 * How the address of one side relates to the other side's: `same` network as far as /16 tells, another `private` one,
 * or a `public` one. IPv6 prefixes do not tell neighbours from strangers as well, so they count as `same`.
 */
export function networksOf(view: CaptureView, flow: FlowRecord, side: 0 | 1): 'same' | 'private' | 'public' {
  const { flows } = view;
  if (ipVersionOf(flows.word(flow, META)) !== 4) return 'same';
  const client = flows.word(flow, CLIENT_ADDRESS) >>> 0;
  const server = flows.word(flow, SERVER_ADDRESS) >>> 0;
  if (client >>> 16 === server >>> 16) return 'same';
  return isPrivate(side === 0 ? client : server) ? 'private' : 'public';
}

/** RFC 1918, RFC 6598 (shared), loopback and link-local. */
function isPrivate(address: number): boolean {
  const top = address >>> 24;
  if (top === 10 || top === 127) return true;
  const upper = address >>> 16;
  if (upper === 0xc0a8 || upper === 0xa9fe) return true;
  return (upper >= 0xac10 && upper <= 0xac1f) || (upper >= 0x6440 && upper <= 0x647f);
}
