/** Case files of a running capture on their way into the spool. */
import { createReadStream } from 'node:fs';
import type { CaughtCase } from '../../../shared/model/live.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import { CaptureCopier, type ChosenPacket } from '../../engine/copy/capture-copier.ts';
import type { CaptureRewriter } from '../../engine/copy/rewriter.ts';
import { LimitCounter } from '../../engine/limits.ts';
import { CaptureReader } from '../../engine/read/capture-reader.ts';
import { CaptureClock, type PacketSink } from '../../engine/read/sink.ts';
import { anonymiser, type MakeAnonymiser } from '../export/anonymiser.ts';
import type { Catcher } from '../live/catcher.ts';
import { VERSION } from '../version.ts';
import type { FleetKey } from './keys.ts';
import { caseName, type UnitId } from './layout.ts';
import type { CaseFile } from './unit-writer.ts';

export class SpoolCases {
  readonly #caught: Pick<Catcher, 'caseOf' | 'resetOf'>;
  readonly #makeAnonymiser: MakeAnonymiser | undefined;
  /** Written, and not in the spool yet. */
  #waiting: CaughtCase[] = [];
  /** Names in the spool by numbers of cases; a capture has a bounded number of these. */
  readonly #names = new Map<number, string>();

  /** @param key what the files are anonymised under; undefined for packets as they are */
  constructor(caught: Pick<Catcher, 'caseOf' | 'resetOf'>, key: FleetKey | undefined) {
    this.#caught = caught;
    this.#makeAnonymiser = key === undefined ? undefined : anonymiser(key.bytes);
  }

  /** A case was written, or could not be. */
  add(caught: CaughtCase): void {
    if (caught.path !== null) this.#waiting.push(caught);
  }

  /** Name of the file that is kept of a reset. */
  nameOf(reset: number): string | null {
    const caught = this.#caught.caseOf(reset);
    return caught === undefined ? null : (this.#names.get(caught) ?? null);
  }

  /** What was written since, to be put into a unit. What cannot be read any more is left out. */
  async take(unit: UnitId): Promise<CaseFile[]> {
    const files: CaseFile[] = [];
    for (const { id, path, server, resets } of this.#waiting.splice(0)) {
      const packets = path === null ? undefined : await packetsOf(path).catch(() => undefined);
      if (path === null || packets === undefined) continue;
      const { fromNs, toNs, offsets } = packets;
      const name = caseName(unit, this.#caught.resetOf(id) ?? id);
      this.#names.set(id, name);
      const { address, port } = endpointParts(server);
      files.push({
        ...{ name, resets, serverAddress: address, serverPort: port ?? 0 },
        ...{ fromNs, toNs },
        pieces: () =>
          this.#makeAnonymiser === undefined
            ? createReadStream(path)
            : anonymisedPieces(path, offsets, this.#makeAnonymiser()()),
      });
    }
    return files;
  }
}

interface CasePackets {
  /** Times of the first and the last, nanoseconds since 1970. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /** Where the record of each lies in the file. */
  readonly offsets: readonly number[];
}

/** Undefined where the file has no packets. @throws what the file system reports */
async function packetsOf(path: string): Promise<CasePackets | undefined> {
  const clock = new CaptureClock();
  const offsets: number[] = [];
  let first = Infinity;
  let last = -Infinity;
  const ignore = (): void => undefined;
  const sink: PacketSink = {
    onInterface: ignore,
    onPacket: (_data, _start, _captured, _wire, timeNs, _interface, _direction, fileOffset) => {
      first = Math.min(first, timeNs);
      last = Math.max(last, timeNs);
      offsets.push(fileOffset);
    },
    onOtherFrames: ignore,
    onComment: ignore,
    onName: ignore,
    onDrops: ignore,
    onKernelEvent: ignore,
    onWarning: ignore,
  };
  const reader = new CaptureReader(sink, clock, new LimitCounter());
  for await (const chunk of createReadStream(path)) reader.feed(chunk as Uint8Array);
  reader.end();
  const { epochNs } = clock;
  if (epochNs === undefined || offsets.length === 0) return undefined;
  return { fromNs: epochNs + BigInt(Math.round(first)), toNs: epochNs + BigInt(Math.round(last)), offsets };
}

/** The file without who is who. @throws what the file system reports */
async function* anonymisedPieces(
  path: string,
  offsets: readonly number[],
  rewriter: CaptureRewriter,
): AsyncGenerator<Uint8Array> {
  const copier = new CaptureCopier({
    ...{ application: `Resetscope ${VERSION}`, comment: 'anonymised under the key of a fleet', rewriter },
    // What a kernel says of a reset names the machine’s addresses and programs.
    keepsKernelEvent: () => false,
  });
  copier.startFile(chosen(offsets));
  for await (const chunk of createReadStream(path)) {
    copier.feed(chunk as Uint8Array);
    if (copier.waiting > 0) yield copier.take();
  }
  copier.endFile();
  copier.finish();
  if (copier.waiting > 0) yield copier.take();
}

function* chosen(offsets: readonly number[]): Generator<ChosenPacket> {
  for (const fileOffset of offsets) yield { fileOffset, comments: [] };
}
