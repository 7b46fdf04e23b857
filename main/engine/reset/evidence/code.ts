/** Evidence that a device or stack wrote into the reset itself. */
import { OPT_AO, OPT_MD5 } from '../../decode/facts.ts';
import type { DeviceHint } from './devices.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { EvidenceList } from './evidence-list.ts';

export function codeEvidence(
  f: ResetFacts,
  device: DeviceHint | null,
  mptcpReason: number,
  list: EvidenceList,
): void {
  // A controller that answered the handshake is where the address's connections end, not a device before it.
  if (device?.evidence === 'adc-code' && f.answeredHandshake) list.add('front-end-code', f.at);
  else if (device?.evidence !== undefined) list.add(device.evidence, f.at);
  if (mptcpReason >= 0) list.add('mptcp-reason', f.at);
  if ((f.options & (OPT_MD5 | OPT_AO)) !== 0) list.add('authenticated', f.at);
}
