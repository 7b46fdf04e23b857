/**
 * The verdict of every reset, reduced to what lists sort, filter and count: columns by reset id.
 * The full verdict with its evidence is made again when somebody looks at it; it depends on nothing else.
 */
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { CauseCode } from '../../../shared/model/cause.ts';
import { OBEYED, ORIGIN_KINDS, ORIGIN_SIDES, RESET_FAMILIES } from '../../../shared/model/verdict.ts';
import type { Obeyed, OriginKind, ResetFamily, Side } from '../../../shared/model/verdict.ts';

/** What the judge says of a reset without the texts. */
export interface Classification {
  readonly kind: OriginKind;
  readonly side: Side | 'path' | null;
  readonly hops: number | null;
  readonly confidence: number;
  readonly cause: CauseCode;
  readonly causeConfidence: number;
  readonly family: ResetFamily;
  readonly obeyed: Obeyed;
  readonly matters: boolean;
  /** Captures at several points leave no other reading of who made it. */
  readonly proven: boolean;
  readonly idleSeconds: number | null;
  /** The silence that a timer could have measured: before the reset, or before the packet that it answers. */
  readonly silenceSeconds: number | null;
  readonly unacknowledged: number | null;
  /** Who sent it, for people, without the host's address: `labelOfPattern` makes the label of it. */
  readonly labelPattern: string;
}

/**
 * Patterns of labels kept. They are of a small vocabulary, but for those that quote what a device wrote into its reset: a capture
 * may have many of these, and resets beyond have their label made again by the judge.
 */
const MAX_PATTERNS = 4096;
const NO_PATTERN = 0;

/** The columns hold a cause, and every other word of a verdict, by its index in the list of its kind. */
const CAUSE_INDEX = new Map(CAUSE_CODES.map((code, index) => [code, index]));

/**
 * Rows are found by `at(id)`: the id itself while all are kept. Of an endless capture verdicts are let go (`release`), and their
 * rows are used again.
 */
export class VerdictColumns {
  /** Resets that ever got a verdict have ids below this; of a file that keeps all, all of those below it have one. */
  count = 0;
  /** Rows by reset id; undefined where none is ever let go of. */
  readonly #rows: Map<number, number> | undefined;
  readonly #free: number[] = [];
  kind = new Uint8Array(1024);
  side = new Uint8Array(1024);
  hops = new Int16Array(1024);
  confidence = new Float32Array(1024);
  cause = new Uint8Array(1024);
  causeConfidence = new Float32Array(1024);
  family = new Uint8Array(1024);
  obeyed = new Uint8Array(1024);
  matters = new Uint8Array(1024);
  proven = new Uint8Array(1024);
  idleSeconds = new Float64Array(1024);
  silenceSeconds = new Float64Array(1024);
  unacknowledged = new Float64Array(1024);
  /** Index in `patterns` of the label's, 0 where there was no room for it. */
  pattern = new Uint16Array(1024);
  /** The patterns of labels; none at 0. */
  readonly patterns: (string | undefined)[] = [undefined];
  readonly #patternIndex = new Map<string, number>();

  /** @param mayRelease whether `release` will be used */
  constructor(mayRelease = false) {
    this.#rows = mayRelease ? new Map() : undefined;
  }

  /** Where the verdict of a reset is kept in the columns; it must be kept. */
  at(id: number): number {
    return this.#rows === undefined ? id : (this.#rows.get(id) ?? 0);
  }

  /** Whether the verdict of that reset is kept. */
  has(id: number): boolean {
    return this.#rows === undefined ? id < this.count : this.#rows.has(id);
  }

  /** Verdicts kept. */
  get kept(): number {
    return this.#rows === undefined ? this.count : this.#rows.size;
  }

  /** Lets go of one verdict. */
  release(id: number): void {
    const row = this.#rows?.get(id);
    if (row === undefined) return;
    this.#rows?.delete(id);
    this.#free.push(row);
  }

  /** Sets the verdict of a reset; where all are kept, of the next one or of one that has a verdict. */
  set(reset: number, verdict: Classification): void {
    const row = this.#rowFor(reset);
    if (row >= this.kind.length) this.#grow();
    this.kind[row] = ORIGIN_KINDS.indexOf(verdict.kind);
    this.side[row] = ORIGIN_SIDES.indexOf(verdict.side ?? 'none');
    this.hops[row] = verdict.hops ?? -1;
    this.confidence[row] = verdict.confidence;
    this.cause[row] = CAUSE_INDEX.get(verdict.cause) ?? CAUSE_CODES.length - 1;
    this.causeConfidence[row] = verdict.causeConfidence;
    this.family[row] = RESET_FAMILIES.indexOf(verdict.family);
    this.obeyed[row] = OBEYED.indexOf(verdict.obeyed);
    this.matters[row] = verdict.matters ? 1 : 0;
    this.proven[row] = verdict.proven ? 1 : 0;
    this.idleSeconds[row] = verdict.idleSeconds ?? -1;
    this.silenceSeconds[row] = verdict.silenceSeconds ?? -1;
    this.unacknowledged[row] = verdict.unacknowledged ?? -1;
    this.pattern[row] = this.#indexOf(verdict.labelPattern);
    this.count = Math.max(this.count, reset + 1);
  }

  /** Gives a reset the verdict of another one, which must be kept: it is the same reset, captured again. */
  copy(reset: number, from: number): void {
    const row = this.#rowFor(reset);
    if (row >= this.kind.length) this.#grow();
    const source = this.at(from);
    this.kind[row] = this.kind[source];
    this.side[row] = this.side[source];
    this.hops[row] = this.hops[source];
    this.confidence[row] = this.confidence[source];
    this.cause[row] = this.cause[source];
    this.causeConfidence[row] = this.causeConfidence[source];
    this.family[row] = this.family[source];
    this.obeyed[row] = this.obeyed[source];
    this.matters[row] = this.matters[source];
    this.proven[row] = this.proven[source];
    this.idleSeconds[row] = this.idleSeconds[source];
    this.silenceSeconds[row] = this.silenceSeconds[source];
    this.unacknowledged[row] = this.unacknowledged[source];
    this.pattern[row] = this.pattern[source];
    this.count = Math.max(this.count, reset + 1);
  }

  #indexOf(pattern: string): number {
    const known = this.#patternIndex.get(pattern);
    if (known !== undefined) return known;
    if (this.patterns.length > MAX_PATTERNS) return NO_PATTERN;
    this.#patternIndex.set(pattern, this.patterns.length);
    return this.patterns.push(pattern) - 1;
  }

  #rowFor(id: number): number {
    const rows = this.#rows;
    if (rows === undefined) return id;
    const known = rows.get(id);
    if (known !== undefined) return known;
    const row = this.#free.pop() ?? rows.size;
    rows.set(id, row);
    return row;
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = grown(this.kind, new Uint8Array(size));
    this.side = grown(this.side, new Uint8Array(size));
    this.hops = grown(this.hops, new Int16Array(size));
    this.confidence = grown(this.confidence, new Float32Array(size));
    this.cause = grown(this.cause, new Uint8Array(size));
    this.causeConfidence = grown(this.causeConfidence, new Float32Array(size));
    this.family = grown(this.family, new Uint8Array(size));
    this.obeyed = grown(this.obeyed, new Uint8Array(size));
    this.matters = grown(this.matters, new Uint8Array(size));
    this.proven = grown(this.proven, new Uint8Array(size));
    this.idleSeconds = grown(this.idleSeconds, new Float64Array(size));
    this.silenceSeconds = grown(this.silenceSeconds, new Float64Array(size));
    this.unacknowledged = grown(this.unacknowledged, new Float64Array(size));
    this.pattern = grown(this.pattern, new Uint16Array(size));
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}
