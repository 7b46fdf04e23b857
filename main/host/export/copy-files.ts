/** Copies chosen packets out of the files of an analysis, piece by piece, for whoever writes, saves or analyses the copy. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { openCaptureFile, type ChunkSource } from '../../capture/capture-file.ts';
import {
  CaptureCopier,
  type ChosenPacket,
  type CopyCounts,
  type CopyOptions,
} from '../../engine/copy/capture-copier.ts';
import type { PacketSet } from '../../engine/select/packet-set.ts';
import type { Analysis } from '../analysis.ts';

/** Bytes of a file that are read at once: others have their turn in between. */
const PIECE_BYTES = 1024 * 1024;

export interface CopyJob {
  /** Numbers of the files of one capture, ascending. */
  readonly files: readonly number[];
  readonly chosen: PacketSet;
  readonly comments: ReadonlyMap<number, readonly string[]>;
  readonly options: CopyOptions;
}

/**
 * The copy, from its first byte on.
 * @param onRead told how many (decompressed) bytes of the files were read
 * @param onCounts told at the end what the copy has
 * @throws CaptureFileError, or the reason of the signal
 */
export async function* copyFiles(
  analysis: Analysis,
  job: CopyJob,
  signal: AbortSignal,
  onRead: (bytes: number) => void = () => undefined,
  onCounts: (counts: CopyCounts) => void = () => undefined,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const copier = new CaptureCopier(job.options);
  const walk = new ChosenWalk(analysis, job);
  for (const file of job.files) {
    const source = analysis.source(file);
    copier.startFile(walk.of(file));
    if (source !== undefined) {
      for await (const chunk of chunksOf(source, signal)) {
        copier.feed(chunk);
        onRead(chunk.length);
        if (copier.waiting > 0) yield copier.take();
        // What follows is read for counters and secrets, which other formats have none of.
        if (copier.isFileDone && analysis.session.fileFormat(file) !== 'pcapng') break;
      }
    }
    copier.endFile();
  }
  copier.finish();
  if (copier.waiting > 0) yield copier.take();
  onCounts(copier.counts);
}

/** The chosen packets of one file after the other. */
class ChosenWalk {
  readonly #analysis: Analysis;
  readonly #job: CopyJob;
  /** The next one that is handed on, −1 for none. */
  #next: number;

  constructor(analysis: Analysis, job: CopyJob) {
    this.#analysis = analysis;
    this.#job = job;
    const { packets } = analysis.session;
    const [first = 0] = job.files;
    let before = -1;
    for (let index = 0; index < packets.chunkCount; index++) {
      if (!packets.holdsChunk(index) || packets.fileOfChunk(index) < first) continue;
      before = packets.numberAt(index, 0) - 1;
      break;
    }
    this.#next = job.chosen.next(before);
  }

  *of(file: number): Generator<ChosenPacket, void, undefined> {
    const { packets } = this.#analysis.session;
    while (this.#next >= 0 && packets.file(this.#next as PacketNumber) === file) {
      const packet = this.#next as PacketNumber;
      this.#next = this.#job.chosen.next(packet);
      yield { fileOffset: packets.fileOffset(packet), comments: this.#job.comments.get(packet) ?? [] };
    }
  }
}

/**
 * Compressed files are opened anew: readers that are at different places of one would begin again and again. What is not compressed is
 * read through the descriptor that is open, whatever became of its name.
 */
async function* chunksOf(source: ChunkSource, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const own = source.compression === 'none' ? undefined : await openCaptureFile(source.path);
  try {
    for (let at = 0; ;) {
      signal.throwIfAborted();
      const chunk = await (own ?? source).readAt(at, PIECE_BYTES);
      if (chunk.length === 0) return;
      yield chunk;
      at += chunk.length;
      if (chunk.length < PIECE_BYTES) return;
    }
  } finally {
    await own?.close();
  }
}
