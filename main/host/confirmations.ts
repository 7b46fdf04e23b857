/** What the user said yes to once: machines to capture on, and folders to keep captures in. Only a host's own dialog asks. */
import type { Logger } from './log.ts';
import type { SettingsStore } from './settings.ts';

/** What is confirmed, by the setting that holds it. */
type Confirmable = 'sshHosts' | 'folders';

/** The oldest are asked about again. */
const MAX_CONFIRMED = 100;

export class Confirmations {
  readonly #settings: SettingsStore;
  readonly #log: Logger;
  /** For as long as we run, also where nothing can be written. */
  readonly #said: Record<Confirmable, readonly string[]>;
  /** Questions that are open: a page that asks again and again gets one dialog. */
  readonly #asking = new Map<string, Promise<boolean>>();

  constructor(settings: SettingsStore, log: Logger) {
    this.#settings = settings;
    this.#log = log;
    this.#said = { sshHosts: settings.get('sshHosts'), folders: settings.get('folders') };
  }

  list(what: Confirmable): readonly string[] {
    return this.#said[what];
  }

  /** True where it was confirmed before; else asks, and remembers a yes. */
  async once(what: Confirmable, value: string, ask: () => Promise<boolean>): Promise<boolean> {
    if (this.#said[what].includes(value)) return true;
    const key = `${what} ${value}`;
    const asked = this.#asking.get(key) ?? ask();
    this.#asking.set(key, asked);
    try {
      const isConfirmed = await asked;
      if (isConfirmed && !this.#said[what].includes(value)) this.#remember(what, value);
      return isConfirmed;
    } finally {
      this.#asking.delete(key);
    }
  }

  #remember(what: Confirmable, value: string): void {
    this.#said[what] = [value, ...this.#said[what]].slice(0, MAX_CONFIRMED);
    try {
      this.#settings.set(what, this.#said[what]);
    } catch (error) {
      this.#log.warn({ err: error, path: this.#settings.path }, 'what was confirmed was not saved');
    }
  }
}
