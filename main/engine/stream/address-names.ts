/**
 * Names of addresses, as captures themselves give them.
 *
 * Invariant: a name holds in the timeline that it was seen in. Unrelated captures may share private addresses, and a name out of one of them
 * says nothing of the hosts in another.
 */
export class AddressNames {
  readonly #timelines = new Map<number, Map<string, string>>();
  /** Names of all timelines. */
  size = 0;

  of(timeline: number): ReadonlyMap<string, string> {
    return this.#timelines.get(timeline) ?? NO_NAMES;
  }

  has(timeline: number, address: string): boolean {
    return this.of(timeline).has(address);
  }

  set(timeline: number, address: string, name: string): void {
    let names = this.#timelines.get(timeline);
    if (names === undefined) {
      names = new Map();
      this.#timelines.set(timeline, names);
    }
    if (!names.has(address)) this.size++;
    names.set(address, name);
  }

  /** Lets go of the name of a timeline that was given first. */
  dropOldest(timeline: number): void {
    for (const oldest of this.of(timeline).keys()) {
      this.#timelines.get(timeline)?.delete(oldest);
      this.size--;
      return;
    }
  }
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();
