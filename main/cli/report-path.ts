/** Captures of the same traffic for people: the capture points along the path, and what each two of them share. */
import { offsetText } from '../../shared/format/clock-offset.ts';
import { countText, plural } from '../../shared/format/count.ts';
import { durationText } from '../../shared/format/duration.ts';
import { sanitiseText } from '../../shared/format/text.ts';
import type { FileSummary } from '../../shared/model/capture.ts';
import type { JoinedPair, MatchClass } from '../../shared/model/join.ts';
import { fitText, padText, cellWidth, wrapText } from './layout.ts';
import type { Report } from './report.ts';
import type { Place, ReportJoin } from './report-join.ts';
import type { Style } from './style.ts';

const INDENT = '    ';
const GAP = '  ';
/** Sentences are wrapped here even where the terminal is wider or unknown. */
const READABLE_WIDTH = 110;
const LONGEST_NAME = 40;
/** Below it a drift is what the two clocks' own steps make of it. */
const LEAST_DRIFT_PPM = 0.05;

const CLASS_TEXTS: Readonly<Record<MatchClass, string>> = {
  same: 'the same packets',
  rewritten: 'the same packets with other sequence numbers',
  proxied: 'through a proxy that ends each and copies its bytes to one of its own',
  probable: 'probably through a proxy: all that can be compared fits, and others might fit as well',
};

/** What a comparison begins with. */
export function pathText(report: Report, width: number | undefined, style: Style): string {
  const { join } = report;
  if (join === null) return '';
  const room = Math.max(30, Math.min(width ?? READABLE_WIDTH, READABLE_WIDTH));
  const joined = join.places.filter(({ isJoined }) => isJoined);
  const parts = [
    ...(joined.length === 0 ? [] : [placesText(joined, width, style)]),
    ...tellingPairs(join).map((pair) => pairText(pair, join, room, style)),
    nothingSharedText(join, report.files, room),
  ];
  return parts
    .filter((part) => part !== '')
    .map((part) => `${part}\n`)
    .join('');
}

/**
 * Pairs of neighbours along the path tell of the others between them; another one does only where it holds connections that one of
 * these does not. Without an order all are told.
 */
function tellingPairs({ places, pairs }: ReportJoin): readonly JoinedPair[] {
  const orderOf = new Map(places.map(({ files: [first], order }) => [first, order]));
  const spans = pairs.map((pair) => {
    const [a, b] = pair.files.map((file) => orderOf.get(file) ?? null);
    return { pair, from: Math.min(a ?? NaN, b ?? NaN), to: Math.max(a ?? NaN, b ?? NaN) };
  });
  return spans
    .filter(({ pair, from, to }) => {
      if (!(to - from > 1)) return true;
      const between = spans.filter((one) => one.from >= from && one.to <= to && one.to - one.from === 1);
      return between.length < to - from || between.some((one) => one.pair.connections < pair.connections);
    })
    .toSorted((a, b) => a.from - b.from || a.to - b.to || 0)
    .map(({ pair }) => pair);
}

/** That captures were joined, where somebody only asked for resets. */
export function joinedText({ join }: Report): string | null {
  if (join === null) return null;
  const names = join.places.filter(({ isJoined }) => isJoined).map(placeName);
  return (
    `${listText(names)} hold the same ${join.connections === 1 ? 'connection' : plural(join.connections, 'connection')}, captured at ` +
    'different points, and were joined: ' +
    'each reset is told once. --no-join keeps them apart, resetscope compare tells of the path.'
  );
}

export function placeName({ name }: Place): string {
  return sanitiseText(name, LONGEST_NAME);
}

/** The name of the capture point whose first file is given. */
export function nameOfPlace({ places }: ReportJoin, file: number): string {
  const place = places.find(({ files: [first] }) => first === file);
  return place === undefined ? `file ${file + 1}` : placeName(place);
}

function placesText(places: readonly Place[], width: number | undefined, style: Style): string {
  const isOrdered = places.every(({ order }) => order !== null);
  const rows = places.map((place) => [placeName(place), clockText(place, places), hopsText(place, places)]);
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => cellWidth(row[column]))));
  const title = isOrdered ? 'Path, from the client' : 'Capture points: nothing tells their order on the path';
  const lines = rows.map((row) => {
    const line = `${GAP}${row.map((cell, column) => padText(cell, widths[column])).join(GAP)}`.trimEnd();
    return width === undefined ? line : fitText(line, width);
  });
  return `${style.bold(title)}\n${lines.join('\n')}\n`;
}

/** What its clock shows more than that of the reference. */
function clockText(place: Place, places: readonly Place[]): string {
  const { offsetNs, offsetErrorNs, driftPpm, steps } = place;
  const isReference = offsetNs === 0 && offsetErrorNs === 0 && driftPpm === 0;
  if (isReference)
    return places.find((one) => isAlike(one, place)) === place
      ? 'its clock is the reference'
      : 'the same clock';
  if (offsetNs === 0 && offsetErrorNs === null) return 'clock not known';
  const error =
    offsetErrorNs === null ? 'or so: packets of one direction only' : `± ${durationText(offsetErrorNs)}`;
  const drift = Math.abs(driftPpm) < LEAST_DRIFT_PPM ? '' : `, drifts ${signed(driftPpm)} ppm`;
  const stepped = steps.length === 0 ? '' : `, ${plural(steps.length, 'step')}`;
  return `clock ${offsetText(place)} ${error}${drift}${stepped}`;
}

function isAlike(a: Place, b: Place): boolean {
  return a.offsetNs === b.offsetNs && a.offsetErrorNs === b.offsetErrorNs && a.driftPpm === b.driftPpm;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

function hopsText(place: Place, places: readonly Place[]): string {
  const next = places.find(({ order }) => order !== null && order === (place.order ?? NaN) + 1);
  if (next === undefined) return '';
  const { hopsToNext } = place;
  if (hopsToNext === null) return `routers to ${placeName(next)} not known`;
  return `${hopsToNext === 0 ? 'no router' : plural(hopsToNext, 'router')} to ${placeName(next)}`;
}

function pairText(pair: JoinedPair, join: ReportJoin, room: number, style: Style): string {
  const [first, second] = pair.files.map((file) => nameOfPlace(join, file));
  const all = pair.matched + pair.onlyFirst + pair.onlySecond;
  const title = `${first} and ${second}: ${plural(pair.connections, 'connection')}, ${CLASS_TEXTS[pair.class]}`;
  const parts = [
    all === 0
      ? 'No packet is on both sides'
      : `${shareText(pair.matched, all)} of ${plural(all, 'packet')} matched`,
    pair.onlyFirst === 0 ? '' : `${countText(pair.onlyFirst)} only at ${first}`,
    pair.onlySecond === 0 ? '' : `${countText(pair.onlySecond)} only at ${second}`,
    pair.changed === 0 ? '' : `${countText(pair.changed)} changed on the way`,
  ];
  const isLossKnown = pair.lossToSecond !== null || pair.lossToFirst !== null;
  const loss = [
    isLossKnown
      ? `Lost or not captured: ${lossText(pair.lossToSecond)} to ${second}, ${lossText(pair.lossToFirst)} to ${first}`
      : 'Loss between them is not known',
    pair.roundTripNs === null ? '' : `smallest round trip between them ${durationText(pair.roundTripNs)}`,
  ];
  const sentences = [parts, loss].map((some) => some.filter((part) => part !== '').join('; '));
  const found = pair.found.map((text) => `· ${sanitiseText(text, 400)}`);
  return [
    ...wrapText(title, room).map((line) => style.bold(line)),
    ...[...sentences, ...found].flatMap((text) =>
      wrapText(text, room - INDENT.length).map(
        (line, at) => INDENT + (text.startsWith('·') && at > 0 ? GAP : '') + line,
      ),
    ),
    '',
  ].join('\n');
}

/** Never a full 100 % where something is missing. */
function shareText(part: number, all: number): string {
  const percent = (100 * part) / all;
  return part === all ? '100 %' : `${(Math.floor(percent * 100) / 100).toFixed(2)} %`;
}

function lossText(share: number | null): string {
  if (share === null) return 'unknown';
  if (share === 0) return 'nothing';
  return share < 0.000_1 ? '< 0.01 %' : `${(100 * share).toFixed(2)} %`;
}

function nothingSharedText(join: ReportJoin, files: readonly FileSummary[], room: number): string {
  const apart = join.places.filter(({ isJoined }) => !isJoined);
  if (apart.length === 0) return '';
  if (join.places.length === 1) {
    const [{ files: own }] = apart;
    const why =
      own.length > 1
        ? 'The files are parts of one capture by their names: there is nothing to compare.'
        : `Only ${placeName(apart[0])} could be read: there is nothing to compare it with.`;
    return `${wrapText(why, room).join('\n')}\n`;
  }
  const names = listText(apart.map(placeName));
  const isNothingJoined = apart.length === join.places.length;
  const sentence = isNothingJoined
    ? `${names} share no connection: there is nothing to compare, and each is told for itself.`
    : `${names} ${apart.length === 1 ? 'shares' : 'share'} no connection with the others, and ${apart.length === 1 ? 'is' : 'are'} told apart.`;
  const checks = [
    'Check that they were captured at the same time, and on machines that the same connections pass; that no capture filter left ' +
      'these connections out; that the snap length keeps at least the TCP header (96 bytes, more inside tunnels); that the traffic ' +
      'is not in an encrypted tunnel (IPsec, WireGuard) at one of the places; and that no proxy between them ends TLS or writes HTTP ' +
      'anew: its two connections have nothing in common, so that a capture on the proxy itself (tcpdump -i any) is needed as well.',
    ...timesText(join.places, apart, files),
  ];
  return (
    [sentence, ...checks]
      .flatMap((text, at) =>
        wrapText(text, room - (at > 0 ? 2 : 0)).map((line) => (at > 0 ? GAP : '') + line),
      )
      .join('\n') + '\n'
  );
}

/** Captures that no other one overlaps, by their clocks. */
function timesText(
  places: readonly Place[],
  apart: readonly Place[],
  files: readonly FileSummary[],
): string[] {
  const empty = apart.filter((place) => spanOf(place, files) === null);
  const spans = places.flatMap((place) => {
    const span = spanOf(place, files);
    return span === null ? [] : [{ place, ...span }];
  });
  const alone = spans.filter(
    ({ place, first, last }) =>
      apart.includes(place) &&
      !spans.some((other) => other.place !== place && other.first <= last && other.last >= first),
  );
  const times = alone.map(
    ({ place, first, last }) => `${placeName(place)} from ${secondOf(first)} to ${secondOf(last)}`,
  );
  return [
    ...empty.map((place) => `${placeName(place)} holds no packet.`),
    ...(times.length === 0
      ? []
      : [`By the clocks no other capture was made at the same time: ${listText(times)} UTC.`]),
  ];
}

function secondOf(time: string): string {
  return time.slice(0, 'YYYY-MM-DDThh:mm:ss'.length).replace('T', ' ');
}

/** Times of ISO 8601 in UTC are in the order of their texts. */
function spanOf(
  { files: own }: Place,
  files: readonly FileSummary[],
): { readonly first: string; readonly last: string } | null {
  const [first] = own.flatMap((file) => files[file].first ?? []).sort();
  const last = own
    .flatMap((file) => files[file].last ?? [])
    .sort()
    .at(-1);
  return last === undefined ? null : { first, last };
}

/** `a, b and c` */
export function listText(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`;
}
