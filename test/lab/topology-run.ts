/** One topology from its first namespace to its captures on disk. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Random } from '../bench/random.ts';
import { Agent } from './agent.ts';
import { CaptureRun } from './capture.ts';
import { derive, DERIVATIONS } from './derived.ts';
import {
  CLOCK_DERIVATIONS,
  deriveJoined,
  JOINED_DERIVATIONS,
  type JoinedDerivation,
} from './derived-joined.ts';
import { HISTORY_PORTS, History } from './history.ts';
import { connectionsOf } from './connections.ts';
import { Outcomes, portsKey, portsOf } from './outcomes.ts';
import {
  type CaptureFormat,
  FORMATS,
  type JudgeConnections,
  type LabelledCapture,
  type SetDescription,
  writeSet,
} from './output.ts';
import { JOINED } from './cases.ts';
import { type Place, PLACES } from './places.ts';
import { addressOwners, CLIENT, pathNodes, SERVER, type TopologyPlan } from './plan.ts';
import type { ProcessGroup } from './processes.ts';
import { sleep } from './processes.ts';
import { Lab, PORTS_PER_SCENARIO, type Scenario } from './scenario.ts';
import type { RawCapture } from './frames.ts';
import { labelCapture, sightingsOf, TruthBook } from './label.ts';
import { Topology } from './topology.ts';
import type { KernelTrace } from './trace.ts';
import { findEmissions } from './emissions.ts';
import { doubtfulJourneys, numberJourneys } from './journeys.ts';
import type { PathFacts, Sighting } from './facts.ts';
import { onClientSide } from './renumbering.ts';

/** Scenarios at work at the same time on one topology: they mostly wait. */
const AT_ONCE = 10;
const FIRST_PORT = 10_000;
const AT_INTERFACE = 0.01;
/** How many of the sets are written once more with one capture worse than the others. */
const JOINED_SHARE = 0.4;
const SHORT_JOINED_SHARE = 0.3;

/** Something of its own that watches a topology while its scenarios run, and is told the truth afterwards. */
export interface Companion {
  start(topology: Topology, where: Readonly<Record<Place, CapturePoint>>): Promise<void>;
  /** All scenarios are over; the witnesses of the truth still watch. */
  stop(): Promise<void>;
  /** @param label says what is true of a capture made at the place */
  judge(label: (place: Place, raw: RawCapture) => LabelledCapture): void;
}

export interface CapturePoint {
  readonly node: string;
  readonly interface: string;
}

export interface RunOptions {
  readonly out: string;
  readonly prefix: string;
  readonly programs: string;
  readonly wireProgram: string;
  readonly short: boolean;
  readonly group: ProcessGroup;
  readonly trace: KernelTrace | null;
  readonly companion?: (plan: TopologyPlan) => Companion;
}

export interface RunReport {
  readonly topology: string;
  readonly scenarios: number;
  readonly resets: number;
  readonly failures: readonly string[];
}

export async function runTopology(
  plan: TopologyPlan,
  scenarios: readonly Scenario[],
  options: RunOptions,
): Promise<RunReport> {
  const topology = new Topology(plan, options.prefix, options.group, options.wireProgram);
  const work = join(options.out, '.work', plan.name);
  await mkdir(work, { recursive: true });
  try {
    await topology.build();
    const agents = await startAgents(topology, options);
    const captures = await startCaptures(topology, options.group, work);
    const companion = options.companion?.(plan);
    await companion?.start(topology, capturePoints(topology));
    const history = new History();
    history.start(plan, agents, new Random(plan.seed + 1));
    await sleep(400); // a few exchanges before anything else
    const book = new TruthBook(HISTORY_PORTS);
    const failures = await runScenarios(topology, scenarios, agents, book, work, options);
    await history.stop();
    await sleep(Math.max(300, plan.delaysUs.reduce((a, b) => a + b, 0) / 500));
    await companion?.stop();
    return await conclude(topology, captures, book, failures, options, companion);
  } finally {
    await topology.destroy();
  }
}

async function startAgents(topology: Topology, options: RunOptions): Promise<Map<string, Agent>> {
  const program = join(options.programs, 'agent.py');
  const nodes = pathNodes(topology.plan);
  const agents = await Promise.all(
    nodes.map((node) => Agent.over(topology.start(node, '/usr/bin/python3', '-S', '-E', '-u', program))),
  );
  return new Map(nodes.map((node, i) => [node, agents[i]]));
}

interface Captures {
  readonly places: ReadonlyMap<Place, CaptureRun>;
  /** What every node of the path saw on all its interfaces, headers only: the witnesses of the truth. */
  readonly witnesses: ReadonlyMap<string, CaptureRun>;
}

async function startCaptures(topology: Topology, group: ProcessGroup, work: string): Promise<Captures> {
  const at = capturePoints(topology);
  const start = (where: CapturePoint, name: string, snap: number) =>
    CaptureRun.start(topology, group, where, join(work, `${name}.pcap`), snap);
  const witnesses = await Promise.all(
    pathNodes(topology.plan).map(
      async (node) => [node, await start({ node, interface: 'any' }, `witness-${node}`, 192)] as const,
    ),
  );
  // Whole frames; tcpdump divides its buffer by this length, so that a needless 256 kB leaves room for a few only.
  const places = await Promise.all(
    PLACES.map(async (place) => [place, await start(at[place], place, 2048)] as const),
  );
  return { places: new Map(places), witnesses: new Map(witnesses) };
}

function capturePoints(topology: Topology): Record<Place, CapturePoint> {
  const { cooked } = topology.plan;
  return {
    client: { node: CLIENT, interface: cooked.client ? 'any' : 'eth0' },
    middle: topology.middleInterface(),
    server: { node: SERVER, interface: cooked.server ? 'any' : 'eth0' },
  };
}

async function runScenarios(
  topology: Topology,
  scenarios: readonly Scenario[],
  agents: ReadonlyMap<string, Agent>,
  book: TruthBook,
  work: string,
  options: RunOptions,
): Promise<string[]> {
  const failures: string[] = [];
  const claimed = new Set<number>();
  const one = async (scenario: Scenario, index: number): Promise<void> => {
    const random = new Random(topology.plan.seed * 1009 + index);
    const base = FIRST_PORT + index * PORTS_PER_SCENARIO;
    const ports = Array.from({ length: PORTS_PER_SCENARIO }, (_, i) => base + i);
    if (scenario.wellKnown !== undefined && !claimed.has(scenario.wellKnown)) {
      claimed.add(scenario.wellKnown);
      ports.unshift(scenario.wellKnown);
    }
    const folder = join(work, scenario.name);
    await mkdir(folder, { recursive: true });
    const family = scenario.family ?? (random.chance(0.65) ? 4 : 6);
    const lab = new Lab({ topology, agents, group: options.group, ports, family, random, folder });
    book.add(scenario, ports);
    try {
      await withTimeout(scenario.run(lab), 90_000);
    } catch (error) {
      book.fail(scenario);
      failures.push(`${topology.plan.name}/${scenario.name}: ${(error as Error).message}`);
    }
  };
  const numbered = scenarios.map((scenario, index) => ({ scenario, index }));
  const waiting = numbered.filter(({ scenario }) => scenario.alone !== true);
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      await one(next.scenario, next.index);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  for (const { scenario, index } of numbered) if (scenario.alone === true) await one(scenario, index);
  return failures;
}

async function withTimeout(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not finished after ${ms / 1000} s`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function conclude(
  topology: Topology,
  captures: Captures,
  book: TruthBook,
  failures: string[],
  options: RunOptions,
  companion: Companion | undefined,
): Promise<RunReport> {
  const { plan } = topology;
  const [nodes, owners] = [pathNodes(plan), addressOwners(plan)];
  const path: PathFacts = {
    ...{ nodes, owners },
    atClient: (segment, position) => onClientSide(plan, nodes, owners, position, segment),
    asymmetric: plan.asymmetric,
    linkDelaysNs: plan.delaysUs.map((us) => BigInt(us) * 1000n),
  };
  // The witnesses watch longest: a reset no witness saw would be one from nowhere.
  const stopped = new Map<Place, RawCapture>();
  for (const [place, capture] of captures.places) stopped.set(place, await capture.stop());
  await sleep(100);
  const sightings = new Map<string, Sighting[]>();
  for (const [node, capture] of captures.witnesses) {
    const position = nodes.indexOf(node);
    const seen = sightingsOf(await capture.stop());
    sightings.set(
      node,
      seen.map((segment) => path.atClient(segment, position)),
    );
  }
  const devices = topology.injections
    .flatMap((injection) => book.deviceReset(injection))
    .map((reset) => path.atClient(reset, reset.link + 0.5));
  const kernel = (await options.trace?.read()) ?? [];
  const own = kernel.filter((e) => path.owners.has(e.local));
  await writeFile(
    join(options.out, '.work', plan.name, 'kernel.txt'),
    own.map((e) => `${e.timeNs} ${Object.values(e).slice(1).join(' ')}\n`).join(''),
  );
  const emissions = findEmissions(path, sightings, devices, own);
  const ofNode = (node: string): Sighting[] => sightings.get(node) ?? [];
  const outcomes = new Outcomes(ofNode(CLIENT), ofNode(SERVER), (segment) => book.serverPortOf(segment));
  for (const e of emissions) e.unfinished = outcomes.unfinished(e.segment, e.segment.timeNs);

  const middle = topology.middleInterface();
  const macs = {
    client: await macOf(topology, CLIENT, 'eth0'),
    // On a trunk there is no host, and on all interfaces no single one.
    middle: middle.interface === 'left' ? await macOf(topology, middle.node, 'left') : null,
    server: await macOf(topology, SERVER, 'eth0'),
  };
  const label = (place: Place, raw: RawCapture) =>
    labelCapture({
      raw,
      positions: positionsOf(place, plan),
      macAddress: macs[place],
      path,
      emissions,
      book,
      kernelKnown: options.trace !== null,
    });
  companion?.judge(label);
  const places = new Map<Place, LabelledCapture>();
  for (const [place, raw] of stopped) {
    const labelled = label(place, raw);
    failures.push(...labelled.unexplained.map((what) => `${plan.name}/${place}: ${what}`));
    places.set(place, labelled);
  }
  const numbered = numberJourneys(places, path);
  failures.push(...doubtfulJourneys(numbered, path).map((what) => `${plan.name}: ${what}`));
  failures.push(...doubtfulFailures(plan, ofNode(CLIENT).concat(ofNode(SERVER)), book, outcomes));
  return {
    topology: plan.name,
    failures,
    ...(await writeAll(plan, path, numbered, book, outcomes, options)),
  };
}

/** Failures that a scenario claims and the witnesses do not bear out: a mistake of the lab. */
function doubtfulFailures(
  plan: TopologyPlan,
  seen: readonly Sighting[],
  book: TruthBook,
  outcomes: Outcomes,
): string[] {
  const doubts = new Map<string, string>();
  for (const segment of seen) {
    const key = portsKey(segment, book.serverPortOf(segment));
    const rule = book.failureOf(...portsOf(key));
    if (rule === undefined || segment.isQuoted === true) continue;
    const doubt = doubts.has(key) ? null : outcomes.contradiction(key, rule);
    if (doubt !== null)
      doubts.set(key, `${plan.name}/${book.scenarioOf(segment)?.name}: a ${rule.kind} connection ${doubt}`);
  }
  return [...doubts.values()];
}

function positionsOf(place: Place, plan: TopologyPlan): number[] {
  if (place === 'client') return [0];
  if (place === 'server') return [plan.routers + 1];
  if (plan.trunk !== null) return [plan.trunk.link + 0.5];
  // An interface of a router is the end of its link: what sits on the link lies before it.
  const [left, right] = [plan.middle - AT_INTERFACE, plan.middle + AT_INTERFACE];
  return plan.cooked.middle ? [left, right] : [left];
}

async function macOf(topology: Topology, node: string, device: string): Promise<string> {
  return (await topology.run(node, 'cat', `/sys/class/net/${device}/address`)).trim();
}

async function writeAll(
  plan: TopologyPlan,
  path: PathFacts,
  places: ReadonlyMap<Place, LabelledCapture>,
  book: TruthBook,
  outcomes: Outcomes,
  options: RunOptions,
): Promise<{ scenarios: number; resets: number }> {
  const kernelReasons = options.trace !== null;
  // In the middle of a path whose answers go another way nobody sees what failed.
  const whole: JudgeConnections = (place, capture) =>
    connectionsOf(place, capture, book, outcomes, !(plan.asymmetric && place === 'middle'));
  const worsened: JudgeConnections = (place, capture) => connectionsOf(place, capture, book, outcomes, false);
  const writeJoined = async (
    how: JoinedDerivation,
    random: Random,
    name: string,
    captures: ReadonlyMap<Place, LabelledCapture>,
    { format, ...description }: SetDescription & { readonly format: CaptureFormat },
  ): Promise<void> => {
    const worse = deriveJoined(how, captures, path, random);
    if (worse.size === 0) return;
    const folder = join(options.out, JOINED, `${name}--${how}`);
    const about = `${description.about} (${how})`;
    await writeSet(folder, { ...description, about }, worse, format, worsened);
  };
  let resets = 0;
  let scenarios = 0;
  for (const { scenario, index } of book.scenarios()) {
    const random = new Random(plan.seed * 31 + index);
    const captures = book.cutOut(scenario.name, places, random.chance(0.6));
    const format = FORMATS[random.between(0, FORMATS.length)];
    const name = `${plan.name}--${scenario.name}`;
    const proxied = book.proxied(scenario);
    const description = { scenario: scenario.name, about: scenario.about, plan, kernelReasons, proxied };
    resets += await writeSet(join(options.out, name), description, captures, format, whole);
    scenarios++;
    const joinedRandom = new Random(plan.seed * 37 + index);
    if (joinedRandom.chance(options.short ? SHORT_JOINED_SHARE : JOINED_SHARE)) {
      const how = JOINED_DERIVATIONS[joinedRandom.between(0, JOINED_DERIVATIONS.length)];
      await writeJoined(how, joinedRandom, name, captures, { ...description, format });
    }
    if (options.short || !random.chance(0.25)) continue;
    const how = DERIVATIONS[random.between(0, DERIVATIONS.length)];
    const worse = derive(how, captures, path, random);
    const about = `${scenario.about} (${how})`;
    resets += await writeSet(
      join(options.out, `${name}--${how}`),
      { ...description, about },
      worse,
      format,
      worsened,
    );
    scenarios++;
  }
  await writeSet(
    join(options.out, 'merged', plan.name),
    {
      ...{ scenario: 'merged', about: 'all scenarios of the topology' },
      ...{ plan, kernelReasons, proxied: book.proxied() },
    },
    places,
    'pcapng',
    whole,
  );
  // How a clock drifts is told by what lasts; a short run has one of these.
  const merged = { scenario: 'merged', about: 'all scenarios of the topology' };
  const random = new Random(plan.seed * 41);
  const first = random.between(0, CLOCK_DERIVATIONS.length);
  for (const how of options.short ? [CLOCK_DERIVATIONS[first]] : CLOCK_DERIVATIONS)
    await writeJoined(how, random, `${plan.name}--merged`, places, {
      ...{ ...merged, plan, kernelReasons, proxied: book.proxied() },
      format: 'pcapng',
    });
  return { scenarios, resets };
}
