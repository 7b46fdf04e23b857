/**
 * The fleets that were looked at last, newest first, by names without passwords. A password that was named or typed is known for as long
 * as this program runs, and nobody is told it but what connects.
 */
import { resolve } from 'node:path';
import type { FleetPlace } from '../../../shared/contract/fleet-methods.ts';
import { storeOf, withoutPassword } from '../../../shared/fleet/place-name.ts';
import type { Logger } from '../log.ts';
import type { SettingsStore } from '../settings.ts';

const MAX_RECENT = 12;
const MAX_PASSWORDS = 100;

/** What a place is called: a folder by its whole path, a server without its password. */
export function nameOf(place: string): string {
  return storeOf(place) === 'folder' ? resolve(place) : withoutPassword(place);
}

export class FleetPlaces {
  readonly #settings: SettingsStore;
  readonly #log: Logger;
  /** Names of those that the program was started with. */
  readonly named: readonly string[];
  /** What pages without an address begin with. */
  readonly start: string | null;
  /** Whole places by their names. */
  readonly #whole = new Map<string, string>();

  /**
   * @param shown places of the command line, the first of which pages begin with
   * @param known the place that the environment names
   */
  constructor(
    settings: SettingsStore,
    log: Logger,
    { shown, known }: { readonly shown: readonly string[]; readonly known: string | undefined },
  ) {
    this.#settings = settings;
    this.#log = log;
    const named = [...shown, ...(known === undefined || known === '' ? [] : [known])];
    for (const place of named) this.learn(place);
    this.named = [...new Set(named.map(nameOf))];
    this.start = shown.length === 0 ? null : this.named[0];
  }

  /** Remembers the password of a place that has one. */
  learn(place: string): void {
    const name = nameOf(place);
    // Somebody who comes back by the name alone is not asked for the password again.
    if (name === place || storeOf(place) === 'folder') return;
    this.#whole.delete(name);
    this.#whole.set(name, place);
    for (const oldest of this.#whole.keys()) {
      if (this.#whole.size <= MAX_PASSWORDS) break;
      this.#whole.delete(oldest);
    }
  }

  /** With its password, where it is known. */
  whole(name: string): string {
    return this.#whole.get(name) ?? name;
  }

  recent(): readonly FleetPlace[] {
    return this.#settings
      .get('fleets')
      .map(({ place, openedMs }) => ({ place, store: storeOf(place), openedMs }));
  }

  /** Whether somebody looked at it before, in this run or an earlier one. */
  wasOpened(name: string): boolean {
    return this.recent().some(({ place }) => place === name);
  }

  opened(name: string, nowMs = Date.now()): void {
    const others = this.#settings.get('fleets').filter(({ place }) => place !== name);
    try {
      this.#settings.set('fleets', [{ place: name, openedMs: nowMs }, ...others].slice(0, MAX_RECENT));
    } catch (error) {
      this.#log.warn({ err: error, path: this.#settings.path }, 'the list of fleets was not saved');
    }
  }
}
