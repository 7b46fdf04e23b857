/** Memory of several parts (Parts), one after the other. */
export interface PartBlock {
  readonly words: Int32Array;
  /** The same memory. */
  readonly doubles: Float64Array;
}
