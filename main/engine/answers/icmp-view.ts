/** Reads the log of ICMP errors as values with names, and says what each means to the program that it tells. */
import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { upperFirst } from '../../../shared/format/text.ts';
import { addressText } from '../../../shared/format/address.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { IcmpError, IcmpErrors } from '../../../shared/model/icmp-error.ts';
import { icmpText } from '../../../shared/texts/icmp.ts';
import { ipVersionOf, isTcp } from '../flow/record.ts';
import type { FlowView } from './flow-view.ts';
import type { IcmpLog } from '../store/icmp-log.ts';
import {
  ICMP_FLOW,
  ICMP_META,
  ICMP_PACKET,
  ICMP_PORTS,
  ICMP_QUOTED_DST,
  ICMP_QUOTED_SRC,
  ICMP_REPORTER,
  ICMP_STATE,
  ICMP_STATE_ESTABLISHED,
  ICMP_STATE_TELLS_SERVER,
  ICMP_WHAT,
} from '../store/icmp-log.ts';
import type { PacketIndex } from '../store/packet-index.ts';

const MAX_GROUPS = 50;

export class IcmpView {
  readonly #log: IcmpLog;
  readonly #packets: PacketIndex;
  readonly #flows: FlowView;

  constructor(log: IcmpLog, packets: PacketIndex, flows: FlowView) {
    this.#log = log;
    this.#packets = packets;
    this.#flows = flows;
  }

  get count(): number {
    return this.#log.count;
  }

  /** @param id in order of capture, from 0 */
  error(id: number): IcmpError {
    const words = this.#log.words(id);
    const at = this.#log.at(id);
    const packet = (words[at + ICMP_PACKET] >>> 0) as PacketNumber;
    const flow = words[at + ICMP_FLOW] as FlowRecord;
    const ipVersion = ipVersionOf(words[at + ICMP_META]) === 6 ? 6 : 4;
    const protocol = isTcp(words[at + ICMP_META]) ? 'tcp' : 'udp';
    const address = (word: number): string => addressText(words, at + word, ipVersion);
    const source = endpointText(address(ICMP_QUOTED_SRC), words[at + ICMP_PORTS] >>> 16);
    const target = endpointText(address(ICMP_QUOTED_DST), words[at + ICMP_PORTS] & 0xffff);
    const type = words[at + ICMP_WHAT] >> 8;
    const code = words[at + ICMP_WHAT] & 0xff;
    const state = words[at + ICMP_STATE];
    const { name, errno } = icmpText(ipVersion, type, code);
    const reporter = address(ICMP_REPORTER);
    const who =
      reporter === address(ICMP_QUOTED_DST) ? 'the host itself' : `${reporter}, a device on the path`;
    return {
      packet,
      file: this.#packets.file(packet),
      frame: this.#packets.frame(packet),
      timeNs: this.#packets.time(packet),
      flow: flow < 0 ? null : this.#flows.id(flow),
      client: flow < 0 ? source : this.#flows.endpoint(flow, 0),
      server: flow < 0 ? target : this.#flows.endpoint(flow, 1),
      protocol,
      ipVersion,
      type,
      code,
      reporter,
      told: (state & ICMP_STATE_TELLS_SERVER) === 0 ? 'client' : 'server',
      name,
      meaning: `${upperFirst(name)}, says ${who}. ${protocol === 'udp' ? ofDatagram(target, errno) : ofConnection(flow, state, errno)}`,
    };
  }

  /** Like errors together, the most frequent first. */
  summary(): IcmpErrors {
    const firstOf = new Map<string, { id: number; count: number; last: number }>();
    for (let id = this.#log.first; id < this.#log.count; id++) {
      const key = this.#key(id);
      const group = firstOf.get(key);
      if (group === undefined) firstOf.set(key, { id, count: 1, last: id });
      else {
        group.count++;
        group.last = id;
      }
    }
    const groups = [...firstOf.values()].sort((a, b) => b.count - a.count || a.id - b.id);
    return {
      total: this.#log.count,
      groups: groups.slice(0, MAX_GROUPS).map(({ id, count, last }) => ({
        example: this.error(id),
        count,
        lastNs: this.#packets.time(
          (this.#log.words(last)[this.#log.at(last) + ICMP_PACKET] >>> 0) as PacketNumber,
        ),
      })),
      moreGroups: Math.max(0, groups.length - MAX_GROUPS),
    };
  }

  /** What errors of a group share: kind, who is told, reporter, and where the refused packet went. */
  #key(id: number): string {
    const words = this.#log.words(id);
    const at = this.#log.at(id);
    const target = words.subarray(at + ICMP_QUOTED_DST, at + ICMP_QUOTED_DST + 4).join(' ');
    const reporter = words.subarray(at + ICMP_REPORTER, at + ICMP_REPORTER + 4).join(' ');
    const what = `${words[at + ICMP_WHAT]} ${words[at + ICMP_META]} ${words[at + ICMP_STATE]}`;
    // The port that was refused; that of whoever is told differs each time.
    return `${what} ${reporter} ${target} ${words[at + ICMP_PORTS] & 0xffff}`;
  }
}

/** Windows tells every UDP socket of a port unreachable, other systems only connected ones (RFC 1122 §4.1.3.3). */
function ofDatagram(target: string, errno: string): string {
  if (errno !== 'ECONNREFUSED') {
    return `The datagram to ${target} did not arrive; a connected socket may get ${errno} at its next call, others are not told.`;
  }
  return `Nothing takes UDP at ${target}: a connected socket gets ECONNREFUSED at its next call, on Windows any socket WSAECONNRESET 10054.`;
}

function ofConnection(flow: FlowRecord, state: number, errno: string): string {
  if (flow < 0) return `The connection is not in this capture; a connect would fail with ${errno}.`;
  return (state & ICMP_STATE_ESTABLISHED) === 0
    ? `It ends the handshake: connect fails with ${errno} on Linux, elsewhere it may go on until its time is over.`
    : `The connection was already open, so TCP goes on (RFC 5461); only if it dies later may the program see ${errno}.`;
}
