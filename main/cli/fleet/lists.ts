/** `resetscope fleet findings`, `resets` and `coverage`. */
import { causeOf } from '../../../shared/causes/list.ts';
import { resetIdText } from '../../../shared/fleet/scope-text.ts';
import { countText, plural } from '../../../shared/format/count.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { jsonText, sanitiseText } from '../../../shared/format/text.ts';
import type {
  FleetCoverage,
  FleetFinding,
  FleetReset,
  FleetScope,
  HostCoverage,
} from '../../../shared/model/fleet.ts';
import type { FleetService } from '../../fleet/fleet-service.ts';
import { EXIT_USAGE } from '../exit-codes.ts';
import type { CliIo } from '../io.ts';
import { Output } from '../io.ts';
import { wrapText } from '../layout.ts';
import { makeStyle, type Style } from '../style.ts';
import { exitOf, type PlaceOptions, tell, withFleet } from './asked.ts';
import { type GridColumn, gridText } from './grid.ts';
import { coverageJson, findingJson, resetJson } from './json.ts';
import { scopeOf, type ScopeOptions } from './scope.ts';

export interface ListOptions extends PlaceOptions, ScopeOptions {
  readonly limit: number;
  readonly json?: boolean;
  readonly color?: boolean;
}

const READABLE_WIDTH = 100;
const NS_PER_S = 1e9;

interface Listing {
  readonly json: Readonly<Record<string, unknown>>;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly (readonly string[])[];
  /** Before the table, where there are rows. */
  readonly head: string;
  readonly nothing: string;
  readonly coverage: FleetCoverage;
}

export function findings(options: ListOptions, io: CliIo): Promise<number> {
  return list(options, io, async (fleet, scope, signal) => {
    const { findings: all, total, coverage } = await fleet.findings(scope, options.limit, signal);
    return {
      json: { findings: all.map(findingJson), total },
      columns: [
        { title: 'resets', right: true },
        { title: 'mattered', right: true },
        { title: 'hosts', right: true },
        { title: 'server' },
        { title: 'sent by' },
        { title: 'cause' },
        { title: 'sure', right: true },
        { title: 'last' },
        { title: 'sites' },
      ],
      rows: all.map(findingRow),
      head: shownOf(all.length, total, 'finding'),
      nothing: 'There are no resets in this scope.',
      coverage,
    };
  });
}

export function resets(options: ListOptions, io: CliIo): Promise<number> {
  return list(options, io, async (fleet, scope, signal) => {
    const { resets: all, total, coverage } = await fleet.resets(scope, options.limit, signal);
    return {
      json: { resets: all.map(resetJson), total },
      columns: [
        { title: 'time (UTC)' },
        { title: 'host' },
        { title: 'client' },
        { title: 'server' },
        { title: 'sent by' },
        { title: 'cause' },
        { title: 'sure', right: true },
        { title: 'mattered' },
        { title: 'number' },
        { title: 'case' },
      ],
      rows: all.map(resetRow),
      head: shownOf(all.length, total, 'reset'),
      nothing: 'There are no resets in this scope.',
      coverage,
    };
  });
}

export function coverage(options: ListOptions, io: CliIo): Promise<number> {
  return list(options, io, async (fleet, scope, signal) => {
    const all = await fleet.coverage(scope, signal);
    // The name of a shard says that it is one.
    const absent = all.missing.map(
      ({ kind, name, why }) => `${kind === 'shard' ? '' : `${kind} `}${name}: ${why}`,
    );
    return {
      json: {},
      columns: [
        { title: 'host' },
        { title: 'site' },
        { title: 'interface' },
        { title: 'from (UTC)' },
        { title: 'to (UTC)' },
        { title: 'not captured', right: true },
        { title: 'packets', right: true },
        { title: 'lost', right: true },
        { title: 'clock', right: true },
        { title: 'key' },
        { title: 'version' },
      ],
      rows: all.hosts.map(hostRow),
      head: [
        ...(all.moreHosts > 0 ? [`${plural(all.moreHosts, 'more host')} not listed`] : []),
        ...absent,
      ].join('\n'),
      nothing: 'Nothing was captured in this scope.',
      coverage: all,
    };
  });
}

function list(
  options: ListOptions,
  io: CliIo,
  ask: (fleet: FleetService, scope: FleetScope, signal: AbortSignal) => Promise<Listing>,
): Promise<number> {
  const scope = scopeOf(options, Date.now());
  if (typeof scope === 'string') {
    tell(io, scope);
    return Promise.resolve(EXIT_USAGE);
  }
  return withFleet(options, io, async (fleet, signal) => {
    const listing = await ask(fleet, scope, signal);
    const output = new Output(io.stdout);
    const style = makeStyle(io.stdoutIsTerminal, options.color !== false, io.env);
    await output.write(
      options.json === true
        ? `${jsonText({ schema: 1, ...listing.json, coverage: coverageJson(listing.coverage) }, 2)}\n`
        : listingText(listing, io, style),
    );
    await output.end();
    return exitOf(listing.coverage);
  });
}

function listingText(
  { columns, rows, head, nothing, coverage: all }: Listing,
  io: CliIo,
  style: Style,
): string {
  const width = Math.min(io.columns ?? READABLE_WIDTH, READABLE_WIDTH);
  const wrapped = (text: string): string =>
    text
      .split('\n')
      .flatMap((line) => wrapText(sanitiseText(line, Infinity), width))
      .join('\n');
  const parts = [
    rows.length === 0 ? `${nothing}\n` : gridText(columns, rows, io.columns, style),
    ...(head === '' ? [] : [`\n${wrapped(head)}\n`]),
    `\n${style.dim(wrapped(all.sentence))}\n`,
  ];
  return parts.join('');
}

function shownOf(shown: number, total: number, what: string): string {
  return shown < total ? `${plural(shown, what)} of ${countText(total)}; --limit shows more` : '';
}

function findingRow(finding: FleetFinding): string[] {
  const { server, serverName, claimed, origin, cause, count, matters, hosts, meanConfidence } = finding;
  return [
    countText(count),
    countText(matters),
    countText(hosts),
    serverName === null ? server : `${server} (${serverName})`,
    whoText(origin, claimed),
    causeOf(cause).title,
    sureText(origin, meanConfidence),
    minuteText(finding.lastMs),
    finding.sites.join(' '),
  ];
}

function resetRow(reset: FleetReset): string[] {
  const { server, serverName, claimed, origin, cause, count, confidence, matters, caseName } = reset;
  return [
    new Date(reset.timeMs).toISOString().slice(0, 23).replace('T', ' '),
    reset.host,
    reset.client,
    serverName === null ? server : `${server} (${serverName})`,
    whoText(origin, claimed),
    `${causeOf(cause).title}${count > 1 ? ` ×${countText(count)}` : ''}`,
    sureText(origin, confidence),
    matters ? 'yes' : 'no',
    resetIdText(reset),
    caseName ?? '',
  ];
}

function hostRow(host: HostCoverage): string[] {
  const apart = host.gaps.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  return [
    host.host,
    host.site,
    host.interface ?? 'files',
    minuteText(host.fromMs),
    minuteText(host.toMs),
    apart === 0 ? '' : durationText(apart * 1e6),
    countText(host.packets),
    host.lost === null ? 'not counted' : countText(host.lost),
    host.clockBoundSeconds === null ? 'unknown' : `± ${durationText(host.clockBoundSeconds * NS_PER_S)}`,
    host.keyId ?? '',
    host.engineVersions.join(' '),
  ];
}

/** In the words of reports: the host whose address it carries, or a device on the path. */
function whoText(origin: FleetReset['origin'], claimed: FleetReset['claimed']): string {
  return origin === 'endpoint' ? claimed : origin === 'middlebox' ? 'a device' : 'unknown';
}

function sureText(origin: FleetReset['origin'], confidence: number): string {
  return origin === 'unknown' ? '–' : `${Math.round(confidence * 100)} %`;
}

function minuteText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
}
