/**
 * Resets as rows for lists, and which there are. What is settled is told from its own record; everything else from packets and flow.
 */
import type { FlowRecord, Nanoseconds, PacketNumber } from '../../../shared/base/units.ts';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import type { ResetRow } from '../../../shared/model/rows.ts';
import { OBEYED, ORIGIN_KINDS, ORIGIN_SIDES, RESET_FAMILIES } from '../../../shared/model/verdict.ts';
import type { JoinView } from '../join/join-view.ts';
import type { FlowNames, FlowView } from './flow-view.ts';
import { labelOfPattern } from '../reset/words/labels.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { ResetLog } from '../store/reset-log.ts';
import type { SettledResets } from './settled-resets.ts';
import type { VerdictColumns } from '../store/verdict-columns.ts';

export class ResetView {
  readonly #resets: ResetLog;
  readonly #packets: PacketIndex;
  readonly #flows: FlowView;
  readonly #names: FlowNames;
  readonly #verdicts: VerdictColumns;
  readonly #settled: SettledResets;
  readonly #label: (reset: number) => string;
  readonly #join: () => JoinView;

  /** @param label judges a reset again to say who sent it; asked only where the verdict's columns had no room for that */
  constructor(
    resets: ResetLog,
    packets: PacketIndex,
    flows: FlowView,
    names: FlowNames,
    verdicts: VerdictColumns,
    settled: SettledResets,
    label: (reset: number) => string,
    join: () => JoinView,
  ) {
    this.#resets = resets;
    this.#packets = packets;
    this.#flows = flows;
    this.#names = names;
    this.#verdicts = verdicts;
    this.#settled = settled;
    this.#label = label;
    this.#join = join;
  }

  /** Whether that reset is judged and still known. */
  has(id: number): boolean {
    const { to } = this.#settled;
    return this.#settled.get(id) !== undefined || (id >= to && this.#verdicts.has(id));
  }

  /** Judged resets that are still known, in capture order; of one that several captures hold the record that stands for it. */
  ids(): Uint32Array {
    const join = this.#join();
    const ids = this.sightings();
    return join.isJoined ? ids.filter((id) => join.primary(id) === id) : ids;
  }

  /** Resets that were captured again at another point of the path, in the records that do not stand for them. */
  get seenAgain(): number {
    const join = this.#join();
    if (!join.isJoined) return 0;
    let seen = 0;
    for (let id = this.#resets.first; id < this.#resets.count; id++)
      if (join.primary(id) !== id) seen += this.#resets.members(id);
    return seen;
  }

  /** The same with all records of a reset that several captures hold. */
  sightings(): Uint32Array {
    const { size, to } = this.#settled;
    const ids = new Uint32Array(size + Math.max(0, this.#verdicts.count - to));
    let at = 0;
    for (const id of this.#settled.ids()) ids[at++] = id;
    for (let id = to; id < this.#verdicts.count; id++) if (this.#verdicts.has(id)) ids[at++] = id;
    return ids.subarray(0, at);
  }

  /** Number of its packet; of a reset in the log only. */
  packet(reset: number): PacketNumber {
    return this.#resets.packet(reset);
  }

  /** Its flow; of a reset in the log only. */
  flow(reset: number): FlowRecord {
    return this.#resets.flow(reset);
  }

  /** Whose address it carries: 0 the client's, 1 the server's. */
  claimed(reset: number): 0 | 1 {
    return this.#settled.get(reset)?.claimed ?? this.#resets.direction(reset);
  }

  /** How many resets it stands for, second captures too. */
  members(reset: number): number {
    return this.#settled.get(reset)?.members ?? this.#resets.members(reset);
  }

  /** The same without second captures: 0 where it is one itself. */
  times(reset: number): number {
    return this.#settled.get(reset)?.times ?? this.#resets.times(reset);
  }

  /** Time of the newest one that it stands for. */
  lastTime(reset: number): Nanoseconds {
    return this.#settled.get(reset)?.lastNs ?? this.#resets.lastTime(reset);
  }

  time(reset: number): Nanoseconds {
    return this.#settled.get(reset)?.timeNs ?? this.#packets.time(this.packet(reset));
  }

  clientAddress(reset: number): string {
    return this.#settled.get(reset)?.clientAddress ?? this.#flows.address(this.#told(reset), 0);
  }

  /** Address and port of the server as the capture nearest to the client has it: the same for all resets of a connection. */
  server(reset: number): string {
    return this.#settled.get(reset)?.endpoints[1] ?? this.#flows.endpoint(this.#told(reset), 1);
  }

  /** One device reset both ends of the connection, as captures on both sides of it show. */
  isOneAct(reset: number): boolean {
    const event = this.#join().event(reset);
    return event !== undefined && event.sameActAs !== null;
  }

  /** The flow that stands for the connection: what is translated on the way has its addresses there. */
  #told(reset: number): FlowRecord {
    return this.#join().primaryFlow(this.flow(reset));
  }

  endpoint(reset: number, side: 0 | 1): string {
    return this.#settled.get(reset)?.endpoints[side] ?? this.#flows.endpoint(this.flow(reset), side);
  }

  endpointKey(reset: number, side: 0 | 1): number {
    return this.#settled.get(reset)?.endpointKeys[side] ?? this.#flows.endpointKey(this.flow(reset), side);
  }

  serverName(reset: number): string {
    return this.#settled.get(reset)?.serverName ?? this.#names.serverName(this.flow(reset));
  }

  /** Who sent it, for people, as of the verdict that the columns hold. */
  label(reset: number): string {
    const settled = this.#settled.get(reset);
    if (settled !== undefined) return settled.label;
    const pattern = this.labelPattern(reset);
    if (pattern === undefined) return this.#label(reset);
    const side = this.claimed(reset);
    return labelOfPattern(pattern, side, this.#flows.address(this.flow(reset), side));
  }

  /** What the labels of many resets have in common; undefined where a reset has its label for itself. */
  labelPattern(reset: number): string | undefined {
    if (this.#settled.get(reset) !== undefined) return undefined;
    return this.#verdicts.patterns[this.#verdicts.pattern[this.#verdicts.at(reset)]];
  }

  row(reset: number): ResetRow {
    const verdicts = this.#verdicts;
    const at = verdicts.at(reset);
    const { file, frame, timeNs, flow, label } = this.#settled.get(reset) ?? this.#fromLog(reset);
    const { seenAt, points } = this.#points(reset);
    return {
      id: reset,
      file,
      frame,
      timeNs,
      flow,
      label,
      client: this.endpoint(reset, 0),
      server: this.endpoint(reset, 1),
      serverName: this.serverName(reset),
      claimed: this.claimed(reset) === 0 ? 'client' : 'server',
      kind: ORIGIN_KINDS[verdicts.kind[at]],
      side: ORIGIN_SIDES[verdicts.side[at]],
      hops: verdicts.hops[at],
      confidence: verdicts.confidence[at],
      cause: CAUSE_CODES[verdicts.cause[at]],
      family: RESET_FAMILIES[verdicts.family[at]],
      obeyed: OBEYED[verdicts.obeyed[at]],
      matters: verdicts.matters[at] === 1,
      silenceSeconds: verdicts.silenceSeconds[at],
      unacknowledged: verdicts.unacknowledged[at],
      count: this.members(reset),
      seenAt,
      points,
      proven: verdicts.proven[at] === 1,
    };
  }

  #points(reset: number): Pick<ResetRow, 'seenAt' | 'points'> {
    const event = this.#settled.get(reset) === undefined ? this.#join().event(reset) : undefined;
    if (event === undefined) return { seenAt: 0, points: 0 };
    const seenAt = event.sightings.length;
    return { seenAt, points: seenAt + event.absences.length };
  }

  #fromLog(reset: number): Pick<ResetRow, 'file' | 'frame' | 'timeNs' | 'flow' | 'label'> {
    const packet = this.packet(reset);
    return {
      file: this.#packets.file(packet),
      frame: this.#packets.frame(packet),
      timeNs: this.#packets.time(packet),
      flow: this.#flows.id(this.flow(reset)),
      label: this.label(reset),
    };
  }
}
