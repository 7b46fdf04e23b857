/** Packets through a filter, of the whole capture or of one flow: windows of them, places in them, and the next of a kind. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import type { Looked } from '../../shared/model/looked.ts';
import type { Breathe } from '../engine/answers/ordering.ts';
import { patternProblem } from '../engine/select/regex.ts';
import type { Selection } from '../engine/select/selection.ts';
import type { Session } from '../engine/session.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import type { PacketRow } from '../../shared/model/rows.ts';
import { withBareLines } from './bare-rows.ts';
import { answerOpen, type FilterScans } from './filter-scan.ts';
import { frameAt } from './frame-at.ts';
import type { PacketBytes } from './packet-bytes.ts';
import { selectorOf } from '../engine/select/selector.ts';

/** Packets that some query has, in capture order. */
export interface PacketList {
  readonly total: number;
  /** How far the filter is; undefined where it looked at everything. */
  readonly looked: Looked | undefined;
  slice(from: number, count: number): readonly PacketNumber[];
}

export class PacketLists {
  readonly #session: Session;
  readonly #bytes: PacketBytes;
  readonly #scans: FilterScans;
  /** The packets of the flow that was asked for last: a list that is scrolled asks again and again. */
  #flow: { readonly flow: FlowRecord; readonly last: number; readonly numbers: Uint32Array } | undefined;

  constructor(session: Session, bytes: PacketBytes, scans: FilterScans) {
    this.#session = session;
    this.#bytes = bytes;
    this.#scans = scans;
  }

  /** @throws RpcError 'bad-request' where the filter is wrong */
  async select(filter: string, breathe: Breathe): Promise<Selection> {
    const parsed = parseFilter(filter);
    if (!parsed.ok) throw new RpcError('bad-request', parsed.error.message);
    const problem = await patternProblem(parsed.value);
    if (problem !== undefined) throw new RpcError('bad-request', problem.message);
    return selectorOf(this.#session).select(filter, parsed.value, breathe);
  }

  async list(filter: string, flow: FlowRecord | undefined, breathe: Breathe): Promise<PacketList> {
    const selection = await this.select(filter, breathe);
    if (flow === undefined) {
      const looked = this.#scans.looked(selection);
      return { total: selection.yes.size, looked, slice: (from, count) => selection.yes.slice(from, count) };
    }
    const ofFlow = this.#packetsOf(flow);
    const looked = this.#scans.looked(selection, { name: `flow ${flow}`, packets: ofFlow });
    const numbers = ofFlow.filter((packet) => selection.yes.has(packet as PacketNumber));
    const slice = (from: number, count: number): PacketNumber[] =>
      Array.from(numbers.subarray(from, from + count), (packet) => packet as PacketNumber);
    return { total: numbers.length, looked, slice };
  }

  /** Rows of a list, as complete as the bytes make them. */
  async rows(list: PacketList, from: number, count: number, signal: AbortSignal): Promise<PacketRow[]> {
    const { packets } = this.#session;
    const rows = list
      .slice(from, count)
      .filter((packet) => packets.holds(packet))
      .map((packet) => this.#session.packetRow(packet));
    return withBareLines(this.#session, this.#bytes, rows, signal);
  }

  /** The place of a packet, −1 where it is not among those of the query. Reads its bytes where they decide. */
  async position(
    filter: string,
    flow: FlowRecord | undefined,
    packet: PacketNumber,
    breathe: Breathe,
    signal: AbortSignal,
  ): Promise<number> {
    const selection = await this.select(filter, breathe);
    if (!(await this.#passes(selection, packet, signal))) return -1;
    if (flow === undefined) return selection.yes.rank(packet);
    const numbers = this.#packetsOf(flow);
    if (!numbers.includes(packet)) return -1;
    return numbers.filter((one) => one < packet && selection.yes.has(one as PacketNumber)).length;
  }

  /**
   * The nearest packet of the query beside `packet` that passes `match` as well; −1 where there is none. Where bytes decide they are
   * read on the way, so that no answer is given before it is sure.
   */
  async find(
    filter: string,
    match: string,
    flow: FlowRecord | undefined,
    packet: number,
    backward: boolean,
    breathe: Breathe,
    signal: AbortSignal,
  ): Promise<number> {
    const selections = [await this.select(filter, breathe), await this.select(match, breathe)];
    const numbers = flow === undefined ? undefined : this.#packetsOf(flow);
    let at = packet;
    for (;;) {
      await breathe();
      at = numbers === undefined ? nextMaybe(selections, at, backward) : nextIn(numbers, at, backward);
      if (at < 0) return -1;
      let passes = true;
      for (const selection of selections) {
        passes &&= await this.#passes(selection, at as PacketNumber, signal);
      }
      if (passes) return at;
      if (signal.aborted) throw new RpcError('cancelled', 'cancelled');
    }
  }

  /** The number of a frame; −1 where that file has no such frame, or it was let go. */
  at(file: number, frame: number): number {
    return frameAt(this.#session.packets, file, frame);
  }

  async #passes(selection: Selection, packet: PacketNumber, signal: AbortSignal): Promise<boolean> {
    if (selection.open.has(packet)) {
      await answerOpen(this.#session, this.#bytes, selection, [packet], signal);
    }
    return selection.yes.has(packet);
  }

  #packetsOf(flow: FlowRecord): Uint32Array {
    const last = this.#session.flowView.lastPacket(flow);
    if (this.#flow?.flow !== flow || this.#flow.last !== last) {
      this.#flow = { flow, last, numbers: this.#session.flowPackets(flow) };
    }
    return this.#flow.numbers;
  }
}

/** The nearest packet that no selection has refused. */
function nextMaybe(selections: readonly Selection[], packet: number, backward: boolean): number {
  let at = step(selections[0], packet, backward);
  for (let agreed = 0, i = 0; at >= 0 && agreed < selections.length; i = (i + 1) % selections.length) {
    const found = step(selections[i], backward ? at + 1 : at - 1, backward);
    agreed = found === at ? agreed + 1 : 1;
    at = found;
  }
  return at;
}

function step({ yes, open }: Selection, packet: number, backward: boolean): number {
  if (backward) return Math.max(yes.previous(packet), open.previous(packet));
  const sure = yes.next(packet);
  const maybe = open.next(packet);
  return sure < 0 || maybe < 0 ? Math.max(sure, maybe) : Math.min(sure, maybe);
}

/** @param numbers ascending */
function nextIn(numbers: Uint32Array, packet: number, backward: boolean): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (backward ? numbers[middle] < packet : numbers[middle] <= packet) low = middle + 1;
    else high = middle;
  }
  const place = backward ? low - 1 : low;
  return place >= 0 && place < numbers.length ? numbers[place] : -1;
}
