/** Prints how well captures are joined. */
import type { AbsentAt } from '../../shared/model/join.ts';
import type { EventScore, JoinedScore } from './joined.ts';
import type { UnrelatedScore } from './unrelated.ts';
import { isAccused, isMissed, isRightEvent, isWronglyProven, joinedFigures } from './joined-figures.ts';

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(part === whole ? 0 : 2)} %`;

const COLUMNS = [
  'analyses',
  'packets that two places hold',
  'matched',
  'matched with another',
  'connections',
  'joined',
  'falsely',
  'across proxies',
  'clocks',
  'in their interval',
  'order right',
  'wrong',
] as const;

const RESET_COLUMNS = [
  'resets',
  'origin right',
  'false accusations',
  'missed',
  'not listed',
  'proven',
  'wrongly',
  'doubled',
  'places seen right',
  'places absent right',
  'made between places',
  'span right',
  'wrong',
] as const;

const head = (columns: readonly string[]): string =>
  `| | ${columns.join(' | ')} |\n|---|${'---:|'.repeat(columns.length)}`;

function packetRow(title: string, scores: readonly JoinedScore[]): string {
  const f = joinedFigures(scores);
  const cells = [
    ...[f.analyses, f.matchable, percent(f.matched, f.matchable), f.wronglyMatched],
    ...[f.joinable, percent(f.joined, f.joinable), f.falselyJoined, `${f.proxiedJoined} of ${f.proxied}`],
    ...[f.clocks, percent(f.clocksInside, f.clocks), percent(f.ordersRight, f.analyses), f.ordersWrong],
  ];
  return `| ${title} | ${cells.join(' | ')} |`;
}

function resetRow(title: string, scores: readonly JoinedScore[]): string {
  const f = joinedFigures(scores);
  const cells = [
    ...[f.events, percent(f.right, f.events), f.falseAccusations, f.missed, f.notListed],
    ...[percent(f.proven, f.events), f.wronglyProven, f.doubled],
    ...[percent(f.seenRight, f.events), percent(f.absentRight, f.events)],
    ...[f.between, percent(f.bornRight, f.between), f.bornWrong],
  ];
  return `| ${title} | ${cells.join(' | ')} |`;
}

/** @param errors how many of each kind of mistake are listed */
export function reportJoined(scores: readonly JoinedScore[], errors: number): void {
  const groups = groupsOf(scores);
  console.log(`\nCaptures analysed together\n\n${head(COLUMNS)}`);
  for (const [title, group] of groups) console.log(packetRow(title, group));
  console.log(`\nResets of captures analysed together\n\n${head(RESET_COLUMNS)}`);
  for (const [title, group] of groups) console.log(resetRow(title, group));
  list(
    'Packets and connections',
    scores.flatMap(({ where, packets }) => packets.mistakes.map((m) => `${where} ${m}`)),
    errors,
  );
  list(
    'Clocks and order',
    scores.flatMap(({ where, clocks }) => clocks.mistakes.map((m) => `${where} ${m}`)),
    errors,
  );
  const events = scores.flatMap((score) => score.events);
  const kinds: [string, (event: EventScore) => boolean][] = [
    ['Proven and wrong', isWronglyProven],
    ['False accusations', isAccused],
    ['Missed', isMissed],
    ['Not decided or not listed', (e) => !isRightEvent(e) && !isAccused(e) && !isMissed(e)],
    ['Doubled', ({ doubled }) => doubled > 0],
    ['Span of birth wrong', ({ born }) => born === 'wrong'],
    ['Span of birth not told', ({ born }) => born === 'none'],
    ['Places seen wrong', ({ isSeenRight, said }) => said !== null && !isSeenRight],
    ['Places absent wrong', ({ isAbsentRight, said }) => said !== null && !isAbsentRight],
  ];
  for (const [title, fits] of kinds) list(title, events.filter(fits).map(describe), errors);
}

export function reportUnrelated({ pairs, falselyJoined, mistakes }: UnrelatedScore, errors: number): void {
  console.log(
    `\nUnrelated captures, the same addresses: ${pairs} pairs, ${falselyJoined} connections joined`,
  );
  list('Strangers', mistakes, errors);
}

function groupsOf(scores: readonly JoinedScore[]): [string, JoinedScore[]][] {
  const plain = scores.filter(
    ({ derivation, scenario }) => derivation === undefined && scenario !== 'merged',
  );
  const by = (title: string, all: readonly JoinedScore[], key: (score: JoinedScore) => string) =>
    [...new Set(all.map(key))]
      .sort()
      .map((name): [string, JoinedScore[]] => [
        `${title}${name}`,
        all.filter((score) => key(score) === name),
      ]);
  const worsened = scores.filter(({ derivation }) => derivation !== undefined);
  return [
    ['each scenario alone', plain],
    ...by('… ', plain, ({ places }) => places.join(' + ')),
    ...by('… on ', plain, ({ topology }) => topology),
    ...by('worse: ', worsened, ({ derivation = '' }) => derivation),
    [
      'all scenarios of a topology',
      scores.filter(({ scenario, derivation }) => scenario === 'merged' && derivation === undefined),
    ],
  ];
}

function describe({ where, actual, said, proven, journey }: EventScore): string {
  const seen = journey?.seenAt.map(({ file, frame }) => `${file}:${frame}`).join(' ') ?? 'nowhere';
  const born = journey?.born?.between.join('–') ?? '–';
  return (
    `${where} ${actual.place}:${actual.frame} said ${said?.kind ?? 'nothing'} ${said?.confidence.toFixed(2) ?? ''}` +
    `${proven ? ' proven' : ''} (seen ${seen}, absent ${journey?.absentAt.map(absenceText).join(', ') ?? ''}, born ${born}); true: ${actual.emitter} ` +
    `at ${actual.position}, claims ${actual.claimed}, ${actual.cause}${actual.kernelReason === null ? '' : `, ${actual.kernelReason}`}`
  );
}

function absenceText({ vantage, lies, doubt }: AbsentAt): string {
  return `${vantage} ${lies}${doubt === null ? '' : ` (${doubt})`}`;
}

function list(title: string, lines: readonly string[], limit: number): void {
  if (lines.length === 0) return;
  console.log(`\n${title}: ${lines.length}\n`);
  for (const line of lines.slice(0, limit)) console.log(`- ${line}`);
  if (lines.length > limit) console.log(`- … and ${lines.length - limit} more (--errors N)`);
}
