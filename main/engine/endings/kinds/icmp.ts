/** What ICMP errors said of a flow, and to whom. */
import type { PacketNumber } from '../../../../shared/base/units.ts';
import { addressText } from '../../../../shared/format/address.ts';
import { icmpText } from '../../../../shared/texts/icmp.ts';
import { ipVersionOf, META } from '../../flow/record.ts';
import { ICMP_PACKET, ICMP_REPORTER } from '../../store/icmp-log.ts';
import type { IcmpLog } from '../../store/icmp-log.ts';
import type { EndingCase } from '../found.ts';
import { type Segment, isIcmp } from '../segments.ts';

export interface ToldError {
  readonly segment: Segment;
  readonly type: number;
  readonly code: number;
  /** "port unreachable" */
  readonly name: string;
  readonly errno: string;
  /** Address of whoever said it; null where that was not kept. */
  readonly reporter: string | null;
  readonly ipVersion: 4 | 6;
  /** The path's MTU is smaller than the packet: for the stack, no refusal. */
  readonly isTooBig: boolean;
  /** A TTL that ran out: a loop, or traceroute. */
  readonly isTimeExceeded: boolean;
}

/** The same error at several interfaces of one capture comes this soon. */
const COPY_NS = 5e6;

/** Errors that one side was told, oldest first, each once. @param told 0: the client */
export function errorsTold(c: EndingCase, told: 0 | 1): ToldError[] {
  const ipVersion = ipVersionOf(c.view.flows.word(c.flow, META)) === 6 ? 6 : 4;
  return c.segments
    .filter((segment) => isIcmp(segment) && segment.direction !== told)
    .filter((segment, i, all) => i === 0 || !isCopy(segment, all[i - 1]))
    .map((segment) => {
      const type = segment.seq >> 8;
      const code = segment.seq & 0xff;
      const isTooBig = ipVersion === 4 ? type === 3 && code === 4 : type === 2;
      const { name, errno } = isTooBig
        ? { name: 'fragmentation needed', errno: 'EMSGSIZE' }
        : icmpText(ipVersion, type, code);
      return {
        segment,
        type,
        code,
        name,
        errno,
        reporter: reporterOf(c.view.icmpLog, segment.packet, ipVersion),
        ipVersion,
        isTooBig,
        isTimeExceeded: type === (ipVersion === 4 ? 11 : 3),
      };
    });
}

/** `ack` holds the sequence number that the error quotes: routers answer each packet, and each of those once. */
function isCopy(error: Segment, before: Segment): boolean {
  return error.seq === before.seq && error.ack === before.ack && error.ns - before.ns <= COPY_NS;
}

/** The log holds errors in the order of their packets. */
function reporterOf(log: IcmpLog, packet: PacketNumber, ipVersion: 4 | 6): string | null {
  let low = log.first;
  let high = log.count - 1;
  while (low <= high) {
    const id = (low + high) >>> 1;
    const words = log.words(id);
    const at = log.at(id);
    const there = words[at + ICMP_PACKET] >>> 0;
    if (there === packet) return addressText(words, at + ICMP_REPORTER, ipVersion);
    if (there < packet) low = id + 1;
    else high = id - 1;
  }
  return null;
}

/** "port unreachable (ICMP type 3 code 3)" */
export function errorText({ name, type, code, ipVersion }: ToldError): string {
  return `${name} (ICMP${ipVersion === 6 ? 'v6' : ''} type ${type} code ${code})`;
}
