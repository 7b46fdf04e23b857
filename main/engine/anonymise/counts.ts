/** What was replaced so far, by kind, for whoever asks what an anonymised file has lost. */
export type CountedKind =
  | 'IPv4 addresses'
  | 'IPv6 addresses'
  | 'link-layer addresses'
  | 'names'
  | 'packets with replaced payload'
  | 'packets of protocols that are not known'
  | 'interface and machine texts'
  | 'kernel events';

export class Counts {
  readonly #counts = new Map<CountedKind, number>();

  add(kind: CountedKind): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  list(): readonly { readonly kind: string; readonly count: number }[] {
    return [...this.#counts].map(([kind, count]) => ({ kind, count }));
  }
}
