/**
 * All evidence. The order is the one in which it is looked at and listed, and in which weights are added up: pieces of the same
 * weight are shown in it, and sums of floating numbers depend on it.
 */
import { AFTERMATH } from './aftermath.ts';
import { ANSWERS } from './answers.ts';
import { BURST } from './burst.ts';
import { DIRECTION } from './direction.ts';
import type { EvidenceEntry, EvidenceGroup } from './entry.ts';
import { HANDSHAKE } from './handshake.ts';
import { IP_HEADER } from './ip-header.ts';
import { IP_ID } from './ip-id.ts';
import { KERNEL } from './kernel.ts';
import { MAC } from './mac.ts';
import { NUMBERS } from './numbers.ts';
import { STEERING } from './steering.ts';
import { SAID } from './said.ts';
import { TIMESTAMPS } from './timestamps.ts';
import { TIMING } from './timing.ts';
import { TTL } from './ttl.ts';
import { VANTAGE } from './vantage.ts';
import { WHY_CLOSE } from './why-close.ts';
import { WHY_SILENCE } from './why-silence.ts';
import { WHY_ACROSS } from './why-across.ts';
import { WINDOW } from './window.ts';
import { WRITTEN_IN } from './written-in.ts';

const GROUPS_OF_TOPICS = [
  ...TTL,
  ...IP_ID,
  ...WINDOW,
  ...TIMESTAMPS,
  ...IP_HEADER,
  ...MAC,
  ...BURST,
  ...NUMBERS,
  ...HANDSHAKE,
  ...ANSWERS,
  ...AFTERMATH,
  ...TIMING,
  ...DIRECTION,
  ...KERNEL,
  ...VANTAGE,
  ...WRITTEN_IN,
  ...WHY_SILENCE,
  ...WHY_CLOSE,
  ...WHY_ACROSS,
  ...STEERING,
  ...SAID,
];

export type EvidenceCode = (typeof GROUPS_OF_TOPICS)[number]['entries'][number]['code'];

export const EVIDENCE: readonly EvidenceGroup<EvidenceCode>[] = GROUPS_OF_TOPICS;

/** Every entry by its code. */
export const WEIGHTS: Readonly<Record<EvidenceCode, EvidenceEntry<EvidenceCode>>> = byCode();

function byCode(): Record<EvidenceCode, EvidenceEntry<EvidenceCode>> {
  const entries = EVIDENCE.flatMap((group) => group.entries.map((entry) => [entry.code, entry] as const));
  return Object.fromEntries(entries) as Record<EvidenceCode, EvidenceEntry<EvidenceCode>>;
}
