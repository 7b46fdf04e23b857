import type { ReadWarning, WarningCode } from '../../../shared/model/warning.ts';
import { LIMITS, type LimitCounter } from '../limits.ts';
import type { PacketSink } from './sink.ts';

/**
 * The warnings of one file. What happens to single packets (`repeated`) is told once when it is first seen and
 * once more, with the total, at the end; everything else is told each time, up to `LIMITS.maxWarnings`.
 */
export class WarningLog {
  readonly #sink: PacketSink;
  readonly #limits: LimitCounter;
  readonly #repeats = new Map<WarningCode, { first: ReadWarning; count: number; summary: string }>();
  #told = 0;

  constructor(sink: PacketSink, limits: LimitCounter) {
    this.#sink = sink;
    this.#limits = limits;
  }

  warn(warning: ReadWarning): void {
    if (this.#told >= LIMITS.maxWarnings) {
      this.#limits.hit('maxWarnings');
      return;
    }
    this.#told++;
    this.#sink.onWarning(warning);
  }

  /** @param summary ends the sentence "12 packets …" of the closing warning. */
  repeated(warning: ReadWarning, summary: string): void {
    const known = this.#repeats.get(warning.code);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#repeats.set(warning.code, { first: warning, count: 1, summary });
    this.warn(warning);
  }

  finish(): void {
    for (const { first, count, summary } of this.#repeats.values()) {
      if (count === 1) continue;
      const message = `${count} packets ${summary}; the first was packet ${first.packet ?? '?'}`;
      this.warn({ ...first, message, offset: undefined, packet: undefined });
    }
    this.#repeats.clear();
  }
}
