/** Names that the user gave to addresses and devices, beside the other settings. Newest first; what cannot be written lasts as long as we run. */
import { NAME_BOUNDS, type NamedPlace } from '../../shared/names/named.ts';
import type { Logger } from './log.ts';
import type { SettingsStore } from './settings.ts';

export class NameBook {
  readonly #settings: SettingsStore;
  readonly #log: Logger;
  #names: readonly NamedPlace[];

  constructor(settings: SettingsStore, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#names = settings.get('names');
  }

  list(): readonly NamedPlace[] {
    return this.#names;
  }

  /** Names already given to the same keys are replaced; the oldest make room. */
  set(names: readonly NamedPlace[]): readonly NamedPlace[] {
    const added = new Map(names.map((named) => [named.key, named]));
    const others = this.#names.filter(({ key }) => !added.has(key));
    return this.#write([...added.values(), ...others].slice(0, NAME_BOUNDS.names));
  }

  remove(keys: readonly string[]): readonly NamedPlace[] {
    const gone = new Set(keys);
    return this.#write(this.#names.filter(({ key }) => !gone.has(key)));
  }

  #write(names: readonly NamedPlace[]): readonly NamedPlace[] {
    this.#names = names;
    try {
      this.#settings.set('names', names);
    } catch (error) {
      this.#log.warn({ err: error, path: this.#settings.path }, 'the names were not saved');
    }
    return names;
  }
}
