/**
 * Captures at one point of a play with the product's own live capture, as a program of its own, for which a namespace is a
 * world of its own.
 *
 * A play is over when its last packet is captured, which no clock can tell: a datagram with a text of its own is sent behind it
 * along the whole path. What comes before it in the file is whole; it is left out of what is kept.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BlockWalker } from '../../capture/live/blocks/block-walker.ts';
import { PlayError, Running, until } from './processes.ts';

/** Discard (RFC 863). */
export const END_PORT = 9;

/** Nothing can be captured here; the text says why, and what helps. */
export class CaptureRefused extends Error {
  override readonly name = 'CaptureRefused';
}

export class PointCapture {
  readonly #folder: string;
  readonly #endMark: string;
  readonly #running: Running;

  private constructor(folder: string, endMark: string, running: Running) {
    this.#folder = folder;
    this.#endMark = endMark;
    this.#running = running;
  }

  /**
   * @param command starts the command line of this product, in the place
   * @param folder an empty one
   * @param filter what the lesson is about, in the syntax of libpcap
   * @param endMark what the datagram at the end says; no other play says it
   * @throws CaptureRefused
   */
  static async start(
    command: readonly string[],
    interfaceName: string,
    folder: string,
    filter: string,
    endMark: string,
  ): Promise<PointCapture> {
    const running = new Running('the capture', [
      ...command,
      ...[
        'live',
        '-i',
        interfaceName,
        '--filter',
        `${filter} or udp port ${END_PORT}`,
        '--write',
        `${folder}/`,
        '--no-witness',
      ],
    ]);
    try {
      await running.line('capturing: ');
    } catch {
      await running.end();
      throw new CaptureRefused(running.said.trim());
    }
    return new PointCapture(folder, endMark, running);
  }

  /** Waits for the mark, ends, and gives what came before it as pcapng. @throws PlayError */
  async finish(): Promise<Uint8Array> {
    await until(`the end of the lesson in ${this.#folder}`, async () => {
      const bytes = await this.#bytes();
      return bytes?.includes(this.#endMark) === true;
    });
    await this.#running.end('SIGINT');
    const bytes = await this.#bytes();
    if (bytes === undefined) throw new PlayError(`nothing was captured: ${this.#running.said.trim()}`);
    return withoutMark(bytes, this.#endMark);
  }

  async abandon(): Promise<void> {
    await this.#running.end('SIGINT');
  }

  async #bytes(): Promise<Buffer | undefined> {
    const entries = await readdir(this.#folder, { recursive: true, withFileTypes: true });
    const file = entries.find((entry) => entry.isFile() && entry.name.endsWith('.pcapng'));
    return file === undefined ? undefined : readFile(join(file.parentPath, file.name));
  }
}

/** Without the datagram that marks the end, and what ICMP says of it, which quotes it. */
export function withoutMark(pcapng: Uint8Array, endMark: string): Uint8Array {
  const kept: Uint8Array[] = [];
  const walker = new BlockWalker((_type, data, at, length) => {
    const block = Buffer.from(data.subarray(at, at + length));
    if (!block.includes(endMark)) kept.push(block);
  });
  walker.push(pcapng);
  return Buffer.concat(kept);
}
