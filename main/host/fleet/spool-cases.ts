/** Case files of a running capture on their way into the spool. */
import { createReadStream } from 'node:fs';
import type { CaughtCase } from '../../../shared/model/live.ts';
import { endpointParts } from '../../../shared/format/endpoint.ts';
import { LimitCounter } from '../../engine/limits.ts';
import { CaptureReader } from '../../engine/read/capture-reader.ts';
import { CaptureClock, type PacketSink } from '../../engine/read/sink.ts';
import type { Catcher } from '../live/catcher.ts';
import { caseName, type UnitId } from './layout.ts';
import type { CaseFile } from './unit-writer.ts';

export class SpoolCases {
  readonly #caught: Pick<Catcher, 'caseOf' | 'resetOf'>;
  /** Written, and not in the spool yet. */
  #waiting: CaughtCase[] = [];
  /** Names in the spool by numbers of cases; a capture has a bounded number of these. */
  readonly #names = new Map<number, string>();

  constructor(caught: Pick<Catcher, 'caseOf' | 'resetOf'>) {
    this.#caught = caught;
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
      const times = path === null ? undefined : await timesOf(path).catch(() => undefined);
      if (path === null || times === undefined) continue;
      const name = caseName(unit, this.#caught.resetOf(id) ?? id);
      this.#names.set(id, name);
      const { address, port } = endpointParts(server);
      files.push({
        ...{ name, resets, serverAddress: address, serverPort: port ?? 0 },
        ...times,
        pieces: () => createReadStream(path),
      });
    }
    return files;
  }
}

/** Times of its first and last packet; undefined where it has none. @throws what the file system reports */
async function timesOf(path: string): Promise<{ fromNs: bigint; toNs: bigint } | undefined> {
  const clock = new CaptureClock();
  let first = Infinity;
  let last = -Infinity;
  const ignore = (): void => undefined;
  const sink: PacketSink = {
    onInterface: ignore,
    onPacket: (_data, _start, _captured, _wire, timeNs) => {
      first = Math.min(first, timeNs);
      last = Math.max(last, timeNs);
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
  if (clock.epochNs === undefined || first > last) return undefined;
  return {
    fromNs: clock.epochNs + BigInt(Math.round(first)),
    toNs: clock.epochNs + BigInt(Math.round(last)),
  };
}
