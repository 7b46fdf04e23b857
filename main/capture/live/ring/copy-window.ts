/**
 * Copies the blocks of a stretch of time out of ring files into one file, which is either there as a whole or not at
 * all. Used for cases, and with an endless stretch for saving everything.
 */
import { open, type FileHandle } from 'node:fs/promises';
import {
  BLOCK_ENHANCED_PACKET,
  BLOCK_INTERFACE,
  BLOCK_KERNEL,
  BLOCK_SECTION_HEADER,
} from '../../../engine/read/pcapng-plausible.ts';
import { WholeFile } from '../../whole-file.ts';
import { BlockWalker } from '../blocks/block-walker.ts';
import { InterfaceClocks, isWholePacket } from '../blocks/block-facts.ts';
import type { RingFileState } from './ring-writer.ts';
import {
  WITNESS_SOCKET_OWNER,
  WITNESS_STARTED,
  witnessKind,
  witnessTimeNs,
} from '../blocks/witness-block.ts';

const READ_BYTES = 1024 * 1024;

export interface TimeWindow {
  /** Nanoseconds since 1970, as doubles. */
  readonly fromNs: number;
  readonly toNs: number;
}

export const ALL_TIME: TimeWindow = { fromNs: -Infinity, toNs: Infinity };

export interface CopiedWindow {
  readonly packets: number;
  readonly bytes: number;
  /** Ring files that went away before they were copied. */
  readonly missing: number;
  /** `maxBytes` were reached; what comes later is not in it. */
  readonly isCut: boolean;
}

/**
 * @param files of one ring, oldest first; each is read up to the bytes that are stated
 * @param maxBytes of the new file
 * @param existing what to do where there is a file of this name
 * @throws WriteError, or what reading reports; nothing is left of the new file then
 */
export async function copyWindow(
  files: readonly RingFileState[],
  window: TimeWindow,
  target: string,
  maxBytes: number,
  existing: 'refuse' | 'replace' = 'replace',
): Promise<CopiedWindow> {
  const overlapping = files.filter(
    (file) => file.packets === 0 || (file.lastNs >= window.fromNs && file.firstNs <= window.toNs),
  );
  // Where no file overlaps, one still has the head without which the copy would be no capture.
  const wanted = overlapping.length > 0 ? overlapping : files.slice(-1);
  // All are opened before any is copied: the ring may let go of them meanwhile.
  const opened: { readonly handle: FileHandle; readonly bytes: number }[] = [];
  let missing = 0;
  let out: WholeFile | undefined;
  try {
    for (const file of wanted) {
      const handle = await open(file.path, 'r').catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      });
      if (handle === undefined) missing++;
      else opened.push({ handle, bytes: file.bytes });
    }
    out = await WholeFile.create(target, { existing, mode: 0o600 });
    const copier = new Copier(out.handle, window, maxBytes);
    for (const { handle, bytes } of opened) await copier.copy(handle, bytes);
    await out.commit();
    return { packets: copier.packets, bytes: copier.bytes, missing, isCut: copier.isCut };
  } catch (error) {
    await out?.discard();
    throw error;
  } finally {
    await Promise.all(opened.map(({ handle }) => handle.close()));
  }
}

class Copier {
  packets = 0;
  bytes = 0;
  isCut = false;
  readonly #out: FileHandle;
  readonly #window: TimeWindow;
  readonly #maxBytes: number;
  readonly #clocks = new InterfaceClocks();
  /** Section header and interface descriptions of the file being read. */
  #head: Uint8Array[] = [];
  /** The head that was written last. */
  #writtenHead: Uint8Array | undefined;
  #isHeadDue = false;
  /** Pieces that wait to be written, and bytes of all that waits. */
  #pieces: Uint8Array[] = [];
  #pending = 0;
  /** The piece that still grows: blocks that lie one behind the other in `#data`. */
  #data: Uint8Array | undefined;
  #start = 0;
  #end = 0;

  constructor(out: FileHandle, window: TimeWindow, maxBytes: number) {
    this.#out = out;
    this.#window = window;
    this.#maxBytes = maxBytes;
  }

  async copy(handle: FileHandle, length: number): Promise<void> {
    const walker = new BlockWalker((type, data, at, size) => {
      this.#block(walker, type, data, at, size);
    });
    let position = 0;
    while (position < length && !this.isCut) {
      const buffer = Buffer.allocUnsafe(Math.min(READ_BYTES, length - position));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      walker.push(buffer.subarray(0, bytesRead));
      await this.#flush();
    }
    // A copy without packets can be opened where it has its head.
    if (this.#writtenHead === undefined) {
      this.#writeHead();
      await this.#flush();
    }
  }

  #block(walker: BlockWalker, type: number, data: Uint8Array, at: number, length: number): void {
    const { bigEndian } = walker;
    if (type === BLOCK_SECTION_HEADER || type === BLOCK_INTERFACE) {
      if (type === BLOCK_SECTION_HEADER) {
        this.#head = [];
        this.#clocks.clear();
      } else {
        this.#clocks.add(data, at, length, bigEndian);
      }
      this.#head.push(data.slice(at, at + length));
      this.#isHeadDue = true;
      return;
    }
    if (!this.#isWanted(bigEndian, type, data, at, length)) return;
    if (this.#isHeadDue) this.#writeHead();
    if (this.bytes + this.#pending + length > this.#maxBytes) {
      this.isCut = true;
      return;
    }
    if (this.isCut) return;
    if (type === BLOCK_ENHANCED_PACKET) this.packets++;
    this.#keep(data, at, length);
  }

  #isWanted(bigEndian: boolean, type: number, data: Uint8Array, at: number, length: number): boolean {
    const { fromNs, toNs } = this.#window;
    if (type === BLOCK_ENHANCED_PACKET && isWholePacket(length)) {
      const ns = this.#clocks.packetNs(data, at, bigEndian);
      return ns >= fromNs && ns <= toNs;
    }
    if (type === BLOCK_KERNEL) {
      const kind = witnessKind(data, at, length);
      const ns = witnessTimeNs(data, at, bigEndian);
      // Who owns a socket, and that the kernel is watched, holds on from when it was said.
      return (ns >= fromNs || kind === WITNESS_SOCKET_OWNER || kind === WITNESS_STARTED) && ns <= toNs;
    }
    return true;
  }

  /** Where the next file of the ring goes on with the section before, its head is not written again. */
  #writeHead(): void {
    const head = Buffer.concat(this.#head);
    this.#isHeadDue = false;
    if (this.#writtenHead !== undefined && head.equals(this.#writtenHead)) return;
    this.#writtenHead = head;
    this.#closePiece();
    this.#pieces.push(head);
    this.#pending += head.length;
  }

  #keep(data: Uint8Array, at: number, length: number): void {
    if (data !== this.#data || at !== this.#end) {
      this.#closePiece();
      this.#data = data;
      this.#start = at;
    }
    this.#end = at + length;
    this.#pending += length;
  }

  #closePiece(): void {
    if (this.#data !== undefined) this.#pieces.push(this.#data.subarray(this.#start, this.#end));
    this.#data = undefined;
    this.#end = 0;
  }

  async #flush(): Promise<void> {
    this.#closePiece();
    const bytes = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#pending = 0;
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#out.write(bytes, done, bytes.length - done, this.bytes + done);
      done += bytesWritten;
    }
    this.bytes += bytes.length;
  }
}
