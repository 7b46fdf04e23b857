/** Work between two looks at the clock, in packets: about half a millisecond. */
export const SLICE = 8192;

/** Counts work, so that generators give way often enough and not after each of many small things. */
export class Slices {
  #left = SLICE;

  /** Whether it is time to give way. */
  spend(work: number): boolean {
    this.#left -= work;
    if (this.#left > 0) return false;
    this.#left = SLICE;
    return true;
  }
}
