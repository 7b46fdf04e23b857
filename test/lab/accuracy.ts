/** Judges the judge: runs the command line's analysis over the lab's captures and compares with their truth. */
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { analyze } from '../../main/cli/analyze.ts';
import { ANALYSIS_SCHEMA, type AnalysisJson } from '../../main/cli/schema.ts';
import type { Place, ResetTruth } from './output.ts';
import { type Pair, type Score, score } from './score.ts';

interface TruthFile {
  readonly scenario: string;
  readonly captures: Readonly<Record<string, { file: string; packets: number }>>;
  readonly resets: readonly ResetTruth[];
}

/** One reset, with where to look for it. */
interface Case extends Pair {
  readonly where: string;
  readonly place: Place;
  readonly scenario: string;
  readonly truth: ResetTruth;
}

const SHOWN_ERRORS = 40;

export async function main(argv: readonly string[], root: string): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { only: { type: 'string' }, errors: { type: 'string', default: String(SHOWN_ERRORS) } },
  });
  const folder = resolve(positionals[0] ?? join(root, '.cache/lab'));
  if (!existsSync(folder)) {
    console.error(`no lab captures in ${folder}: make them with npm run lab`);
    return 1;
  }
  const alone: Case[] = [];
  const merged: Case[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('.') || (values.only !== undefined && !name.includes(values.only))) continue;
    if (name === 'merged')
      for (const topology of readdirSync(join(folder, name)).sort())
        merged.push(...(await casesOf(join(folder, name), topology)));
    else alone.push(...(await casesOf(folder, name)));
  }
  report(alone, merged, Number(values.errors));
  const summary = { alone: score(alone), merged: score(merged) };
  writeFileSync(join(folder, 'accuracy.json'), `${JSON.stringify(summary, null, 1)}\n`);
  return 0;
}

async function casesOf(folder: string, name: string): Promise<Case[]> {
  const truthFile = join(folder, name, 'truth.json');
  if (!existsSync(truthFile)) return [];
  const truth = JSON.parse(readFileSync(truthFile, 'utf8')) as TruthFile;
  const cases: Case[] = [];
  for (const [place, { file, packets }] of Object.entries(truth.captures)) {
    const analysis = await analysisOf(join(folder, name, file));
    if (analysis.files[0]?.packets !== packets)
      throw new Error(`${name}/${file}: ${packets} packets were written, ${analysis.files[0]?.packets} read`);
    const byFrame = new Map(analysis.resets.map((reset) => [reset.frame, reset]));
    for (const reset of truth.resets) {
      if (reset.place !== place) continue;
      const found = byFrame.get(reset.frame);
      cases.push({
        said:
          found === undefined
            ? null
            : {
                kind: found.origin.kind,
                confidence: found.origin.confidence,
                cause: found.cause.code,
                causeAlternatives: found.cause.alternatives,
              },
        actual: reset,
        where: `${name}/${file}:${reset.frame}`,
        place: reset.place,
        scenario: `${truth.scenario}${name.split('--')[2] === undefined ? '' : ` (${name.split('--')[2]})`}`,
        truth: reset,
      });
    }
  }
  return cases;
}

/** What `resetscope analyze FILE --json` prints, without a process for each of thousands of files. */
async function analysisOf(file: string): Promise<AnalysisJson> {
  let text = '';
  let said = '';
  const into = (take: (chunk: string) => void): Writable =>
    new Writable({
      write(chunk, _encoding, done) {
        take(String(chunk));
        done();
      },
    });
  await analyze(
    [file],
    { json: true, all: true },
    {
      stdout: into((chunk) => (text += chunk)),
      stderr: into((chunk) => (said += chunk)),
      columns: undefined,
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      env: {},
      readWorker: undefined,
      onInterrupt: () => () => undefined,
    },
  );
  try {
    return v.parse(ANALYSIS_SCHEMA, JSON.parse(text));
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message} ${said}`, { cause: error });
  }
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

const HEAD =
  '| | resets | of middleboxes | right | decided | right when decided | false accusations | missed | not listed | cause right | Brier | ECE |\n' +
  '|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|';

function row(title: string, pairs: readonly Pair[]): string {
  const s: Score = score(pairs);
  return (
    `| ${title} | ${s.resets} | ${s.middlebox} | ${percent(s.right, s.resets)} | ${percent(s.decided, s.resets)} | ` +
    `${percent(s.right, s.decided)} | ${s.falseAccusations} | ${s.missed} | ${s.notListed} | ` +
    `${percent(s.causeRight, s.resets - s.notListed)} | ${s.brier.toFixed(4)} | ${s.calibrationError.toFixed(4)} |`
  );
}

function report(alone: readonly Case[], merged: readonly Case[], errors: number): void {
  const plain = alone.filter((c) => !c.scenario.includes('('));
  const derived = alone.filter((c) => c.scenario.includes('('));
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
  for (const [title, cases] of [
    ['each capture alone', plain],
    ['merged', merged],
  ] as const) {
    console.log(
      `\nReliability, ${title}\n\n| confidence | verdicts | mean confidence | right |\n|---|---:|---:|---:|`,
    );
    for (const bin of score(cases).bins)
      if (bin.count > 0)
        console.log(
          `| ${bin.from.toFixed(1)}–${bin.to.toFixed(1)} | ${bin.count} | ${bin.confidence.toFixed(3)} | ${bin.right.toFixed(3)} |`,
        );
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
}

function listErrors(title: string, cases: readonly Case[], limit: number, of: (c: Case) => boolean): void {
  const wrong = cases.filter(
    (c) => of(c) && c.said !== null && c.said.kind !== 'unknown' && c.said.kind !== c.actual.origin,
  );
  console.log(`\n${title}: ${wrong.length}\n`);
  for (const c of wrong.slice(0, limit))
    console.log(
      `- ${c.where} said ${c.said?.kind} ${c.said?.confidence.toFixed(2)}, ${c.said?.cause}; ` +
        `true: ${c.truth.emitter} (claims ${c.truth.claimed}), ${c.truth.cause}, ${c.truth.kernelReason ?? 'no kernel reason'}`,
    );
  if (wrong.length > limit) console.log(`- … and ${wrong.length - limit} more (--errors N)`);
}

/** Which causes are taken for which, most frequent first. */
function listCauses(cases: readonly Case[], limit: number): void {
  const confused = new Map<string, number>();
  for (const { said, actual } of cases) {
    if (said === null || [actual.cause, ...actual.causeAlternatives].includes(said.cause)) continue;
    const key = `${actual.cause} → ${said.cause}`;
    confused.set(key, (confused.get(key) ?? 0) + 1);
  }
  console.log('\nCauses taken for others\n');
  for (const [key, count] of [...confused].sort((a, b) => b[1] - a[1]).slice(0, limit))
    console.log(`- ${count} × ${key}`);
}
