/** Live capture in words: rates, rings, losses, rules, ends. */
import { bytesText } from '../../shared/format/bytes.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import type {
  CaptureInterface,
  CaptureSourceKind,
  CatchRule,
  LiveErrorCode,
  LiveLosses,
  LiveOptions,
  LivePhase,
  LiveStatus,
  WitnessStatus,
} from '../../shared/model/live.ts';
import { causeOf } from '../../shared/causes/list.ts';
import { ORIGIN } from '../../shared/texts/origin.ts';

export const PHASE_TEXT: Readonly<Record<LivePhase, string>> = {
  idle: 'Not capturing',
  starting: 'Starting',
  capturing: 'Capturing',
  stopping: 'Stopping',
  stopped: 'Stopped',
  failed: 'Ended early',
};

export const SOURCE_TEXT: Readonly<Record<CaptureSourceKind | 'auto', string>> = {
  auto: 'Best one here',
  helper: 'resetscope-capd',
  dumpcap: 'dumpcap (Wireshark)',
  tcpdump: 'tcpdump',
  cap: 'cap (Node module)',
  ssh: 'tcpdump over SSH',
};

/** `0:07`, `12:34`, `1:02:03`. */
export function elapsedText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours === 0 ? `${minutes}:${two(seconds % 60)}` : `${hours}:${two(minutes)}:${two(seconds % 60)}`;
}

/** Rates below ten have a decimal: 0.4 is not nothing. */
export function rateText(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return 'unknown';
  return perSecond > 0 && perSecond < 9.95 ? perSecond.toFixed(1) : countText(perSecond);
}

/** Rates of networks are counted in bits. */
export function bitRateText(bytesPerSecond: number): string {
  return bytesText(bytesPerSecond * 8).replace(/B$/, 'bit/s');
}

/** The most that a capture can take on disk, bytes: a second place has a ring of its own. */
export function ringsBytes({ ring, second }: Pick<LiveOptions, 'ring' | 'second'>): number {
  return ring.fileBytes * ring.files * (second === null ? 1 : 2);
}

/** Says before the start what will be written where. */
export function writesText(options: LiveOptions, folder: string): string {
  const { ring } = options;
  const time = ring.fileSeconds === null ? '' : `, a new one every ${durationText(ring.fileSeconds * 1e9)}`;
  const each = options.second === null ? '' : ' for each of the two places';
  return `Up to ${bytesText(ringsBytes(options), 'iec')} in ${options.folder ?? folder}: ${plural(ring.files, 'file')} of ${bytesText(ring.fileBytes, 'iec')}${each}${time}; when all are full, the oldest goes.`;
}

export interface Loss {
  readonly where: string;
  readonly count: number;
  /** What it means, and what helps. */
  readonly about: string;
}

/** The losses that happened, each with its place. */
export function lossesOf(losses: LiveLosses): Loss[] {
  const places: readonly (readonly [string, number | null, string])[] = [
    [
      'kernel',
      losses.kernel,
      'The kernel’s buffer was full. A larger buffer, a capture filter or a smaller snap length helps.',
    ],
    ['interface', losses.interface, 'The interface dropped them before anybody could capture them.'],
    [
      'queue',
      losses.queue,
      'The queue to the disk was full, or the disk refused. A faster disk or a capture filter helps.',
    ],
    [
      'analysis',
      losses.analysis,
      'They were written, but the ring let go of them before they were analysed. A larger ring helps.',
    ],
  ];
  return places.flatMap(([where, count, about]) =>
    count === null || count === 0 ? [] : [{ where, count, about }],
  );
}

/** Not every source counts its losses: where it does not, none can be claimed. */
export function noLossText({ kernel }: LiveLosses): string {
  return kernel === null ? 'losses not told' : 'no losses';
}

export function lossText(losses: readonly Loss[]): string {
  return losses.map(({ where, count }) => `${countText(count)} lost in the ${where}`).join(', ');
}

/** `7 of 10 files, 2 gone`. */
export function ringText(status: LiveStatus): string {
  const kept = status.files.length;
  const most = status.options?.ring.files ?? kept;
  const gone = status.filesGone === 0 ? '' : `, ${countText(status.filesGone)} gone`;
  return `${countText(kept)} of ${plural(most, 'file')}${gone}`;
}

export function witnessStateText({ state, lost }: WitnessStatus): string {
  switch (state) {
    case 'off':
      return 'kernel witness off';
    case 'waiting':
      return 'kernel witness not ready';
    case 'on':
      return lost === 0 ? 'kernel witness' : 'kernel witness, with gaps';
    case 'unavailable':
      return 'no kernel witness';
  }
}

export function witnessAbout({ state, why, events, lost }: WitnessStatus): string {
  switch (state) {
    case 'off':
      return 'The kernel of this machine is not asked which resets it sends.';
    case 'waiting':
      return 'The kernel of this machine is being asked which resets it sends.';
    case 'on':
      return lost === 0
        ? `The kernel told of ${plural(events, 'reset')} that it sent or took.`
        : `The kernel told of ${plural(events, 'reset')} and had to throw ${countText(lost)} away: from then on its silence proves nothing.`;
    case 'unavailable':
      return why ?? 'The kernel of this machine cannot be asked which resets it sends.';
  }
}

/** The rule as a sentence: which resets are waited for. */
export function ruleText(rule: CatchRule): string {
  const what = rule.onlyThatMatter ? 'Any reset that ended unfinished work' : 'Any reset';
  const parts = [
    ...(rule.origins.length === 0
      ? []
      : [`from ${rule.origins.map((kind) => ORIGIN[kind].phrase).join(' or ')}`]),
    ...(rule.causes.length === 0
      ? []
      : [`by ${rule.causes.map((code) => causeOf(code).title).join(' or ')}`]),
    ...(rule.filter === '' ? [] : [`that passes ${rule.filter}`]),
  ];
  return [what, ...parts].join(', ');
}

export function aroundText({ beforeSeconds, afterSeconds }: CatchRule): string {
  return `Kept with ${durationText(beforeSeconds * 1e9)} before it and ${durationText(afterSeconds * 1e9)} after it.`;
}

/** What ended a capture: a title, and what that means for what was captured. */
export const END_TEXT: Readonly<Record<LiveErrorCode, { readonly title: string; readonly kept: string }>> = {
  'no-permission': {
    title: 'Capturing is not permitted',
    kept: 'What was captured before stays open.',
  },
  'no-such-interface': { title: 'There is no such interface', kept: 'Nothing was captured.' },
  'interface-gone': {
    title: 'The interface is gone',
    kept: 'All up to that moment is kept and analysed. Packets that nobody could read any more are lost.',
  },
  'bad-filter': { title: 'The capture filter has an error', kept: 'Nothing was captured.' },
  'libpcap-missing': { title: 'libpcap is missing', kept: 'Nothing was captured.' },
  'source-missing': { title: 'The capture program is missing', kept: 'Nothing was captured.' },
  'source-died': {
    title: 'The capture program died',
    kept: 'All that it had handed over is kept and analysed. What was in its buffers is lost.',
  },
  'disk-full': {
    title: 'The disk is full',
    kept: 'Writing stopped in time: all files are whole and analysed. Later packets are lost.',
  },
  'disk-error': {
    title: 'The disk refused',
    kept: 'What was written before is kept and analysed. Later packets are lost.',
  },
  remote: {
    title: 'The other machine does not answer',
    kept: 'All that arrived is kept and analysed.',
  },
  'bad-options': { title: 'These options do not go together', kept: 'Nothing was captured.' },
};

/** The interface as it is called, with its machine where that is another. */
export function placeText(options: Pick<LiveOptions, 'source' | 'interface' | 'host'> | null): string {
  if (options === null) return '';
  return options.source === 'ssh' && options.host !== null
    ? `${options.interface} on ${options.host}`
    : options.interface;
}

/** Both places of a capture, where there are two. */
export function placesText(options: LiveOptions | null): string {
  const second = placeText(options?.second ?? null);
  return second === '' ? placeText(options) : `${placeText(options)} + ${second}`;
}

/** Name proposed for a saved capture: the interface, and when it began. */
export function savedName({ options, startedMs }: LiveStatus): string {
  const place = placeText(options).replaceAll(/[^\w.-]+/g, '-') || 'capture';
  const time =
    startedMs === null ? '' : `-${new Date(startedMs).toISOString().slice(0, 19).replaceAll(':', '-')}`;
  return `${place}${time}.pcapng`;
}

/** All that an interface can be found by. */
export function interfaceWords({ name, description, addresses }: CaptureInterface): string {
  return [name, description ?? '', ...addresses].join(' ').toLowerCase();
}
