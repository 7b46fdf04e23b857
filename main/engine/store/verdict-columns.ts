/**
 * The verdict of every reset, reduced to what lists sort, filter and count: columns by reset id.
 * The full verdict with its evidence is made again when somebody looks at it; it depends on nothing else.
 */
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import type { Obeyed, OriginKind, ResetFamily, Side } from '../../../shared/model/verdict.ts';

export const ORIGIN_KINDS: readonly OriginKind[] = ['endpoint', 'middlebox', 'unknown'];
export const ORIGIN_SIDES: readonly (Side | 'path' | 'none')[] = ['client', 'server', 'path', 'none'];
export const RESET_FAMILIES: readonly ResetFamily[] = ['active', 'reply', 'syn-reply', 'irregular'];
export const OBEYED: readonly Obeyed[] = ['yes', 'challenged', 'ignored', 'unknown'];

/** What the judge says of a reset without the texts. */
export interface Classification {
  readonly kind: OriginKind;
  readonly side: Side | 'path' | null;
  readonly hops: number | null;
  readonly confidence: number;
  readonly cause: CauseCode;
  readonly family: ResetFamily;
  readonly obeyed: Obeyed;
  readonly matters: boolean;
  readonly idleSeconds: number | null;
  /** The silence that a timer could have measured: before the reset, or before the packet that it answers. */
  readonly silenceSeconds: number | null;
  readonly unacknowledged: number | null;
}

const CAUSE_INDEX = new Map(CAUSE_CODES.map((code, index) => [code, index]));

export class VerdictColumns {
  /** Resets that have a verdict: ids below this. */
  count = 0;
  kind = new Uint8Array(1024);
  side = new Uint8Array(1024);
  hops = new Int16Array(1024);
  confidence = new Float32Array(1024);
  cause = new Uint8Array(1024);
  family = new Uint8Array(1024);
  obeyed = new Uint8Array(1024);
  matters = new Uint8Array(1024);
  idleSeconds = new Float64Array(1024);
  silenceSeconds = new Float64Array(1024);
  unacknowledged = new Float64Array(1024);

  /** Sets the verdict of reset `id` (≤ count). */
  set(id: number, verdict: Classification): void {
    if (id >= this.kind.length) this.#grow();
    this.kind[id] = ORIGIN_KINDS.indexOf(verdict.kind);
    this.side[id] = ORIGIN_SIDES.indexOf(verdict.side ?? 'none');
    this.hops[id] = verdict.hops ?? -1;
    this.confidence[id] = verdict.confidence;
    this.cause[id] = CAUSE_INDEX.get(verdict.cause) ?? CAUSE_CODES.length - 1;
    this.family[id] = RESET_FAMILIES.indexOf(verdict.family);
    this.obeyed[id] = OBEYED.indexOf(verdict.obeyed);
    this.matters[id] = verdict.matters ? 1 : 0;
    this.idleSeconds[id] = verdict.idleSeconds ?? -1;
    this.silenceSeconds[id] = verdict.silenceSeconds ?? -1;
    this.unacknowledged[id] = verdict.unacknowledged ?? -1;
    if (id === this.count) this.count++;
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, new Uint8Array(size));
    this.side = grown(this.side, new Uint8Array(size));
    this.hops = grown(this.hops, new Int16Array(size));
    this.confidence = grown(this.confidence, new Float32Array(size));
    this.cause = grown(this.cause, new Uint8Array(size));
    this.family = grown(this.family, new Uint8Array(size));
    this.obeyed = grown(this.obeyed, new Uint8Array(size));
    this.matters = grown(this.matters, new Uint8Array(size));
    this.idleSeconds = grown(this.idleSeconds, new Float64Array(size));
    this.silenceSeconds = grown(this.silenceSeconds, new Float64Array(size));
    this.unacknowledged = grown(this.unacknowledged, new Float64Array(size));
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
