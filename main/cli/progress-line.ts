/** One line on the terminal, rewritten while files are read and joined. */
import { bytesText } from '../../shared/format/bytes.ts';
import { countText } from '../../shared/format/count.ts';
import type { Progress } from '../../shared/model/capture.ts';

const CLEAR_LINE = '\r\u001b[2K';

export class ProgressLine {
  readonly #write: (text: string) => void;
  readonly #columns: number;
  readonly #started: number;
  #shown = false;

  /** @param now milliseconds, any zero */
  constructor(write: (text: string) => void, columns: number, now: number) {
    this.#write = write;
    this.#columns = columns;
    this.#started = now;
  }

  show(progress: Progress, now: number): void {
    if (progress.phase !== 'reading' && progress.phase !== 'joining') return;
    // A line that wraps could not be rewritten.
    const line = progressText(progress, now - this.#started).slice(0, this.#columns - 1);
    this.#write(CLEAR_LINE + line);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#write(CLEAR_LINE);
    this.#shown = false;
  }
}

export function progressText(progress: Progress, elapsedMs: number): string {
  const { bytesRead, bytesTotal, packets, resets } = progress;
  if (progress.phase === 'joining') {
    const done = Math.floor(100 * (progress.joined ?? 0));
    return `${String(done).padStart(3)} %  joining captures of the same traffic  ${countText(packets)} packets`;
  }
  const percent = bytesTotal > 0 ? Math.min(100, Math.floor((100 * bytesRead) / bytesTotal)) : 0;
  const parts = [
    `${String(percent).padStart(3)} %`,
    `${bytesText(bytesRead)} of ${bytesText(bytesTotal)}`,
    `${countText(packets)} packets`,
    `${countText(resets)} resets`,
  ];
  if (elapsedMs >= 200) {
    parts.push(`${bytesText((bytesRead / elapsedMs) * 1000)}/s`);
    const left = ((bytesTotal - bytesRead) / Math.max(1, bytesRead)) * elapsedMs;
    if (bytesRead > 0 && left >= 1000) parts.push(`${Math.round(left / 1000)} s left`);
  }
  return parts.join('  ');
}
