/** Judges the judge: runs the command line's analysis over the lab's captures and compares with their truth. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { FAILURE_KINDS } from '../../shared/model/failure.ts';
import { type Case, isWorsened, readLab } from './cases.ts';
import { type ConnectionScore, countFailures, type FailureCount, type Group, isRight } from './failures.ts';
import { isHeldOut } from './plan.ts';
import { figuresOf, readFloors, shortfalls } from './floors.ts';
import { readJoinedLab } from './joined.ts';
import { joinedShortfalls, readJoinedFloors } from './joined-figures.ts';
import { reportJoined, reportUnrelated } from './joined-report.ts';
import { judgeUnrelated } from './unrelated.ts';
import { type Bin, type Pair, type Score, score } from './score.ts';

const SHOWN_ERRORS = 40;

export async function main(argv: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      errors: { type: 'string', default: String(SHOWN_ERRORS) },
      // Fails where the score falls short of these floors (see floors.json).
      floors: { type: 'string' },
      // Only how well captures of several places are joined.
      join: { type: 'boolean', default: false },
      // … and a lab of another run, whose captures are not to be joined with these.
      against: { type: 'string' },
    },
  });
  const folder = resolve(positionals[0] ?? join(root, '.cache/lab'));
  if (!existsSync(folder)) {
    console.error(`no lab captures in ${folder}: make them with npm run lab`);
    return 1;
  }
  if (values.join) {
    const errors = Number(values.errors);
    reportJoined(await readJoinedLab(folder, values.only), errors);
    const other = values.against === undefined ? undefined : resolve(values.against);
    reportUnrelated(await judgeUnrelated(folder, values.only, other), errors);
    return 0;
  }
  const lab = await readLab(folder, values.only);
  const { alone, merged } = lab;
  report(alone, merged, Number(values.errors));
  reportFailures(lab.connections, Number(values.errors));
  if (values.floors === undefined) return 0;
  const together = await readJoinedLab(folder, values.only);
  reportJoined(together, Number(values.errors));
  const below = [
    ...shortfalls(figuresOf(lab), readFloors(root, values.floors)),
    ...joinedShortfalls(together, readJoinedFloors(root, values.floors)),
  ];
  for (const line of below) console.error(`FAILED ${line}`);
  if (below.length === 0) console.log(`\nall floors of '${values.floors}' are held`);
  return below.length === 0 ? 0 : 1;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

const HEAD =
  '| | resets | of middleboxes | right | decided | right when decided | false accusations | missed | not listed | cause right | … by an alternative | … of those that end a connection | mattered right | … overlooked | … overstated | Brier | ECE | ECE of causes |\n' +
  '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|';

function row(title: string, pairs: readonly Pair[]): string {
  const s: Score = score(pairs);
  return (
    `| ${title} | ${s.resets} | ${s.middlebox} | ${percent(s.right, s.resets)} | ${percent(s.decided, s.resets)} | ` +
    `${percent(s.right, s.decided)} | ${s.falseAccusations} | ${s.missed} | ${s.notListed} | ` +
    `${percent(s.causeRight, s.resets - s.notListed)} | ${percent(s.causeRight - s.causeExact, s.resets - s.notListed)} | ` +
    `${percent(s.endingCauseRight, s.ending)} | ${percent(s.mattersRight, s.mattersKnown)} | ` +
    `${s.mattersOverlooked} | ${s.mattersOverstated} | ` +
    `${s.brier.toFixed(4)} | ${s.calibrationError.toFixed(4)} | ${s.causeCalibrationError.toFixed(4)} |`
  );
}

function report(alone: readonly Case[], merged: readonly Case[], errors: number): void {
  const plain = alone.filter((c) => !isWorsened(c));
  const derived = alone.filter(isWorsened);
  console.log(HEAD);
  console.log(row('each capture alone', plain));
  for (const place of ['client', 'middle', 'server'] as const)
    console.log(
      row(
        `… at the ${place}`,
        plain.filter((c) => c.place === place),
      ),
    );
  console.log(row('… worse captures of the same', derived));
  console.log(row('all of one place merged', merged));
  for (const place of ['client', 'middle', 'server'] as const)
    console.log(
      row(
        `… at the ${place}`,
        merged.filter((c) => c.place === place),
      ),
    );
  console.log(
    row(
      '… of topologies that nothing was fitted to',
      merged.filter((c) => isHeldOut(c.topology)),
    ),
  );
  for (const [title, cases] of [
    ['each capture alone', plain],
    ['merged', merged],
  ] as const) {
    const { bins, causeBins } = score(cases);
    reliability(`Reliability, ${title}`, bins);
    reliability(`Reliability of causes, ${title}`, causeBins);
  }
  console.log(`\nPer scenario, each capture alone\n\n${HEAD}`);
  const scenarios = [...new Set(plain.map((c) => c.scenario))].sort();
  for (const scenario of scenarios)
    console.log(
      row(
        scenario,
        plain.filter((c) => c.scenario === scenario),
      ),
    );
  listErrors('False accusations', [...alone, ...merged], errors, (c) => c.actual.origin === 'endpoint');
  listErrors('Missed middleboxes', [...alone, ...merged], errors, (c) => c.actual.origin === 'middlebox');
  listCauses([...plain, ...merged], errors);
  listMatters([...plain, ...merged], errors);
}

function reliability(title: string, bins: readonly Bin[]): void {
  console.log(`\n${title}\n\n| confidence | verdicts | mean confidence | right |\n|---|---:|---:|---:|`);
  for (const bin of bins)
    if (bin.count > 0)
      console.log(
        `| ${bin.from.toFixed(1)}–${bin.to.toFixed(1)} | ${bin.count} | ${bin.confidence.toFixed(3)} | ${bin.right.toFixed(3)} |`,
      );
}

const GROUP_TITLES = {
  alone: 'each capture alone',
  worsened: 'worse captures of the same',
  merged: 'all of one place merged',
} as const satisfies Record<Group, string>;

/** Connections that failed without a reset, and healthy ones that were reported. */
function reportFailures(connections: readonly ConnectionScore[], errors: number): void {
  console.log(
    '\nConnections that failed without a reset\n\n' +
      '| | failed | found | taken for another kind | … mattered right | … recovery right | healthy | reported |\n' +
      '|---|---:|---:|---:|---:|---:|---:|---:|',
  );
  for (const [group, title] of Object.entries(GROUP_TITLES)) {
    const of = connections.filter((one) => one.group === group);
    console.log(failureRow(title, countFailures(of)));
  }
  const plain = connections.filter(({ group }) => group !== 'worsened');
  for (const kind of FAILURE_KINDS) console.log(failureRow(`… ${kind}`, countFailures(plain, kind)));
  const missed = plain.flatMap(({ where, expected, found }) =>
    expected.flatMap((failure, i) =>
      isRight(failure, found[i])
        ? []
        : [`${where} ${failure.client} > ${failure.server}: ${failure.kind}, said ${found[i] ?? 'nothing'}`],
    ),
  );
  list('Failures not found', missed, errors);
  const alarms = connections.flatMap(({ where, alarms: all }) => all.map((alarm) => `${where} ${alarm}`));
  list('Healthy connections reported', alarms, errors);
}

function failureRow(title: string, count: FailureCount): string {
  const { failed, found, mistaken, rightMatters, rightRecovery, healthy, alarms } = count;
  return (
    `| ${title} | ${failed} | ${percent(found, failed)} | ${mistaken} | ${percent(rightMatters, found)} | ` +
    `${percent(rightRecovery, found)} | ${healthy} | ${alarms} (${percent(alarms, healthy)}) |`
  );
}

function list(title: string, lines: readonly string[], limit: number): void {
  console.log(`\n${title}: ${lines.length}\n`);
  for (const line of lines.slice(0, limit)) console.log(`- ${line}`);
  if (lines.length > limit) console.log(`- … and ${lines.length - limit} more (--errors N)`);
}

/** Resets whose weight for the user is told wrong, by true cause. */
function listMatters(cases: readonly Case[], limit: number): void {
  const wrong = cases.flatMap(({ said, actual, scenario }) =>
    said === null || typeof actual.matters !== 'boolean' || said.matters === actual.matters
      ? []
      : [
          `${actual.matters ? 'overlooked' : 'overstated'}: ${actual.cause}, said ${said.cause} (${scenario})`,
        ],
  );
  listCounts('Mattered, told wrong', wrong, limit);
}

function listErrors(title: string, cases: readonly Case[], limit: number, of: (c: Case) => boolean): void {
  const wrong = cases.filter(
    (c) => of(c) && c.said !== null && c.said.kind !== 'unknown' && c.said.kind !== c.actual.origin,
  );
  const lines = wrong.map(
    (c) =>
      `${c.where} said ${c.said?.kind} ${c.said?.confidence.toFixed(2)}, ${c.said?.cause}; ` +
      `true: ${c.truth.emitter} (claims ${c.truth.claimed}), ${c.truth.cause}, ${c.truth.kernelReason ?? 'no kernel reason'}`,
  );
  list(title, lines, limit);
}

/** Which causes are taken for which. */
function listCauses(cases: readonly Case[], limit: number): void {
  const confused = cases.flatMap(({ said, actual }) =>
    said === null || [actual.cause, ...actual.causeAlternatives].includes(said.cause)
      ? []
      : [`${actual.cause} → ${said.cause}`],
  );
  listCounts('Causes taken for others', confused, limit);
}

/** Each once, with how often it occurs; most frequent first. */
function listCounts(title: string, lines: readonly string[], limit: number): void {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  console.log(`\n${title}\n`);
  for (const [line, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, limit))
    console.log(`- ${count} × ${line}`);
}
