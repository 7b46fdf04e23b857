/** `resetscope fleet join`: resets held against all hosts that captured their connections. */
import { parseResetId, resetIdText } from '../../../shared/fleet/scope-text.ts';
import { plural } from '../../../shared/format/count.ts';
import { jsonText, sanitiseText } from '../../../shared/format/text.ts';
import type {
  FleetCoverage,
  FleetJoin,
  FleetJoins,
  FleetResetId,
  FleetWitness,
} from '../../../shared/model/fleet.ts';
import type { FleetService } from '../../fleet/fleet-service.ts';
import { EXIT_USAGE } from '../exit-codes.ts';
import { type CliIo, Output } from '../io.ts';
import { padText, wrapText } from '../layout.ts';
import { makeStyle, type Style } from '../style.ts';
import { exitOf, type PlaceOptions, tell, withFleet } from './asked.ts';
import { coverageJson, resetJson } from './json.ts';
import { scopeOf, type ScopeOptions } from './scope.ts';

export interface JoinOptions extends PlaceOptions, ScopeOptions {
  /** CAPTURE/SEGMENT/NUMBER */
  readonly reset?: string;
  readonly limit: number;
  readonly json?: boolean;
  readonly color?: boolean;
}

const READABLE_WIDTH = 110;
const LONGEST_NAME = 60;
const LONGEST_TEXT = 2000;
const INDENT = '  ';

const VERDICT_WORDS: Readonly<Record<FleetJoin['verdict'], string>> = {
  forged: 'made by a device',
  sent: 'sent by who it claims',
  open: 'open',
};
const SEES_WORDS: Readonly<Record<FleetWitness['sees'], string>> = {
  seen: 'has it',
  absent: 'does not have it',
  unclear: 'proves nothing',
};
/** On the line of the path. */
const SEES_SIGNS: Readonly<Record<FleetWitness['sees'], string>> = { seen: '●', absent: '○', unclear: '?' };

export function join(options: JoinOptions, io: CliIo): Promise<number> {
  const scope = scopeOf(options, Date.now());
  const id = options.reset === undefined ? undefined : resetIdOf(options.reset);
  const mistake = typeof scope === 'string' ? scope : typeof id === 'string' ? id : undefined;
  if (mistake !== undefined) {
    tell(io, mistake);
    return Promise.resolve(EXIT_USAGE);
  }
  return withFleet(options, io, async (fleet, signal) => {
    const joins =
      typeof id === 'object'
        ? await joinOne(fleet, id, signal)
        : await fleet.join(scope as Exclude<typeof scope, string>, options.limit, signal);
    const output = new Output(io.stdout);
    const style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
    const width = Math.min(io.columns ?? READABLE_WIDTH, READABLE_WIDTH);
    await output.write(
      options.json === true ? `${jsonText(joinsJson(joins), 2)}\n` : joinsText(joins, width, style),
    );
    await output.end();
    return exitOf(joins.coverage);
  });
}

/** As `fleet resets` prints it. */
function resetIdOf(text: string): FleetResetId | string {
  return (
    parseResetId(text) ??
    `--reset is the number of a reset, CAPTURE/SEGMENT/NUMBER, as “resetscope fleet resets” prints it; not “${text}”`
  );
}

async function joinOne(fleet: FleetService, id: FleetResetId, signal: AbortSignal): Promise<FleetJoins> {
  const one = await fleet.joinOne(id, signal);
  const around = 3_600_000;
  const scope = { fromMs: one.reset.timeMs - around, toMs: one.reset.timeMs + around };
  const coverage = await fleet.coverage(scope, signal);
  const counts = { forged: 0, sent: 0, open: 0, [one.verdict]: 1 };
  return { joins: [one], total: 1, counts, coverage };
}

function joinsJson({ joins, total, counts, coverage }: FleetJoins): unknown {
  return {
    schema: 1,
    joins: joins.map(({ reset, ...rest }) => ({ reset: resetJson(reset), ...rest })),
    ...{ total, counts, coverage: coverageJson(coverage) },
  };
}

function joinsText({ joins, total, counts, coverage }: FleetJoins, width: number, style: Style): string {
  if (joins.length === 0)
    return `There are no resets in this scope.\n\n${style.dim(lines(coverage.sentence, width))}\n`;
  const told = joins.map((one) => joinText(one, width, style)).join('\n');
  const parts = [
    counts.forged === 0 ? '' : `${counts.forged} made by a device, proven`,
    counts.sent === 0 ? '' : `${counts.sent} sent by who ${counts.sent === 1 ? 'it claims' : 'they claim'}`,
    counts.open === 0 ? '' : `${counts.open} open`,
  ].filter((part) => part !== '');
  const rows =
    total > joins.length
      ? ` The scope has ${plural(total, 'row')} of resets: one that several hosts captured is told once, and --limit says how many of the newest rows are looked at.`
      : '';
  const summary = `${plural(joins.length, 'reset')}: ${parts.join(', ')}.${rows}`;
  return `${told}\n${lines(summary, width)}\n\n${style.dim(lines(coverageText(coverage), width))}\n`;
}

function coverageText({ sentence }: FleetCoverage): string {
  return sanitiseText(sentence, LONGEST_TEXT);
}

function joinText(one: FleetJoin, width: number, style: Style): string {
  const { reset, witnesses, verdict, sentence, next } = one;
  const time = new Date(reset.timeMs).toISOString().slice(0, 23).replace('T', ' ');
  const ends = `${reset.client} → ${reset.server}${reset.serverName === null ? '' : ` (${reset.serverName})`}`;
  const colour = verdict === 'forged' ? style.red : verdict === 'sent' ? style.green : style.yellow;
  const head = `${time}  ${sanitiseText(ends, LONGEST_TEXT)}, a reset in the ${reset.claimed}’s name: `;
  const names = [reset.host, ...witnesses.map((witness) => nameOf(witness, one))].map((name) =>
    sanitiseText(name, LONGEST_NAME),
  );
  const longest = names.reduce((most, name) => Math.max(most, name.length), 0);
  const rows = witnesses.map(({ sees, because }, at) => {
    const text = `${padText(names[at + 1], longest)}  ${SEES_WORDS[sees]}: ${because.join('; ')}`;
    return hanging(sanitiseText(text, LONGEST_TEXT), width, longest + 4);
  });
  return [
    style.bold(head) + colour(VERDICT_WORDS[verdict]),
    `${INDENT}${pathLine(one, names)}`,
    ...lines(sentence, width - INDENT.length)
      .split('\n')
      .map((line) => INDENT + line),
    ...hanging(`Next: ${sanitiseText(next, LONGEST_TEXT)}`, width, INDENT.length + 6).split('\n'),
    ...rows.map((row) => style.dim(row)),
    style.dim(`${INDENT}number ${resetIdText(reset)}`),
    '',
  ].join('\n');
}

/** From the receiver to the claimed sender: who has it, who has not, and between whom it was made. */
function pathLine({ reset, witnesses, between }: FleetJoin, names: readonly string[]): string {
  const receiver = reset.claimed === 'server' ? 'client' : 'server';
  const signs = ['●', ...witnesses.map(({ sees }) => SEES_SIGNS[sees])];
  const stops = names.map((name, at) => `${signs[at]} ${name}`);
  const madeAfter = between === null ? -1 : Math.max(0, lastSeen(witnesses));
  const way = stops.map((stop, at) => `${stop}${at === madeAfter ? ' ──╳── ' : ' ───── '}`).join('');
  return `${receiver} ───── ${way}${reset.claimed}`;
}

/** Place on the line of the last host that holds it. */
function lastSeen(witnesses: readonly FleetWitness[]): number {
  return (
    witnesses.findLastIndex(({ sees, isNearerSender }) => sees === 'seen' && isNearerSender === true) + 1
  );
}

/** With its interface where it is of a host that is told of more than once. */
function nameOf({ host, interface: own }: FleetWitness, { reset, witnesses }: FleetJoin): string {
  const isAlone = host !== reset.host && witnesses.filter((one) => one.host === host).length === 1;
  return isAlone || own === null ? host : `${host} (${own})`;
}

function lines(text: string, width: number): string {
  return wrapText(sanitiseText(text, LONGEST_TEXT), width).join('\n');
}

function hanging(text: string, width: number, indent: number): string {
  const [first = '', ...rest] = wrapText(text, width - indent);
  return [INDENT + first, ...rest.map((line) => ' '.repeat(indent) + line)].join('\n');
}
