/** Every reset of a lab's captures with what is true of it and what the analysis says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { ANALYSIS_SCHEMA, type AnalysisJson, type ResetJson } from '../../main/cli/schema.ts';
import { analysisJson } from '../support/analysis-json.ts';
import type { CaptureTruth, ProxiedPorts, ResetTruth } from './output.ts';
import type { Place } from './places.ts';
import type { TopologyPlan } from './plan.ts';
import type { ConnectionsOfSet } from './outcomes.ts';
import { compareFailures, type ConnectionScore, failuresSchema, type Group } from './failures.ts';
import type { Pair } from './score.ts';

/** What `truth.json` of one set holds. */
export interface TruthFile extends ConnectionsOfSet {
  readonly scenario: string;
  readonly about: string;
  readonly topology: TopologyPlan;
  readonly captures: Readonly<Record<string, CaptureTruth>>;
  readonly resets: readonly ResetTruth[];
  readonly proxied?: readonly ProxiedPorts[];
}

/** One reset, with where to look for it. */
export interface Case extends Pair {
  readonly where: string;
  readonly place: Place;
  /** 'merged' for the captures of a whole topology. */
  readonly scenario: string;
  readonly topology: string;
  /** How the capture was made worse (`derived.ts`); undefined for those that were not. */
  readonly derivation: string | undefined;
  readonly truth: ResetTruth;
  readonly found: ResetJson | undefined;
}

export interface LabCases {
  /** One scenario a capture. */
  readonly alone: readonly Case[];
  /** All scenarios of a topology in one capture. */
  readonly merged: readonly Case[];
  /** Connections, of captures as of `alone` and `merged` together; those that were made worse hold healthy ones only. */
  readonly connections: readonly ConnectionScore[];
}

const MERGED = 'merged';
/** The folder of sets of which one capture is worse than the others: they are judged together alone. */
export const JOINED = 'joined';

export const isWorsened = (c: Case): boolean => c.derivation !== undefined;

/** `truth.json` of a set, also where it is compressed; null where there is none. */
export function readTruth(folder: string): TruthFile | null {
  const plain = join(folder, 'truth.json');
  if (existsSync(plain)) return JSON.parse(readFileSync(plain, 'utf8')) as TruthFile;
  const compressed = `${plain}.gz`;
  if (!existsSync(compressed)) return null;
  return JSON.parse(gunzipSync(readFileSync(compressed)).toString('utf8')) as TruthFile;
}

/** @param only reads those sets only whose name holds this */
export async function readLab(folder: string, only?: string): Promise<LabCases> {
  const alone: Case[] = [];
  const merged: Case[] = [];
  const connections: ConnectionScore[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (name.startsWith('.') || name === JOINED || (only !== undefined && !name.includes(only))) continue;
    if (name === MERGED)
      for (const topology of readdirSync(join(folder, name)).sort())
        merged.push(...(await casesOf(join(folder, name), topology, connections)));
    else alone.push(...(await casesOf(folder, name, connections)));
  }
  return { alone, merged, connections };
}

function groupOf(scenario: string, derivation: string | undefined): Group {
  if (derivation !== undefined) return 'worsened';
  return scenario === MERGED ? 'merged' : 'alone';
}

async function casesOf(folder: string, name: string, connections: ConnectionScore[]): Promise<Case[]> {
  const truth = readTruth(join(folder, name));
  if (truth === null) return [];
  const [topology, , derivation] = name.split('--');
  const scenario = derivation === undefined ? truth.scenario : `${truth.scenario} (${derivation})`;
  const cases: Case[] = [];
  for (const [place, { file, packets }] of Object.entries(truth.captures)) {
    const { analysis, failures } = await analysisOf(join(folder, name, file));
    if (truth.healthy !== undefined)
      connections.push(
        compareFailures(`${name}/${file}`, place, groupOf(scenario, derivation), truth, failures.failures),
      );
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
                causeConfidence: found.cause.confidence,
                matters: found.matters,
              },
        actual: reset,
        where: `${name}/${file}:${reset.frame}`,
        place: reset.place,
        scenario,
        topology,
        derivation,
        truth: reset,
        found,
      });
    }
  }
  return cases;
}

async function analysisOf(
  file: string,
): Promise<{ analysis: AnalysisJson; failures: v.InferOutput<typeof failuresSchema> }> {
  const json = await analysisJson(file);
  return { analysis: v.parse(ANALYSIS_SCHEMA, json), failures: v.parse(failuresSchema, json) };
}
