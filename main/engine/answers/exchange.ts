/** The talk of a connection until one of its packets: who sent how much, in turns. */
import { seqDelta } from '../../../shared/base/seq.ts';
import type { FlowRecord, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import type { Exchange, ExchangeStep } from '../../../shared/model/exchange.ts';
import { MARK_DUPLICATE_CAPTURE } from '../../../shared/model/packet-marks.ts';
import { TCP_ACK, TCP_FIN, TCP_RST, TCP_SYN } from '../decode/facts.ts';
import { MARK_ICMP } from '../flow/marks.ts';
import type { PacketIndex } from '../store/packet-index.ts';

export interface ExchangeStores {
  readonly packets: PacketIndex;
  flowPackets(flow: FlowRecord): Uint32Array;
}

/** Turns that are told one by one: more than people read, and than a script should hold. */
const MOST_STEPS = 64;

type Growing = { -readonly [Key in keyof ExchangeStep]: ExchangeStep[Key] };

/** @param until the packet at which it ends, which is not looked at itself */
export function exchangeUntil(stores: ExchangeStores, flow: FlowRecord, until: PacketNumber): Exchange {
  const { packets } = stores;
  const steps: Growing[] = [];
  let moreSteps = 0;
  let synFrame: number | null = null;
  let establishedFrame: number | null = null;
  let sawSynAck = false;
  let lastNs: number | null = null;
  const highest: (SeqNumber | null)[] = [null, null];
  const finished = [false, false];
  for (const one of stores.flowPackets(flow)) {
    if (one >= until) break;
    const packet = one as PacketNumber;
    const marks = packets.marks(packet);
    const flags = packets.flags(packet);
    if ((marks & (MARK_ICMP | MARK_DUPLICATE_CAPTURE)) !== 0 || (flags & TCP_RST) !== 0) continue;
    const side = packets.direction(packet);
    const timeNs = packets.time(packet);
    const frame = packets.frame(packet);
    if ((flags & TCP_SYN) !== 0) {
      if ((flags & TCP_ACK) !== 0) sawSynAck = true;
      else synFrame ??= frame;
      lastNs ??= timeNs;
      highest[side] = (packets.seq(packet) + 1) as SeqNumber;
      continue;
    }
    const isFromClient = side === 0;
    if (establishedFrame === null && (sawSynAck || synFrame === null) && isFromClient) {
      if (sawSynAck) establishedFrame = frame;
      lastNs = timeNs;
    }
    lastNs ??= timeNs;
    const begin = packets.seq(packet);
    const payload = packets.payload(packet);
    const before = highest[side] ?? begin;
    const fresh = Math.min(payload, seqDelta((begin + payload) as SeqNumber, before));
    const isFin = (flags & TCP_FIN) !== 0 && !finished[side];
    if (fresh > 0) {
      highest[side] = ((begin + payload) | 0) as SeqNumber;
      const last = steps.at(-1);
      const from = isFromClient ? 'client' : 'server';
      if (last?.from === from && last.kind === 'data') {
        last.bytes += fresh;
        last.lastFrame = frame;
      } else if (steps.length < MOST_STEPS) {
        const afterSeconds = (timeNs - lastNs) / 1e9;
        steps.push({
          from,
          kind: 'data',
          bytes: fresh,
          firstFrame: frame,
          lastFrame: frame,
          packet,
          afterSeconds,
        });
      } else {
        moreSteps++;
      }
      lastNs = timeNs;
    }
    if (isFin) {
      finished[side] = true;
      const afterSeconds = (timeNs - lastNs) / 1e9;
      const from = isFromClient ? 'client' : 'server';
      steps.push({ from, kind: 'fin', bytes: 0, firstFrame: frame, lastFrame: frame, packet, afterSeconds });
      lastNs = timeNs;
    }
  }
  const endsAfterSeconds = lastNs === null ? 0 : Math.max(0, (packets.time(until) - lastNs) / 1e9);
  return { synFrame, establishedFrame, steps, moreSteps, endsAfterSeconds };
}
