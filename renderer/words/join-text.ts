/** Joined captures in words: capture points, their clocks, and what lies between them. */
import { countText, plural } from '../../shared/format/count.ts';
import { offsetText } from '../../shared/format/clock-offset.ts';
import { durationText } from '../../shared/format/duration.ts';
import { sanitiseText, upperFirst } from '../../shared/format/text.ts';
import type {
  AbsentAt,
  Changed,
  ClockOffset,
  JoinReport,
  MatchClass,
  ResetJourney,
  Vantage,
} from '../../shared/model/join.ts';
import { CHANGED } from '../../shared/model/join.ts';

const MAX_NAME = 60;

export const MATCH: Readonly<Record<MatchClass, { readonly name: string; readonly about: string }>> = {
  same: { name: 'same packets', about: 'The packets themselves pass both capture points' },
  rewritten: {
    name: 'numbers rewritten',
    about: 'The same packets pass both; a device between gives them other sequence numbers',
  },
  proxied: {
    name: 'other side of a proxy',
    about: 'Two connections: a proxy between the capture points copies the bytes of one to the other',
  },
  probable: {
    name: 'probable',
    about: 'Probably the other side of a proxy: all that can be compared fits, but others might fit as well',
  },
};

const CHANGE_WORDS: Readonly<Record<Changed, string>> = {
  client: 'client’s address or port',
  server: 'server’s address or port',
  seq: 'sequence numbers',
  window: 'window',
  flags: 'flags',
  tos: 'DSCP or ECN',
  options: 'TCP options',
  payload: 'payload length',
  segments: 'segmentation',
};

/** What translation changes in every packet of a connection: nothing that tells one packet from the next. */
export const USUAL_CHANGES = CHANGED.client | CHANGED.server | CHANGED.seq;

export function changesText(bits: number): string {
  return Object.entries(CHANGED)
    .filter(([, bit]) => (bits & bit) !== 0)
    .map(([name]) => CHANGE_WORDS[name as Changed])
    .join(', ');
}

export function vantageName(name: string): string {
  return sanitiseText(name, MAX_NAME);
}

/** The name of the capture point that begins with that file; its number where nothing is known of it. */
export function nameOfVantage(join: Pick<JoinReport, 'vantages'> | null, file: number): string {
  const found = join?.vantages.find(({ files }) => files[0] === file);
  return found === undefined ? `file ${file + 1}` : vantageName(found.name);
}

const LEAST_DRIFT_PPM = 0.05;

/** Whether anything is known of it. */
export function isClockKnown({ offsetNs, offsetErrorNs }: ClockOffset): boolean {
  return offsetNs !== 0 || offsetErrorNs !== null;
}

/** `± 1.2 ms`, or that there is no bound on one side. */
export function errorText({ offsetErrorNs }: Pick<ClockOffset, 'offsetErrorNs'>): string {
  return offsetErrorNs === null ? 'bounded from one side only' : `± ${durationText(offsetErrorNs)}`;
}

/** `18 ppm fast`; empty where it runs as the reference does. */
export function driftText({ driftPpm }: Pick<ClockOffset, 'driftPpm'>): string {
  const abs = Math.abs(driftPpm);
  if (abs < LEAST_DRIFT_PPM) return '';
  return `${abs < 10 ? abs.toFixed(1) : countText(Math.round(abs))} ppm ${driftPpm > 0 ? 'fast' : 'slow'}`;
}

/** `+31.204 s ± 1.2 ms, 18 ppm fast`. */
export function clockText(clock: ClockOffset): string {
  if (!isClockKnown(clock)) return 'not known';
  const drift = driftText(clock);
  return `${offsetText(clock)} ${clock.offsetErrorNs === null ? `(${errorText(clock)})` : errorText(clock)}${drift === '' ? '' : `, ${drift}`}`;
}

/** The clock that all others are held against. */
export function isReference({ offsetNs, offsetErrorNs, driftPpm, steps }: ClockOffset): boolean {
  return offsetNs === 0 && offsetErrorNs === 0 && driftPpm === 0 && steps.length === 0;
}

export function hopsBetweenText(hops: number | null): string {
  if (hops === null) return 'hops not known';
  return hops === 0 ? 'no router between' : `${plural(hops, 'router')} between`;
}

/** `0.3 %`; shares too small to be told apart from none are said to be below what can be told. */
export function shareText(share: number | null): string {
  if (share === null) return '–';
  if (share === 0) return '0 %';
  const percent = share * 100;
  if (percent < 0.01) return '< 0.01 %';
  return `${percent < 1 ? percent.toFixed(2) : percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

/** Whether it is known which capture point is nearer to the client. */
export function isOrdered({ vantages }: Pick<JoinReport, 'vantages'>): boolean {
  return vantages.every(({ order }) => order !== null);
}

/** From the client on where that is known, as they come where it is not. */
export function alongPath(vantages: readonly Vantage[]): readonly Vantage[] {
  return [...vantages].sort((a, b) => (a.order ?? Infinity) - (b.order ?? Infinity) || 0);
}

/** What it means that a reset was not seen at a capture point. */
export function absentText({ lossBound, lies, doubt }: AbsentAt): string {
  const missed =
    lossBound >= 1
      ? 'absent; nothing bounds how much of what passed here was missed'
      : `absent; at most ${shareText(lossBound)} of what passed here was missed`;
  const place = {
    before: 'a genuine reset had to pass here',
    beyond: 'it was lost or stopped before it came here',
    unknown: 'whether it had to pass here is not known',
  }[lies];
  return doubt === null ? `${missed}; ${place}` : `${missed}. ${upperFirst(doubt)}`;
}

/** `Seen at 2 of 3 capture points`. */
export function seenText(seen: number, of: number): string {
  return `Seen at ${seen} of ${plural(of, 'capture point')}`;
}

export const PROVEN_ABOUT =
  'Loss and clocks of the captures leave no other reading of who made this reset: where it was not seen it would have been captured, had it passed';

/** What `proven` rests on, for the tooltip of its chip. */
export function provenText(journey: ResetJourney, join: JoinReport | null): string {
  const seen = journey.seenAt.map(({ vantage }) => nameOfVantage(join, vantage)).join(', ');
  const absent = journey.absentAt.map(
    (one) =>
      `${nameOfVantage(join, one.vantage)}: not there, at most ${shareText(one.lossBound)} of what passed was missed`,
  );
  return [`${PROVEN_ABOUT}.`, `Seen at ${seen}.`, ...absent.map((text) => `${text}.`)].join('\n');
}

/** Whether advice asks for a capture at another place: what it asks for may be there already. */
export function asksForCapture(next: string): boolean {
  return /\bcapture (?:on|at|there|where|behind|with|in front)\b/iu.test(next);
}
