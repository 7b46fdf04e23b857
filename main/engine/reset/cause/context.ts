/** What the rules that name a cause may look at. One object, filled anew for every reset. */
import type { FlowHints } from '../../../../shared/model/hints.ts';
import type { Cause, OriginKind } from '../../../../shared/model/verdict.ts';
import type { CauseCode } from '../../../../shared/model/cause.ts';
import type { DeviceHint } from '../evidence/devices.ts';
import type { EmitterTable } from '../observe/emitters.ts';
import type { EvidenceList } from '../evidence/evidence-list.ts';
import type { ResetFacts } from '../observe/facts.ts';
import type { FlowWindow } from '../observe/flow-window.ts';
import type { Testimony } from '../kernel/testimony.ts';
import type { CaptureView } from '../observe/view.ts';

export interface CauseContext {
  view: CaptureView;
  emitters: EmitterTable;
  w: FlowWindow;
  f: ResetFacts;
  list: EvidenceList;
  hints: FlowHints | undefined;
  device: DeviceHint | null;
  testimony: Testimony;
  kind: OriginKind;
  /** Probability that a device made it. */
  middlebox: number;
}

/** Names the cause where its signature is met, else null. Rules run from the most specific on. */
export type CauseRule = (c: CauseContext) => Cause | null;

/** Made once per rule at load time: judging allocates no causes. */
export function cause(code: CauseCode, confidence: number, ...alternatives: CauseCode[]): Cause {
  return { code, confidence, alternatives };
}
