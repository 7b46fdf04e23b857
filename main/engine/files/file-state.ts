/** What one file of the analysis turned out to be; filled while it is read. */
import type { Nanoseconds } from '../../../shared/base/units.ts';
import type { FileSummary } from '../../../shared/model/capture.ts';
import type { ReadWarning } from '../../../shared/model/warning.ts';
import { isoTime } from '../../../shared/format/time.ts';
import { linkTypeName } from '../decode/link-types.ts';
import { LIMITS } from '../limits.ts';
import type { CaptureFormat } from '../read/capture-format.ts';
import type { InterfaceDrops, InterfaceInfo } from '../read/sink.ts';

/** A clock that goes back less than this is reordering between capture queues, not a step of the clock. */
const STEP_BACK_NS = 1_000_000_000;
const FIRST = 0;
const LAST = 1;
const NEWEST = 2;

/** Earliest and latest time of packets; nanoseconds since the epoch. */
export class TimeSpan {
  // Doubles in a typed array: written for every packet without a heap number for each.
  readonly #ns = Float64Array.of(
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  );
  /** Times that the clock stepped back. */
  backwards = 0;

  note(timeNs: Nanoseconds): void {
    const ns = this.#ns;
    if (timeNs > ns[LAST]) ns[LAST] = timeNs;
    else if (timeNs < ns[NEWEST] - STEP_BACK_NS) this.backwards++;
    if (timeNs < ns[FIRST]) ns[FIRST] = timeNs;
    ns[NEWEST] = timeNs;
  }

  get first(): Nanoseconds {
    return this.#ns[FIRST] as Nanoseconds;
  }

  get last(): Nanoseconds {
    return this.#ns[LAST] as Nanoseconds;
  }
}

export class FileState {
  readonly path: string;
  readonly compression: string;
  /** Files that follow each other are of one timeline. */
  readonly timeline: number;
  format: CaptureFormat = 'unknown';
  bytes = 0;
  packets = 0;
  readonly times = new TimeSpan();
  readonly interfaces: InterfaceInfo[] = [];
  readonly warnings: ReadWarning[] = [];
  moreWarnings = 0;
  /** Newest counters of each interface. */
  readonly drops = new Map<number, InterfaceDrops>();

  constructor(path: string, compression: string, timeline: number) {
    this.path = path;
    this.compression = compression;
    this.timeline = timeline;
  }

  warn(warning: ReadWarning): void {
    if (this.warnings.length < LIMITS.maxWarnings) this.warnings.push(warning);
    else this.moreWarnings++;
  }

  /** Finest step of its clocks, nanoseconds. */
  get clockStepNs(): number {
    let step = Number.POSITIVE_INFINITY;
    for (const info of this.interfaces) step = Math.min(step, info.resolutionNs);
    return Number.isFinite(step) ? step : 1000;
  }

  /**
   * LINKTYPE_ of an interface's packets. Sections of a joined file number their interfaces anew, and nearly always have one link
   * type in common: then the number does not matter.
   */
  linkType(interfaceId: number): number {
    const info = this.interfaces.at(interfaceId) ?? this.interfaces.at(0);
    return info?.linkType ?? -1;
  }

  get linkTypes(): string[] {
    return [...new Set(this.interfaces.map((info) => linkTypeName(info.linkType)))];
  }

  /** Packets that the capturing machine says it lost; undefined where it does not say. */
  get dropped(): number | undefined {
    let total: number | undefined;
    for (const counters of this.drops.values()) {
      for (const lost of [counters.droppedByInterface, counters.droppedByKernel]) {
        if (lost !== undefined) total = (total ?? 0) + lost;
      }
    }
    return total;
  }

  summary(epochNs: bigint | undefined): FileSummary {
    const known = epochNs !== undefined && this.packets > 0;
    return {
      path: this.path,
      format: this.compression === 'none' ? this.format : `${this.format} (${this.compression})`,
      linkTypes: this.linkTypes,
      packets: this.packets,
      bytes: this.bytes,
      first: known ? isoTime(epochNs, this.times.first) : null,
      last: known ? isoTime(epochNs, this.times.last) : null,
      warnings: this.warnings,
      moreWarnings: this.moreWarnings,
    };
  }
}

/** What stays of files that an endless capture let go of. */
export class GoneFiles {
  count = 0;
  firstNs = Number.POSITIVE_INFINITY;
  lastNs = Number.NEGATIVE_INFINITY;
  /** Packets that the capturing machine lost in them; undefined where they do not say. */
  dropped: number | undefined = undefined;

  add(file: FileState): void {
    this.count++;
    this.firstNs = Math.min(this.firstNs, file.times.first);
    this.lastNs = Math.max(this.lastNs, file.times.last);
    const { dropped } = file;
    if (dropped !== undefined) this.dropped = (this.dropped ?? 0) + dropped;
  }
}
