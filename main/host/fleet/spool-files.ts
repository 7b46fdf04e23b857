/** The capture files of a running capture, as its tables name them. */
import { basename } from 'node:path';
import type { FileSummary } from '../../../shared/model/capture.ts';
import type { Session } from '../../engine/session.ts';

/** Files that a segment names: the newest ones. */
const MOST_NAMED = 16;

export class SpoolFiles {
  readonly #session: Session;
  /** As of `#count` files. */
  #files: readonly FileSummary[] = [];
  #gone = 0;
  #count = -1;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Of a file by its number; null once it was let go. */
  nameOf(file: number): string | null {
    this.#look(file + 1);
    const path = this.#files.at(file - this.#gone)?.path;
    return path === undefined || file < this.#gone ? null : basename(path);
  }

  /** Numbers of the newest ones. */
  newest(): number[] {
    const { files, filesGone } = this.#session;
    return files.map((_, index) => filesGone + index).slice(-MOST_NAMED);
  }

  /** Whether a file that is still known could not be read whole. What was let go of to save memory was told before. */
  hasDamage(): boolean {
    return this.#session.files.some(({ warnings }) =>
      warnings.some(({ code, lossy }) => lossy && code !== 'limit-reached'),
    );
  }

  /** Summaries are made anew only where there is a file that was not there: resets come by the thousand. */
  #look(count: number): void {
    if (count <= this.#count) return;
    this.#files = this.#session.files;
    this.#gone = this.#session.filesGone;
    this.#count = this.#gone + this.#files.length;
  }
}
