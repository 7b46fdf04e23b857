/**
 * Fits the weights of evidence to labs, and says what that is worth on what was held out.
 *
 * Counted: log10 P(seen | device) / P(seen | host) with Laplace smoothing. Pieces of evidence depend on each other, so
 * that these ratios, added up, claim too much; they are shown, not used. Fitted: the weights that make the truth
 * likeliest under the engine's own rule of combination (caps and all), held to the stated weights by a normal prior,
 * since a lab is one kernel and a few device programs. Topologies that are held out (plan.ts) play no part. Every scenario counts once per topology and place, however many
 * resets it makes.
 */
import { resolve } from 'node:path';
import { combine, type Combined } from '../../main/engine/reset/evidence/combine.ts';
import { PRIOR } from '../../main/engine/reset/evidence/bounds.ts';
import type { Weight } from '../../main/engine/reset/evidence/entry.ts';
import { type EvidenceCode, WEIGHTS } from '../../main/engine/reset/evidence/table.ts';
import { type Case, isWorsened, readLab } from './cases.ts';
import { isHeldOut } from './plan.ts';
import { type Pair, type Score, score } from './score.ts';

type Weights = Readonly<Record<EvidenceCode, Weight>>;

/** A case as the fit sees it. `unit` is what counts once. */
export interface Sample {
  readonly isDevice: boolean;
  readonly codes: readonly EvidenceCode[];
  readonly shape: 'active' | 'reply' | 'syn-reply' | 'irregular';
  readonly topology: string;
  /** Scenarios of one kind begin alike: device-idle-…, router-reject-…. */
  readonly family: string;
  readonly unit: string;
}

export interface Fitted {
  readonly code: EvidenceCode;
  readonly stated: number;
  /** log10 of the counted ratio. */
  readonly counted: number;
  readonly weight: number;
  /** Scenarios (see `unit`) in which hosts' and devices' resets showed it; parts where only some of them did. */
  readonly ofHosts: number;
  readonly ofDevices: number;
}

/** Standard deviation of a stated weight: by so much (log10) engineering estimates and other kernels may differ. */
const STATED_DEVIATION = 0.25;
/** What one scenario counts in the likelihood: those of one lab are much alike. */
const PART_OF_A_SCENARIO = 0.1;
/** No lab moves a weight further than this. */
const MOST_CHANGE = 0.6;
/** Smaller changes are noise. */
const LEAST_CHANGE = 0.05 - 1e-9;
const STEPS = [0.2, 0.1, 0.05];

const CODES = Object.keys(WEIGHTS) as EvidenceCode[];

/** Resets with the same evidence are one for the judge. */
interface Bag {
  readonly codes: EvidenceCode[];
  readonly shape: Sample['shape'];
  /** Scenarios, of hosts and of devices. */
  readonly counts: [ofHosts: number, ofDevices: number];
}

export function fit(samples: readonly Sample[]): Fitted[] {
  const bags = bagsOf(samples);
  const totals: [number, number] = [0, 0];
  const seen = new Map(CODES.map((code) => [code, [0, 0] as [number, number]]));
  for (const { codes, counts } of bags)
    for (const which of [0, 1] as const) {
      totals[which] += counts[which];
      for (const code of codes) (seen.get(code) as [number, number])[which] += counts[which];
    }
  const weights = likeliest(bags, totals);
  return CODES.map((code) => {
    const [ofHosts, ofDevices] = seen.get(code) as [number, number];
    const rate = (which: 0 | 1, n: number): number => (n + 0.5) / (totals[which] + 1);
    return {
      code,
      stated: WEIGHTS[code].weight,
      counted: Math.log10(rate(1, ofDevices) / rate(0, ofHosts)),
      weight: weights[code].weight,
      ofHosts,
      ofDevices,
    };
  });
}

function bagsOf(samples: readonly Sample[]): Bag[] {
  const keyOf = (s: Sample): string => `${s.unit} ${s.isDevice}`;
  const sizes = new Map<string, number>();
  for (const s of samples) sizes.set(keyOf(s), (sizes.get(keyOf(s)) ?? 0) + 1);
  const bags = new Map<string, Bag>();
  for (const s of samples) {
    const codes = [...s.codes].sort();
    const key = `${s.shape} ${codes.join(' ')}`;
    const bag: Bag = bags.get(key) ?? { codes, shape: s.shape, counts: [0, 0] };
    bags.set(key, bag);
    bag.counts[s.isDevice ? 1 : 0] += 1 / (sizes.get(keyOf(s)) ?? 1);
  }
  return [...bags.values()];
}

/** Goes up one weight after the other, as long as that helps. */
function likeliest(bags: readonly Bag[], totals: readonly [number, number]): Weights {
  const weights: Record<EvidenceCode, Weight> = { ...WEIGHTS };
  const occurring = CODES.map((code) => ({
    code,
    bags: bags.filter((bag) => bag.codes.includes(code)),
  })).filter((entry) => entry.bags.length > 0);
  // Labs hold more devices than the world: only ratios are to be learned, not how common devices are.
  const offset = Math.log10((totals[1] + 0.5) / (totals[0] + 0.5)) - PRIOR;
  const cost = (code: EvidenceCode, its: readonly Bag[]): number => {
    const change = weights[code].weight - WEIGHTS[code].weight;
    let sum = change ** 2 / (2 * STATED_DEVIATION ** 2);
    for (const bag of its) sum += PART_OF_A_SCENARIO * surprise(bag, weights, offset);
    return sum;
  };
  for (const step of STEPS)
    for (let moved = true; moved;) {
      moved = false;
      for (const { code, bags: its } of occurring) {
        let least = cost(code, its);
        for (const by of [step, -step]) {
          const before = weights[code];
          const weight = before.weight + by;
          if (Math.abs(weight - WEIGHTS[code].weight) > MOST_CHANGE + 1e-9) continue;
          // What speaks for one side never comes to speak for the other.
          if (weight * WEIGHTS[code].weight < 0) continue;
          weights[code] = { ...before, weight };
          const now = cost(code, its);
          if (now < least - 1e-6) {
            least = now;
            moved = true;
          } else weights[code] = before;
        }
      }
    }
  return weights;
}

const scratch: Combined = { kind: 'unknown', middlebox: 0.5, confidence: 0.5 };

/** Negative logarithm of the probability of what is true, over the scenarios in the bag. */
function surprise({ codes, shape, counts }: Bag, weights: Weights, offset: number): number {
  combine({ codes, count: codes.length }, shape, scratch, weights);
  const odds = (scratch.middlebox / (1 - scratch.middlebox)) * 10 ** offset;
  return counts[0] * Math.log(1 + odds) + counts[1] * Math.log(1 + 1 / odds);
}

export function withFitted(fitted: readonly Fitted[]): Weights {
  const weights: Record<EvidenceCode, Weight> = { ...WEIGHTS };
  for (const { code, weight } of fitted) weights[code] = { ...WEIGHTS[code], weight };
  return weights;
}

/** What these weights say of the samples. The cause plays no part. */
export function judgeWith(samples: readonly Sample[], weights: Weights): Pair[] {
  return samples.map((s) => {
    const combined: Combined = { kind: 'unknown', middlebox: 0.5, confidence: 0.5 };
    combine({ codes: [...s.codes], count: s.codes.length }, s.shape, combined, weights);
    return {
      said: {
        kind: combined.kind,
        confidence: combined.confidence,
        cause: 'unknown',
        causeAlternatives: [],
        causeConfidence: 0,
        matters: false,
      },
      actual: {
        origin: s.isDevice ? 'middlebox' : 'endpoint',
        cause: 'unknown',
        causeAlternatives: [],
        endsConnection: true,
      },
    };
  });
}

/** Parts of the samples, each with the weights that were fitted to all others. */
export type Folds = readonly { readonly samples: readonly Sample[]; readonly fitted: readonly Fitted[] }[];

export function foldsOf(samples: readonly Sample[], partOf: (s: Sample) => string): Folds {
  return [...new Set(samples.map(partOf))].map((part) => ({
    samples: samples.filter((s) => partOf(s) === part),
    fitted: fit(samples.filter((s) => partOf(s) !== part)),
  }));
}

/** Judges what was held out, with the fitted weights of these codes and the stated ones of all others. */
export function judgeHeldOut(folds: Folds, codes: ReadonlySet<EvidenceCode>): Pair[] {
  return folds.flatMap(({ samples, fitted }) =>
    judgeWith(samples, withFitted(fitted.filter(({ code }) => codes.has(code)))),
  );
}

/** Whether the second is better than the first in the square error, and no worse where it accuses. */
function isBetter(before: Score, after: Score): boolean {
  return after.brier < before.brier && after.falseAccusations <= before.falseAccusations;
}

export async function main(argv: readonly string[], root: string): Promise<number> {
  const folders = argv.length > 0 ? argv : [`${root}/.cache/lab`];
  const samples: Sample[] = [];
  for (const folder of folders) {
    const { alone, merged } = await readLab(resolve(folder));
    const cases = [...alone.filter((c) => !isWorsened(c)), ...merged].filter((c) => !isHeldOut(c.topology));
    samples.push(...cases.flatMap((c) => sampleOf(c, folder)));
  }
  const fitted = fit(samples);
  const byTopology = foldsOf(samples, (s) => s.topology);
  const byFamily = foldsOf(samples, (s) => s.family);
  const none = new Set<EvidenceCode>();
  const before = score(judgeWith(samples, WEIGHTS));
  const helps = fitted.flatMap(({ code, stated, weight }) => {
    if (Math.abs(weight - stated) < LEAST_CHANGE) return [];
    const alone = new Set([code]);
    const isHelp = [byTopology, byFamily].every((folds) =>
      isBetter(before, score(judgeHeldOut(folds, alone))),
    );
    return isHelp ? [code] : [];
  });
  console.log(
    `${samples.length} resets of ${folders.length} labs\n\n` +
      '| code | stated | counted | fitted | change | of hosts | of devices | helps where held out |\n' +
      '|---|---:|---:|---:|---:|---:|---:|---|',
  );
  const byChange = [...fitted].sort((a, b) => Math.abs(b.weight - b.stated) - Math.abs(a.weight - a.stated));
  for (const { code, stated, counted, weight, ofHosts, ofDevices } of byChange)
    console.log(
      `| ${code} | ${stated.toFixed(2)} | ${counted.toFixed(2)} | ${weight.toFixed(2)} | ` +
        `${(weight - stated).toFixed(2)} | ${ofHosts.toFixed(1)} | ${ofDevices.toFixed(1)} | ` +
        `${helps.includes(code) ? 'yes' : ''} |`,
    );
  console.log('\n| | right | when decided | false accusations | missed | Brier | ECE |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  const all = new Set(CODES);
  row('as stated', judgeHeldOut(byTopology, none));
  row('all fitted, topology held out', judgeHeldOut(byTopology, all));
  row('all fitted, scenario family held out', judgeHeldOut(byFamily, all));
  row('those that help, topology held out', judgeHeldOut(byTopology, new Set(helps)));
  row('those that help, scenario family held out', judgeHeldOut(byFamily, new Set(helps)));
  return 0;
}

function sampleOf(c: Case, lab: string): Sample[] {
  if (c.found === undefined) return [];
  const { scenario } = c.truth;
  return [
    {
      isDevice: c.actual.origin === 'middlebox',
      codes: c.found.evidence.flatMap(({ code }) => (isCode(code) ? [code] : [])),
      shape: c.found.family,
      topology: c.topology,
      family: scenario.split('-').slice(0, 2).join('-'),
      unit: `${lab} ${c.topology} ${c.place} ${c.scenario} ${scenario}`,
    },
  ];
}

const isCode = (code: string): code is EvidenceCode => code in WEIGHTS;

function row(title: string, pairs: readonly Pair[]): void {
  const s = score(pairs);
  const percent = (part: number, whole: number): string => `${((100 * part) / whole).toFixed(2)} %`;
  console.log(
    `| ${title} | ${percent(s.right, s.resets)} | ${percent(s.right, s.decided)} | ${s.falseAccusations} | ` +
      `${s.missed} | ${s.brier.toFixed(4)} | ${s.calibrationError.toFixed(4)} |`,
  );
}
