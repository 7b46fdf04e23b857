/**
 * Captures made by code, through the command line, against recorded output. Changed on purpose?
 * `npm run golden -- --update` writes test/golden/expected anew; the truths of the scenarios hold regardless.
 */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AnalysisJson } from '../../main/cli/schema.ts';
import { ANALYSIS_SCHEMA } from '../../main/cli/schema.ts';
import { runCli } from '../support/run-cli.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';

const expectedDir = new URL('expected/', import.meta.url).pathname;
const update = process.env.RESETSCOPE_UPDATE_GOLDEN === '1';

/** Where the captures stay, for people who want to look at one; else they go with the test. */
const keptIn = process.env.RESETSCOPE_KEEP_GOLDEN ?? '';

let dir = '';
beforeAll(() => {
  if (keptIn === '') dir = mkdtempSync(join(tmpdir(), 'resetscope-golden-'));
  else mkdirSync((dir = keptIn), { recursive: true });
});
afterAll(() => {
  if (keptIn === '') rmSync(dir, { recursive: true });
});

async function analyse(scenario: Scenario): Promise<AnalysisJson> {
  const path = join(dir, `${scenario.name}.${scenario.extension ?? 'pcap'}`);
  writeFileSync(path, scenario.capture());
  const run = await runCli(['analyze', path, '--json']);
  expect(run.stderr).toBe('');
  const analysis = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
  const lossy = analysis.files.some((file) => file.warnings.some((warning) => warning.lossy));
  expect(run.exitCode).toBe(lossy ? 2 : 0);
  return analysis;
}

/** What is recorded: verdicts and their grounds, not their wording. */
function stable(analysis: AnalysisJson): unknown {
  return {
    files: analysis.files.map(({ format, linkTypes, packets, first, last, warnings }) => ({
      format,
      linkTypes,
      packets,
      first,
      last,
      warnings: warnings.map(({ code, offset, packet, lossy }) => ({ code, offset, packet, lossy })),
    })),
    flows: analysis.flows,
    resets: analysis.resets.map((whole) => {
      const { next, summary, limitations, evidence, origin, cause, witness, owners, ...reset } = whole;
      expect(next, 'every verdict has a next step').not.toBe('');
      expect(summary).not.toBe('');
      return {
        ...reset,
        origin: { ...origin, confidence: hundredths(origin.confidence) },
        cause: { ...cause, confidence: hundredths(cause.confidence) },
        evidence: evidence.map(
          ({ code, favours, weight, frames }) =>
            `${favours} ${hundredths(weight)} ${code} (${frames.join(', ')})`,
        ),
        limitations: limitations.length,
        // Only few captures have them.
        ...(witness === null ? {} : { witness }),
        ...(owners.client === null && owners.server === null ? {} : { owners }),
      };
    }),
  };
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}

describe.each(SCENARIOS)('$name: $about', (scenario) => {
  it('says nothing untrue', async () => {
    const { resets } = await analyse(scenario);
    expect(resets.map((reset) => reset.frame)).toEqual(scenario.truth.map((truth) => truth.frame));
    for (const [i, truth] of scenario.truth.entries()) {
      const { origin, cause, matters } = resets[i];
      expect(truth.origins, `frame ${truth.frame}: ${origin.label}`).toContain(origin.kind);
      if (truth.causes) expect(truth.causes, `cause of frame ${truth.frame}`).toContain(cause.code);
      if (truth.matters !== undefined) expect(matters, `frame ${truth.frame}`).toBe(truth.matters);
    }
  });

  it('is as recorded', async () => {
    const path = join(expectedDir, `${scenario.name}.json`);
    const text = `${JSON.stringify(stable(await analyse(scenario)), undefined, 2)}\n`;
    if (update) writeFileSync(path, text);
    expect(existsSync(path), `${path} is missing: npm run golden -- --update`).toBe(true);
    expect(text).toBe(readFileSync(path, 'utf8'));
  });
});

it('has a scenario for every recorded output', () => {
  const names = readdirSync(expectedDir).map((name) => name.replace(/\.json$/u, ''));
  expect(names.sort()).toEqual(SCENARIOS.map((scenario) => scenario.name).sort());
});
