/** The evidence about one reset as codes and packet indices; texts are made only when somebody reads them. */
import type { EvidenceCode } from './table.ts';
import { EVIDENCE, WEIGHTS } from './table.ts';

/** Of each group one piece is found at most. */
const CAPACITY = EVIDENCE.length;

export class EvidenceList {
  count = 0;
  readonly codes: EvidenceCode[] = [];
  /** Window indices of the packets it rests on, −1 for none. */
  readonly first = new Int32Array(CAPACITY);
  readonly second = new Int32Array(CAPACITY);

  clear(): void {
    this.count = 0;
  }

  /** Adds a piece, once. */
  add(code: EvidenceCode, first = -1, second = -1): void {
    if (this.count === CAPACITY || this.has(code)) return;
    this.codes[this.count] = code;
    this.first[this.count] = first;
    this.second[this.count] = second;
    this.count++;
  }

  has(code: EvidenceCode): boolean {
    for (let i = 0; i < this.count; i++) if (this.codes[i] === code) return true;
    return false;
  }

  /** Whether any piece shows an injector. */
  get showsInjector(): boolean {
    for (let i = 0; i < this.count; i++) if (WEIGHTS[this.codes[i]].injector) return true;
    return false;
  }
}
