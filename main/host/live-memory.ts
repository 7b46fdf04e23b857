/** Filters and options of earlier live captures. What cannot be written is forgotten: capturing matters more. */
import * as v from 'valibot';
import { liveOptions } from '../../shared/contract/live-schemas.ts';
import type { LiveOptions } from '../../shared/model/live.ts';
import type { LiveMemory } from './host-contract.ts';
import type { Logger } from './log.ts';
import type { SettingsStore } from './settings.ts';

const MAX_FILTERS = 30;

export class LiveMemories {
  readonly #settings: SettingsStore;
  readonly #log: Logger;

  constructor(settings: SettingsStore, log: Logger) {
    this.#settings = settings;
    this.#log = log;
  }

  recall(): LiveMemory {
    // Another version may have written them.
    const last = v.safeParse(liveOptions, this.#settings.get('lastLive'));
    return { filters: this.#settings.get('filters'), lastOptions: last.success ? last.output : null };
  }

  remember(options: LiveOptions): void {
    try {
      const { filter } = options;
      const others = this.#settings.get('filters').filter((one) => one !== filter);
      if (filter.trim() !== '') this.#settings.set('filters', [filter, ...others].slice(0, MAX_FILTERS));
      this.#settings.set('lastLive', options);
    } catch (error) {
      this.#log.warn({ err: error, path: this.#settings.path }, 'the options of the capture were not saved');
    }
  }
}
