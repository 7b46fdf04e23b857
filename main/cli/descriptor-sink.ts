/** Writes text to a file or pipe without a stream, and waits for it as long as it takes. */
import { writeSync } from 'node:fs';
import type { TextSink } from './text-sink.ts';

export class DescriptorSink implements TextSink {
  readonly #descriptor: number;
  readonly #stream: () => TextSink;
  #isStreamed = false;

  /** @param stream writes to the same; it is asked for where the other side does not let writers wait */
  constructor(descriptor: number, stream: () => TextSink) {
    this.#descriptor = descriptor;
    this.#stream = stream;
  }

  write(text: string, done: (error?: Error | null) => void): void {
    let rest = Buffer.from(text);
    while (rest.length > 0 && !this.#isStreamed) {
      try {
        rest = rest.subarray(writeSync(this.#descriptor, rest));
      } catch (error) {
        if (!isBusy(error)) {
          done(error as Error);
          return;
        }
        this.#isStreamed = true;
      }
    }
    if (rest.length === 0) done();
    else this.#stream().write(rest, done);
  }

  /** All errors are told to who writes. */
  on(): void {}
}

function isBusy(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EAGAIN' || code === 'EWOULDBLOCK';
}
