/** The files of the analysis by number: the one that is read, those read before it, and what stays of those let go. */
import type { FileSummary } from '../../../shared/model/capture.ts';
import type { CaptureFormat } from '../read/capture-format.ts';
import type { ReadWarning } from '../../../shared/model/warning.ts';
import type { InterfaceInfo } from '../read/sink.ts';
import type { JoinedFile } from '../join/stores.ts';
import { FileState, GoneFiles } from './file-state.ts';

export class FileList {
  /** Files started so far. */
  count = 0;
  readonly #kept = new Map<number, FileState>();
  readonly #gone = new GoneFiles();
  #current: FileState | undefined;
  #timeline = 0;
  /** Time of the newest packet of each timeline, as far as its files were read to their end. */
  readonly #timelineEnds = new Map<number, number>();

  /** @param continues whether it is of the timeline of the file before it */
  start(path: string, compression: string, continues: boolean): void {
    this.end();
    if (!continues) this.#timeline++;
    this.#current = new FileState(path, compression, this.#timeline);
    this.#kept.set(this.count++, this.#current);
  }

  /** The file that is read. */
  get current(): FileState {
    if (this.#current === undefined) throw new Error('no file was started');
    return this.#current;
  }

  /** Of a file by its number; unknown once it was let go. */
  format(number: number): CaptureFormat {
    return this.#kept.get(number)?.format ?? 'unknown';
  }

  /** LINKTYPE_ of an interface's packets; −1 where file or interface are not known. */
  linkType(number: number, interfaceId: number): number {
    return this.#kept.get(number)?.linkType(interfaceId) ?? -1;
  }

  interfaceName(number: number, interfaceId: number): string | undefined {
    return this.#kept.get(number)?.interfaces.at(interfaceId)?.name;
  }

  /** Of a file by its number; none once it was let go. */
  interfaces(number: number): readonly InterfaceInfo[] {
    return this.#kept.get(number)?.interfaces ?? [];
  }

  end(): void {
    if (this.#current === undefined) return;
    const { timeline, times } = this.#current;
    this.#timelineEnds.set(timeline, Math.max(this.#timelineEnds.get(timeline) ?? times.last, times.last));
    this.#current = undefined;
  }

  /** Warns about the file that is read, or about the last one. */
  warn(warning: ReadWarning): void {
    (this.#current ?? this.#kept.get(this.count - 1))?.warn(warning);
  }

  /** Lets go of files below that number, but never of the one that is read. */
  dropBelow(first: number): void {
    for (const [number, file] of this.#kept) {
      if (number >= first || file === this.#current) break;
      this.#gone.add(file);
      this.#kept.delete(number);
    }
  }

  /** −1 where the file is not known. */
  timelineOf(file: number): number {
    return this.#kept.get(file)?.timeline ?? -1;
  }

  /** Time of the newest packet of all files of that one's timeline; 0 where the file is not known. */
  timelineEndNs(file: number): number {
    const timeline = this.timelineOf(file);
    let last = this.#timelineEnds.get(timeline) ?? Number.NEGATIVE_INFINITY;
    if (this.#current?.timeline === timeline) last = Math.max(last, this.#current.times.last);
    return Number.isFinite(last) ? last : this.lastNs;
  }

  /** Finest step of its clocks, nanoseconds. */
  clockStepNs(file: number): number {
    return this.#kept.get(file)?.clockStepNs ?? 1;
  }

  /** Time of its earliest packet; 0 where there is none. */
  fileFirstNs(file: number): number {
    const first = this.#kept.get(file)?.times.first ?? Infinity;
    return Number.isFinite(first) ? first : 0;
  }

  /** Time of the earliest packet; 0 before there is one. */
  get firstNs(): number {
    let first = this.#gone.firstNs;
    for (const { times } of this.#kept.values()) first = Math.min(first, times.first);
    return Number.isFinite(first) ? first : 0;
  }

  /** Time of the newest packet; 0 before there is one. */
  get lastNs(): number {
    let last = this.#gone.lastNs;
    for (const { times } of this.#kept.values()) last = Math.max(last, times.last);
    return Number.isFinite(last) ? last : 0;
  }

  /** Packets that the capturing machine says it lost; null where no file says. */
  get dropped(): number | null {
    let dropped: number | null = this.#gone.dropped ?? null;
    for (const file of this.#kept.values()) {
      if (file.dropped !== undefined) dropped = (dropped ?? 0) + file.dropped;
    }
    return dropped;
  }

  /** Packets that the capturing machine says it lost in a file, by who lost them; null where it does not say. */
  losses(number: number): { readonly kernel: number | null; readonly interface: number | null } {
    let kernel: number | null = null;
    let atInterface: number | null = null;
    for (const { droppedByKernel, droppedByInterface } of this.#kept.get(number)?.drops.values() ?? []) {
      if (droppedByKernel !== undefined) kernel = (kernel ?? 0) + droppedByKernel;
      if (droppedByInterface !== undefined) atInterface = (atInterface ?? 0) + droppedByInterface;
    }
    return { kernel, interface: atInterface };
  }

  get goneCount(): number {
    return this.#gone.count;
  }

  /** Of the file that was started last; throws where none was. */
  newestSummary(epochNs: bigint | undefined): FileSummary {
    const newest = this.#kept.get(this.count - 1);
    if (newest === undefined) throw new Error('no file was started');
    return newest.summary(epochNs);
  }

  /** All that are kept. */
  list(): readonly JoinedFile[] {
    return Array.from(this.#kept, ([file, { timeline, path, times, packets, dropped, clockStepNs }]) => ({
      ...{ file, timeline, path, packets, dropped },
      ...{ firstNs: times.first, lastNs: times.last, stampStepNs: clockStepNs },
    }));
  }

  summaries(epochNs: bigint | undefined): FileSummary[] {
    return [...this.#kept.values()].map((file) => file.summary(epochNs));
  }
}
