/**
 * What Wireshark's relative numbers count from, and the number of its stream, for one flow: whoever reads many packets keeps
 * `TcpBases` instead.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import { TCP_ACK, TCP_SYN } from '../decode/facts.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { META, isTcp } from '../flow/record.ts';
import type { PacketIndex } from '../store/packet-index.ts';
import type { FlowView } from './flow-view.ts';
import type { StreamPlaces } from './packet-context.ts';
import { packetsOfFlow } from './packet-view.ts';

export class FlowPlaces implements StreamPlaces {
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;
  readonly #view: FlowView;
  #flow = -1;
  #bases: (SeqNumber | undefined)[] = [];

  constructor(packets: PacketIndex, flows: FlowTable, view: FlowView) {
    this.#packets = packets;
    this.#flows = flows;
    this.#view = view;
  }

  base(flowAndDirection: number): SeqNumber | undefined {
    const flow = (flowAndDirection >>> 1) as FlowRecord;
    if (flow !== this.#flow) {
      this.#flow = flow;
      this.#bases = this.#find(flow);
    }
    return this.#bases[flowAndDirection & 1];
  }

  /** Its place among the flows of its protocol; of an endless capture its id. */
  stream(flow: FlowRecord): number {
    const flows = this.#flows;
    if (flows.records !== flows.count) return flows.id(flow);
    const wanted = isTcp(flows.word(flow, META));
    let count = 0;
    for (let other = 0 as FlowRecord; other < flow; other++) {
      if (isTcp(flows.word(other, META)) === wanted) count++;
    }
    return count;
  }

  #find(flow: FlowRecord): (SeqNumber | undefined)[] {
    const packets = this.#packets;
    const bases: (SeqNumber | undefined)[] = [undefined, undefined];
    const hasSyn = [false, false];
    for (const number of packetsOfFlow(packets, this.#view, flow)) {
      const packet = number as PacketNumber;
      if ((packets.marks(packet) & MARK_ICMP) !== 0) continue;
      const direction = packets.direction(packet);
      const flags = packets.flags(packet);
      const isSyn = (flags & TCP_SYN) !== 0;
      // A SYN says where its side starts, whatever somebody sent in its name before.
      if (isSyn && !hasSyn[direction]) bases[direction] = packets.seq(packet);
      else bases[direction] ??= seqAdd(packets.seq(packet), -1);
      hasSyn[direction] ||= isSyn;
      if ((flags & TCP_ACK) !== 0) bases[1 - direction] ??= seqAdd(packets.ack(packet), -1);
      if (hasSyn[0] && hasSyn[1]) break;
    }
    return bases;
  }
}
