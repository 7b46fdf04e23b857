/** The evidence about one reset as codes and packet indices; texts are made only when somebody reads them. */
import type { EvidenceCode } from './table.ts';

const CAPACITY = 32;

export class EvidenceList {
  count = 0;
  readonly codes: EvidenceCode[] = [];
  /** Window indices of the packets it rests on, −1 for none. */
  readonly first = new Int32Array(CAPACITY);
  readonly second = new Int32Array(CAPACITY);

  clear(): void {
    this.count = 0;
  }

  /** Adds a piece once; families are small, so that the capacity cannot be reached by a correct program. */
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
}
