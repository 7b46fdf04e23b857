/**
 * Asks whether there is a newer release: never before the user said so, and nothing of captures is in the question. Nothing
 * else in this program speaks to the network by itself.
 */
import type { Settings } from '../host/settings.ts';
import { errorText } from '../../shared/format/error.ts';

/** Of electron-updater. */
export interface Updater {
  autoDownload: boolean;
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<{
    readonly isUpdateAvailable: boolean;
    readonly updateInfo: { readonly version: string };
  } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(): void;
}

/** Of the settings, what is decided here. */
export interface UpdateSettings {
  get(key: 'updates'): Settings['updates'];
  set(key: 'updates', value: Settings['updates']): void;
}

export interface UpdateParts {
  readonly settings: UpdateSettings;
  readonly version: string;
  /** Loaded with the first question only. */
  updater(): Promise<Updater>;
  /** Answers the index of the button that was pressed; the last one is what closing the window means. */
  ask(message: string, detail: string, buttons: readonly string[]): Promise<number>;
  failed(error: unknown): void;
  /** The menu shows it. */
  switched(atStart: boolean): void;
}

export class Updates {
  readonly #parts: UpdateParts;
  /** Invariant: at most one check runs. */
  #isChecking = false;

  constructor(parts: UpdateParts) {
    this.#parts = parts;
  }

  get atStart(): boolean {
    return this.#parts.settings.get('updates') === 'at-start';
  }

  set atStart(on: boolean) {
    const { settings, failed, switched } = this.#parts;
    try {
      settings.set('updates', on ? 'at-start' : 'by-hand');
    } catch (error) {
      failed(error);
    }
    // What was not saved was not switched.
    switched(this.atStart);
  }

  /** Silent unless there is something newer: who starts the program wants to work. */
  async start(): Promise<void> {
    if (this.atStart) await this.#check(false);
  }

  /** The user's own wish. The first time it is asked whether that shall happen by itself from then on. */
  async checkNow(): Promise<void> {
    const { settings, ask } = this.#parts;
    if (settings.get('updates') === 'never-asked') {
      const answer = await ask(
        'Ask for newer releases?',
        'Resetscope asks the place it was released at for its newest version. Nothing of your captures is sent. The menu Help changes this.',
        ['At every start', 'Only now', 'Cancel'],
      );
      if (answer !== 0 && answer !== 1) return;
      this.atStart = answer === 0;
    }
    await this.#check(true);
  }

  async #check(tellsAll: boolean): Promise<void> {
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      await this.#ask(tellsAll);
    } catch (error) {
      this.#parts.failed(error);
      if (tellsAll)
        await this.#parts.ask(
          'It could not be found out whether there is a newer release.',
          errorText(error),
          ['Close'],
        );
    } finally {
      this.#isChecking = false;
    }
  }

  async #ask(tellsAll: boolean): Promise<void> {
    const { updater: load, ask, version } = this.#parts;
    const updater = await load();
    updater.autoDownload = false;
    updater.autoInstallOnAppQuit = false;
    const found = await updater.checkForUpdates();
    if (found?.isUpdateAvailable !== true) {
      if (tellsAll) await ask('There is no newer release.', `This is Resetscope ${version}.`, ['Close']);
      return;
    }
    const newer = found.updateInfo.version;
    const wanted = await ask(
      `Resetscope ${newer} is there.`,
      `This is ${version}. It is downloaded, its checksum and, where the system knows them, its signature are checked, and it is installed when you say so.`,
      ['Download', 'Not now'],
    );
    if (wanted !== 0) return;
    await updater.downloadUpdate();
    const restart = await ask(
      `Resetscope ${newer} was downloaded.`,
      'Installing it ends the program, and a capture that runs.',
      ['Install and restart', 'Not now'],
    );
    if (restart === 0) updater.quitAndInstall();
  }
}
