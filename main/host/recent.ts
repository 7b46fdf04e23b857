/** The files opened last, newest first. A list that cannot be written is forgotten: opening a capture matters more. */
import { statSync } from 'node:fs';
import type { OpenCapture, RecentFile } from '../../shared/contract/methods.ts';
import type { Logger } from './log.ts';
import type { SettingsStore } from './settings.ts';

const MAX_RECENT = 12;

export class RecentFiles {
  readonly #settings: SettingsStore;
  readonly #log: Logger;

  constructor(settings: SettingsStore, log: Logger) {
    this.#settings = settings;
    this.#log = log;
  }

  list(): readonly RecentFile[] {
    return this.#settings.get('recent');
  }

  has(path: string): boolean {
    return this.list().some((recent) => recent.path === path);
  }

  add(paths: readonly string[], nowMs = Date.now()): void {
    const added = paths.flatMap((path) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() === true ? [{ path, openedMs: nowMs, sizeBytes: stat.size }] : [];
    });
    const before = this.list().filter((recent) => !paths.includes(recent.path));
    this.#write([...added, ...before].slice(0, MAX_RECENT));
  }

  /** What could not be opened is nobody's recent file. */
  forgetFailed(captures: readonly OpenCapture[]): void {
    for (const { phase, packets, paths } of captures) {
      if (phase !== 'failed' || packets > 0) continue;
      for (const path of paths) if (this.has(path)) this.forget(path);
    }
  }

  forget(path: string): void {
    this.#write(this.list().filter((recent) => recent.path !== path));
  }

  #write(recent: readonly RecentFile[]): void {
    try {
      this.#settings.set('recent', recent);
    } catch (error) {
      this.#log.warn({ err: error, path: this.#settings.path }, 'the list of recent files was not saved');
    }
  }
}
