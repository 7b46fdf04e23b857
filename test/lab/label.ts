/** Gives every frame of a capture its scenario and every reset its truth. */
import { type Frame, LINK_COOKED, LINK_RAW, parseSegment, type RawCapture, type Segment } from './frames.ts';
import type { FrameTruth, LabelledCapture, LabelledFrame, ProxiedPorts } from './output.ts';
import type { Place } from './places.ts';
import type { FailureRule } from './outcomes.ts';
import type { Scenario } from './scenario.ts';
import type { Injection } from './topology.ts';
import { matchEmissions } from './arrivals.ts';
import { type DeviceReset, type Emission, isReset, type PathFacts, type Sighting } from './facts.ts';
import { decide } from './truth.ts';

export function sightingsOf(raw: RawCapture): Sighting[] {
  const out: Sighting[] = [];
  for (const frame of raw.frames) {
    const segment = parseSegment(frame.data, raw.linkType);
    if (segment !== null) out.push({ ...segment, timeNs: frame.timeNs });
  }
  return out;
}

/** Which scenario a port belongs to. */
export class TruthBook {
  readonly #byPort = new Map<number, Scenario>();
  /** The place of a port among those of its scenario. */
  readonly #rank = new Map<number, number>();
  readonly #scenarios: Scenario[] = [];
  readonly #failed = new Set<Scenario>();
  readonly #history: ReadonlySet<number>;

  constructor(historyPorts: readonly number[]) {
    this.#history = new Set(historyPorts);
    for (const port of historyPorts) this.#rank.set(port, 0);
  }

  add(scenario: Scenario, ports: readonly number[]): void {
    this.#scenarios.push(scenario);
    ports.forEach((port, rank) => {
      this.#byPort.set(port, scenario);
      this.#rank.set(port, rank);
    });
  }

  /** What it did is not what it says: its captures are not worth keeping. */
  fail(scenario: Scenario): void {
    this.#failed.add(scenario);
  }

  /** Those that came to their end, with a number of their own. */
  scenarios(): { scenario: Scenario; index: number }[] {
    return this.#scenarios
      .map((scenario, index) => ({ scenario, index }))
      .filter(({ scenario }) => !this.#failed.has(scenario));
  }

  /** Where proxies stand, in one scenario or in all. */
  proxied(of?: Scenario): ProxiedPorts[] {
    return this.scenarios().flatMap(({ scenario }) => {
      if (scenario.proxied === undefined || (of !== undefined && scenario !== of)) return [];
      const ports = [...this.#byPort].flatMap(([port, owner]) => (owner === scenario ? [port] : []));
      return [{ front: ports[scenario.proxied.front], back: ports[scenario.proxied.back] }];
    });
  }

  /** Which of a segment's two ports is the one that is served: the first of its scenario's where both are. */
  serverPortOf({ sourcePort, targetPort }: Segment): number {
    const source = this.#rank.get(sourcePort) ?? Infinity;
    const target = this.#rank.get(targetPort) ?? Infinity;
    return source < target ? sourcePort : targetPort;
  }

  /** What the scenario says of connections between these ports; undefined where they do not fail. */
  failureOf(server: number, client: number): FailureRule | undefined {
    const rank = this.#rank.get(server);
    return this.#byPort
      .get(server)
      ?.failures?.find(
        ({ port = 0, from }) => port === rank && (from === undefined || from === this.#rank.get(client)),
      );
  }

  scenarioOf(segment: Segment): Scenario | undefined {
    return this.#byPort.get(segment.targetPort) ?? this.#byPort.get(segment.sourcePort);
  }

  deviceReset(injection: Injection): DeviceReset[] {
    const segment = parseSegment(injection.packet, LINK_RAW);
    if (segment === null) return [];
    // "l2", or "l2x" for the second wire of a trunk.
    const link = Number.parseInt(injection.link.slice(1), 10);
    return [{ ...segment, timeNs: injection.timeNs, link }];
  }

  /** The frames of one scenario, with the quiet traffic up to its end where the hosts are to have a history. */
  cutOut(
    name: string,
    places: ReadonlyMap<Place, LabelledCapture>,
    withHistory: boolean,
  ): Map<Place, LabelledCapture> {
    let end = 0n;
    for (const { frames } of places.values())
      for (const frame of frames) if (frame.scenario === name && frame.timeNs > end) end = frame.timeNs;
    const keeps = (frame: LabelledFrame): boolean =>
      frame.scenario === name ||
      (withHistory &&
        frame.timeNs <= end &&
        frame.segment !== null &&
        (this.#history.has(frame.segment.sourcePort) || this.#history.has(frame.segment.targetPort)));
    return new Map(
      [...places].map(([place, capture]) => [place, { ...capture, frames: capture.frames.filter(keeps) }]),
    );
  }
}

export interface LabelInput {
  readonly raw: RawCapture;
  readonly positions: readonly number[];
  /** Of the interface that captures; null where there is not one. */
  readonly macAddress: string | null;
  readonly path: PathFacts;
  readonly emissions: readonly Emission[];
  readonly book: TruthBook;
  readonly kernelKnown: boolean;
}

/** Also says which resets nothing explains: a mistake of the lab, never to be papered over. */
export function labelCapture(input: LabelInput): LabelledCapture & { readonly unexplained: string[] } {
  const { raw, book } = input;
  const unexplained: string[] = [];
  const seen = new Set<Emission>();
  const groups = new Map<number, number>();
  for (const { alike } of input.emissions) groups.set(alike, (groups.get(alike) ?? 0) + 1);
  const ordered = [...raw.frames].sort((a, b) => (a.timeNs < b.timeNs ? -1 : a.timeNs > b.timeNs ? 1 : 0));
  const segments = ordered.map((frame) => parseSegment(frame.data, raw.linkType));
  const emissionOf = emissionsOf(ordered, segments, input);
  const frames = ordered.map((frame, index): LabelledFrame => {
    const segment = segments[index];
    const scenario = segment === null ? undefined : book.scenarioOf(segment);
    let truth: FrameTruth | null = null;
    if (segment !== null && isReset(segment)) {
      truth = truthOf(emissionOf.get(index) ?? null, scenario, input.kernelKnown, seen, groups);
      const doubt = doubtAbout(truth, scenario, input.kernelKnown);
      if (doubt !== null)
        unexplained.push(
          `frame ${index + 1}: reset ${segment.source}:${segment.sourcePort} > ` +
            `${segment.target}:${segment.targetPort} seq ${segment.seq} ttl ${segment.ttl} ${doubt}`,
        );
    }
    return {
      ...frame,
      segment,
      truth,
      scenario: scenario?.name ?? '',
      outbound: outboundOf(frame.data, raw.linkType, input.macAddress),
      journeys: [],
    };
  });
  return { linkType: raw.linkType, positions: input.positions, frames, unexplained };
}

/** Null if the truth stands on its feet. */
function doubtAbout(
  truth: FrameTruth | null,
  scenario: Scenario | undefined,
  kernelKnown: boolean,
): string | null {
  if (truth === null) return 'came from nowhere';
  if (truth.claimed === 'unknown') return 'carries an address of nobody';
  const packetFilter = scenario?.rules?.some((rule) => rule.reason === null) ?? false;
  if (kernelKnown && truth.origin === 'endpoint' && truth.kernelReason === null && !packetFilter)
    return `left ${truth.emitter} without the kernel's word, and no packet filter was at work`;
  return null;
}

/** What each reset is the arrival of, by the place of its frame. */
function emissionsOf(
  frames: readonly Frame[],
  segments: readonly (Segment | null)[],
  { path, emissions, positions }: LabelInput,
): ReadonlyMap<number, Emission | null> {
  const resets = segments.flatMap((segment, index) =>
    segment !== null && isReset(segment)
      ? [{ index, at: { ...path.atClient(segment, positions[0]), timeNs: frames[index].timeNs } }]
      : [],
  );
  const matched = matchEmissions(
    path,
    emissions,
    resets.map(({ at }) => at),
    positions,
  );
  return new Map(resets.map(({ index }, i) => [index, matched[i]]));
}

/** @param seen emissions that this capture has shown before: what matters is told of the first sight */
function truthOf(
  emission: Emission | null,
  scenario: Scenario | undefined,
  kernelKnown: boolean,
  seen: Set<Emission>,
  groups: ReadonlyMap<number, number>,
): FrameTruth | null {
  if (emission === null) return null;
  const isCopy = seen.has(emission);
  seen.add(emission);
  const { origin, cause, alternatives, note, matters } = decide(emission, scenario?.rules ?? [], kernelKnown);
  return {
    origin,
    emitter: emission.emitter,
    claimed: emission.claimed,
    emission: emission.number,
    alike: (groups.get(emission.alike) ?? 0) > 1 ? emission.alike : undefined,
    position: emission.position,
    cause,
    causeAlternatives: alternatives,
    kernelReason: emission.kernelReason,
    endsConnection: emission.endsConnection,
    matters: isCopy ? null : matters,
    note,
  };
}

function outboundOf(data: Uint8Array, linkType: number, macAddress: string | null): boolean | null {
  if (linkType === LINK_COOKED) return null; // it carries its own direction
  if (macAddress === null || data.length < 12) return null;
  return Buffer.from(data.subarray(6, 12)).toString('hex') === macAddress.replaceAll(':', '');
}
