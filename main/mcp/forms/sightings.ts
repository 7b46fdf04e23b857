/**
 * Where the packets of one connection were seen at the other capture points, as words behind the lines of a ladder, and the packets that
 * only other points saw, as lines between them.
 */
import { decodeLadder, type LadderColumns } from '../../../shared/columns/ladder.ts';
import { flagNames } from '../../../shared/format/flags.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { CaptureSummary } from '../../../shared/model/capture.ts';
import type { JoinedLadder, LadderVantage } from '../../../shared/model/join.ts';
import { correctedNs } from '../../../shared/model/vantage-clock.ts';

const NAME_CHARACTERS = 60;
/** Lines of packets that only others saw, between two of this point: the rest is counted. */
const MOST_BETWEEN = 20;
const FROM_CLIENT = 0;

interface Place {
  readonly vantage: LadderVantage;
  readonly name: string;
  /** Places with another number stand on the other side of a proxy, which no packet passes. */
  readonly leg: number;
  readonly columns: LadderColumns;
  readonly journeys: Uint32Array;
  /** When it captured, on the common clock; null where that is not known. */
  readonly span: readonly [from: number, to: number] | null;
}

/** One packet on its way: the row of its first sighting, by place; −1 where it was not seen. */
type Journey = Int32Array;

export class Sightings {
  readonly #places: readonly Place[];
  readonly #own: number;
  readonly #isOrdered: boolean;
  readonly #journeys = new Map<number, Journey>();
  /** By number of a packet of this point. */
  readonly #journeyOf = new Map<number, Journey>();
  /** Journeys that this point did not see, by its packet right before them; −1 for none. */
  readonly #between = new Map<number, Journey[]>();

  /** @param flow whose ladder it is */
  constructor(ladder: JoinedLadder, flow: number, summary: CaptureSummary) {
    let leg = 0;
    this.#places = ladder.vantages.map((vantage, i) => ({
      vantage,
      name: sanitiseText(vantage.name, NAME_CHARACTERS),
      leg: vantage.isBehindProxy ? ++leg : leg,
      columns: decodeLadder(ladder.parts[i].columns),
      journeys: new Uint32Array(ladder.parts[i].journeys.slice().buffer),
      span: spanOf(vantage, summary),
    }));
    this.#own = this.#places.findIndex(({ vantage }) => vantage.flow === flow);
    this.#isOrdered = ladder.isOrdered;
    this.#follow();
    this.#sortIn();
  }

  /** From the client on. */
  get places(): { file: number; name: string; isShown: boolean }[] {
    return this.#places.map(({ vantage, name }, at) => ({
      file: vantage.file,
      name,
      isShown: at === this.#own,
    }));
  }

  /** What stands behind the packet's line; empty where nothing is known of it. */
  of(packet: number): string {
    const journey = this.#journeyOf.get(packet);
    return journey === undefined ? '' : `  {${this.#wordsOf(journey, this.#own)}}`;
  }

  /** Lines of the packets that only others saw, behind a packet of this point. @param packet −1 for those before the first */
  behind(packet: number): readonly string[] {
    const all = this.#between.get(packet) ?? [];
    const lines = all.slice(0, MOST_BETWEEN).map((journey) => this.#lineOf(journey));
    return all.length > lines.length
      ? [...lines, `           … and ${all.length - lines.length} more that were not seen here`]
      : lines;
  }

  #follow(): void {
    for (const [at, { columns, journeys }] of this.#places.entries()) {
      for (let row = 0; row < columns.count; row++) {
        let journey = this.#journeys.get(journeys[row]);
        if (journey === undefined) {
          journey = new Int32Array(this.#places.length).fill(-1);
          this.#journeys.set(journeys[row], journey);
        }
        if (journey[at] < 0) journey[at] = row;
        if (at === this.#own) this.#journeyOf.set(columns.packet[row], journey);
      }
    }
  }

  #sortIn(): void {
    if (this.#own < 0) return;
    const { columns, vantage, leg } = this.#places[this.#own];
    const times = Array.from(columns.timeNs, (timeNs) => correctedNs(vantage, timeNs));
    const missed = [...this.#journeys.values()]
      .filter((journey) => journey[this.#own] < 0 && this.#places[firstOf(journey)].leg === leg)
      .map((journey) => ({ journey, time: this.#timeOf(journey) }))
      .sort((a, b) => a.time - b.time);
    let next = 0;
    for (const { journey, time } of missed) {
      while (next < times.length && times[next] <= time) next++;
      const packet = next === 0 ? -1 : columns.packet[next - 1];
      const there = this.#between.get(packet);
      if (there === undefined) this.#between.set(packet, [journey]);
      else there.push(journey);
    }
  }

  #timeOf(journey: Journey): number {
    const at = firstOf(journey);
    const { vantage, columns } = this.#places[at];
    return correctedNs(vantage, columns.timeNs[journey[at]]);
  }

  #lineOf(journey: Journey): string {
    const at = firstOf(journey);
    const { columns } = this.#places[at];
    const row = journey[at];
    const arrow = columns.from[row] === FROM_CLIENT ? '----->' : '<-----';
    const bytes = columns.payload[row] > 0 ? `, ${columns.payload[row]} bytes` : '';
    const reset = columns.reset[row] < 0 ? '' : `  [reset ${columns.reset[row]}]`;
    return `${'elsewhere'.padStart(20)}  ${arrow}  ${flagNames(columns.flags[row])}${bytes}${reset}  {${this.#wordsOf(journey, -1)}}`;
  }

  /** "at server.pcap: file 1 #14, ttl 61; did not come to …". @param but the place that the line is of */
  #wordsOf(journey: Journey, but: number): string {
    const first = firstOf(journey);
    const { leg, columns } = this.#places[first];
    const isFromClient = columns.from[journey[first]] === FROM_CLIENT;
    const way = [...this.#places.keys()].filter((at) => this.#places[at].leg === leg);
    if (!isFromClient) way.reverse();
    const seen = way.filter((at) => journey[at] >= 0);
    const time = this.#timeOf(journey);
    const told = way
      .filter((at) => at !== but)
      .map((at) =>
        this.#wordAt(
          journey,
          at,
          way.indexOf(at),
          seen.map((one) => way.indexOf(one)),
          time,
        ),
      );
    return told.length === 0 ? 'a proxy stands between this and the other capture points' : told.join('; ');
  }

  #wordAt(journey: Journey, at: number, step: number, seenSteps: readonly number[], time: number): string {
    const { name, columns, span, vantage } = this.#places[at];
    const row = journey[at];
    if (row >= 0)
      return `at ${name}: file ${columns.file[row]} #${columns.frame[row]}, ttl ${columns.ttl[row]}`;
    const slack = vantage.offsetErrorNs ?? 0;
    if (span !== null && (time < span[0] - slack || time > span[1] + slack))
      return `${name} did not capture then`;
    if (!this.#isOrdered) return `not seen at ${name}`;
    if (step < seenSteps[0]) return `not seen before at ${name}`;
    return step > seenSteps[seenSteps.length - 1] ? `did not come to ${name}` : `not captured at ${name}`;
  }
}

function firstOf(journey: Journey): number {
  return journey.findIndex((row) => row >= 0);
}

/** Dates tell milliseconds, which is why both ends are taken that much farther. */
function spanOf(vantage: LadderVantage, { epochNs, files }: CaptureSummary): Place['span'] {
  const { first = null, last = null } = files.at(vantage.file) ?? {};
  if (epochNs === null || first === null || last === null) return null;
  const epochMs = Number(BigInt(epochNs) / 1_000_000n);
  return [
    correctedNs(vantage, (Date.parse(first) - epochMs - 1) * 1e6),
    correctedNs(vantage, (Date.parse(last) - epochMs + 2) * 1e6),
  ];
}
