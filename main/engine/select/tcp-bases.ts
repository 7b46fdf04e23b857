/**
 * What Wireshark's relative numbers of TCP count from, for each direction of each flow, and the numbers of its streams.
 *
 * The tracker's BASE_SEQ will not do: it believes no reset, and counts a connection joined in the middle from the first segment
 * seen, where Wireshark counts that segment as 1. Filters have to give Wireshark's frames, so this has Wireshark's rule: the
 * first segment of a direction decides, a SYN by its own number, any other by the number before it; and what a segment
 * acknowledges decides for the other direction as long as nothing of that was seen.
 *
 * Invariant: everything below `#to` was taken in. It only grows, a pass over the packets that came since.
 */
import type { FlowRecord, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import type { StreamPlaces } from '../answers/packet-context.ts';
import { TCP_ACK, TCP_SYN } from '../decode/facts.ts';
import type { FlowTable } from '../flow/flow-table.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import { META, isTcp } from '../flow/record.ts';
import { CHUNK_PACKETS, NO_FLOW, type PacketIndex, chunkOf, rowOf } from '../store/packet-index.ts';

const KNOWN = 1;

export class TcpBases implements StreamPlaces {
  readonly #packets: PacketIndex;
  readonly #flows: FlowTable;
  /** By flow << 1 | direction. */
  #bases = new Int32Array(1024);
  #known = new Uint8Array(1024);
  #to = 0 as PacketNumber;
  /** By flow: which of the TCP flows, or of the others, it is. */
  #streams = new Uint32Array(512);
  #numbered = 0;
  #tcpStreams = 0;
  #otherStreams = 0;

  constructor(packets: PacketIndex, flows: FlowTable) {
    this.#packets = packets;
    this.#flows = flows;
  }

  /** Packets that were taken in are below it. */
  get to(): PacketNumber {
    return this.#to;
  }

  /** Takes in the packets of the next chunk that has new ones; false where there are none. */
  takeChunk(): boolean {
    const packets = this.#packets;
    // Numbers of packets have begun anew.
    if (this.#to > packets.next) this.#to = 0 as PacketNumber;
    if (this.#to < packets.oldest) this.#to = packets.oldest;
    if (this.#to >= packets.next) return false;
    const chunk = packets.chunk(this.#to);
    const start = rowOf(this.#to);
    this.#makeRoom();
    const bases = this.#bases;
    const known = this.#known;
    const { flow, flags, seq, ack, marks, used } = chunk;
    for (let row = start; row < used; row++) {
      const at = flow[row];
      if (at >>> 1 === NO_FLOW || (marks[row] & MARK_ICMP) !== 0) continue;
      const segment = flags[row];
      // A SYN-ACK says its side's number, whatever came before it: that may have been forged.
      const isSynAck = (segment & (TCP_SYN | TCP_ACK)) === (TCP_SYN | TCP_ACK);
      if (known[at] === 0 || isSynAck) {
        bases[at] = (segment & TCP_SYN) !== 0 ? seq[row] : seq[row] - 1;
        known[at] = KNOWN;
      }
      if ((segment & TCP_ACK) !== 0 && known[at ^ 1] === 0) {
        bases[at ^ 1] = ack[row] - 1;
        known[at ^ 1] = KNOWN;
      }
    }
    const end = chunkOf(this.#to) * CHUNK_PACKETS + used;
    // A chunk that closed early has no further packets.
    const isLast = chunkOf(this.#to) === packets.chunkCount - 1;
    this.#to = (isLast ? end : (chunkOf(this.#to) + 1) * CHUNK_PACKETS) as PacketNumber;
    return this.#to < packets.next;
  }

  /** The base of a direction, as in the packet index; undefined where nothing was seen of it. */
  base(flowAndDirection: number): SeqNumber | undefined {
    return this.#known[flowAndDirection] === KNOWN ? (this.#bases[flowAndDirection] as SeqNumber) : undefined;
  }

  /** By flow << 1 | direction, for who reads many; not to be kept beyond the next `takeChunk`. */
  get bases(): Int32Array {
    return this.#bases;
  }

  /** Number of the flow among those of its protocol, as Wireshark's tcp.stream and udp.stream. */
  stream(flow: FlowRecord): number {
    if (flow >= this.#numbered) this.#number();
    return this.#streams[flow];
  }

  #number(): void {
    const flows = this.#flows;
    this.#makeRoom();
    // Records that are used again are numbered by their ids: nobody else counts the streams of an endless capture.
    if (flows.records !== flows.count) {
      for (let flow = 0 as FlowRecord; flow < flows.records; flow++) this.#streams[flow] = flows.id(flow);
      return;
    }
    for (; this.#numbered < flows.records; this.#numbered++) {
      const flow = this.#numbered as FlowRecord;
      this.#streams[flow] = isTcp(flows.word(flow, META)) ? this.#tcpStreams++ : this.#otherStreams++;
    }
  }

  #makeRoom(): void {
    const { records } = this.#flows;
    if (2 * records > this.#bases.length) {
      const size = Math.max(2 * records, 2 * this.#bases.length);
      const bases = new Int32Array(size);
      const known = new Uint8Array(size);
      bases.set(this.#bases);
      known.set(this.#known);
      this.#bases = bases;
      this.#known = known;
    }
    if (records > this.#streams.length) {
      const streams = new Uint32Array(Math.max(records, 2 * this.#streams.length));
      streams.set(this.#streams);
      this.#streams = streams;
    }
  }
}
