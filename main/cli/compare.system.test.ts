/** The built command line on what three places of the lab captured of the same connections. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisJson, ComparisonJson } from './schema.ts';
import { ANALYSIS_SCHEMA, COMPARISON_SCHEMA } from './schema.ts';

const root = new URL('../..', import.meta.url);
const lab = new URL('test/fixtures/lab/merged/', root).pathname;
const PLACES = ['client', 'middle', 'server'] as const;

interface Truth {
  readonly resets: readonly {
    readonly place: (typeof PLACES)[number];
    readonly frame: number;
    readonly origin: string;
  }[];
}

beforeAll(async () => {
  const build = (await import(new URL('scripts/build.mjs', root).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
});

function run(...argv: string[]): { readonly status: number | null; readonly stdout: string } {
  const program = new URL('dist/cli/index.js', root).pathname;
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...argv], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  expect(stderr).toBe('');
  return { status, stdout };
}

/** Resets of a report as `file:frame`, those of a burst each by itself. */
function framesOf(resets: AnalysisJson['resets']): string[] {
  return resets
    .flatMap(({ file, frame, frames }) => (frames ?? [frame]).map((one) => `${file}:${one}`))
    .sort();
}

describe.each(readdirSync(lab))('%s', (topology) => {
  const files = PLACES.map((place) => join(lab, topology, `${place}.pcapng.gz`));
  const truth = JSON.parse(
    gunzipSync(readFileSync(join(lab, topology, 'truth.json.gz'))).toString(),
  ) as Truth;
  let compared: ComparisonJson;
  beforeAll(() => {
    expect(files.every(existsSync)).toBe(true);
    const { status, stdout } = run('compare', ...files, '--json');
    expect([0, 2]).toContain(status);
    compared = v.parse(COMPARISON_SCHEMA, JSON.parse(stdout));
  });

  it('joins the three places', () => {
    // Files are told in the order of their first packets.
    expect(compared.files.map(({ path }) => path).sort()).toEqual([...files].sort());
    expect(compared.places.map(({ file, joined }) => [file, joined]).sort()).toEqual([
      [0, true],
      [1, true],
      [2, true],
    ]);
    expect(compared.pairs.map((pair) => pair.files)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    for (const { flows, connections, matched, onlyFirst, onlySecond } of compared.pairs) {
      expect(flows).toHaveLength(connections);
      const sum = (of: (one: (typeof flows)[number]) => number): number =>
        flows.reduce((all, one) => all + of(one), 0);
      expect([sum((one) => one.matched), sum((one) => one.onlyFirst), sum((one) => one.onlySecond)]).toEqual([
        matched,
        onlyFirst,
        onlySecond,
      ]);
    }
  });

  it('tells every captured reset, and each once', () => {
    const apart = v.parse(
      ANALYSIS_SCHEMA,
      JSON.parse(run('analyze', ...files, '--json', '--no-join').stdout),
    );
    const seen = compared.resets
      .flatMap(({ seenAt }) =>
        seenAt.flatMap(({ file, frame, copies }) => [frame, ...copies].map((one) => `${file}:${one}`)),
      )
      .sort();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(framesOf(apart.resets));
    for (const { file, frame, seenAt } of compared.resets)
      expect(seenAt.map((one) => `${one.file}:${one.frame}`)).toContain(`${file}:${frame}`);
  });

  it('says nothing of a place twice', () => {
    for (const { seenAt, absentAt } of compared.resets) {
      const places = [...seenAt.map(({ place }) => place), ...absentAt.map(({ file }) => file)];
      expect(new Set(places).size).toBe(places.length);
    }
  });

  it('calls proven only what is true', () => {
    const origins = new Map(
      truth.resets.map(({ place, frame, origin }) => {
        const path = files[PLACES.indexOf(place)];
        return [`${compared.files.findIndex((one) => one.path === path)}:${frame}`, origin];
      }),
    );
    const proven = compared.resets.filter((reset) => reset.proven);
    const wrong = proven.filter(({ file, frame, origin }) => {
      const known = origins.get(`${file}:${frame}`);
      return known !== undefined && known !== origin.kind;
    });
    expect(wrong.map(({ file, frame, origin }) => ({ file, frame, label: origin.label }))).toEqual([]);
  });

  it('is what analyze says of the same files', () => {
    const { pairs, places, resets } = v.parse(
      ANALYSIS_SCHEMA,
      JSON.parse(run('analyze', ...files, '--json').stdout),
    );
    expect(resets).toEqual(compared.resets);
    expect(places).toEqual(compared.places);
    expect(pairs).toEqual(
      compared.pairs.map(({ flows, ...pair }) => (expect(flows.length).toBeGreaterThan(0), pair)),
    );
  });
});
