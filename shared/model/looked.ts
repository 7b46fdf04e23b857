/** Packets that a filter has looked at, of how many decide. */
export interface Looked {
  readonly done: number;
  readonly of: number;
}
