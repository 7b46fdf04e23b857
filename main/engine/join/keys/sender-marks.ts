/**
 * What the sender of a packet wrote into it and a device that rewrites sequence numbers leaves alone: IP-IDs and time stamps.
 * Packets that have them in common tell by how much the numbers were moved, and that one host made both, even where a flow has
 * no data and no answer.
 */
import type { FlowRecord, PacketNumber } from '../../../../shared/base/units.ts';
import { seqDelta } from '../../../../shared/base/seq.ts';
import { TCP_ACK, TCP_FLAGS_MASK } from '../../decode/facts.ts';
import { FLAG_TIMESTAMPS } from '../../store/packet-columns.ts';
import { packetsOf } from '../agreement.ts';
import { mix } from '../mix.ts';
import type { JoinStores } from '../stores.ts';

/** Of the packets with a mark in common those that are moved as most are. */
const LEAST_SHARE = 0.6;
/** Many hosts count their IP-IDs up by one: all of a side are worth no more than its first. */
const MOST_IDS_OF_SIDE = 1;
/** Below it an IP-ID counts as chosen rather than drawn: tools begin with 1, and some always send it. */
const SMALLEST_DRAWN_ID = 256;

export interface SenderMarks {
  /** Of the first flow's client and server: what is added to their numbers at the second. */
  readonly seqShift: readonly [number, number];
  /** Independent marks of 16 bits each that agree and are moved by this. */
  readonly marks: number;
}

/** Undefined where the two flows have no mark in common, or where the packets that have are moved in several ways. */
export function senderMarks(
  stores: JoinStores,
  first: FlowRecord,
  second: FlowRecord,
): SenderMarks | undefined {
  const pairs: Marked[] = [];
  for (const keyOf of [stampKey, idKey]) {
    const ours = singles(stores, first, keyOf);
    const theirs = singles(stores, second, keyOf);
    for (const [key, packet] of ours) {
      const other = theirs.get(key);
      if (packet === undefined || other === undefined) continue;
      pairs.push({ ...moves(stores, packet, other), isStamp: keyOf === stampKey });
    }
  }
  const seqShift = [mostOf(pairs, 0) ?? 0, mostOf(pairs, 1) ?? 0] as const;
  let stamps = 0;
  let agreeing = 0;
  const ids = [0, 0];
  for (const { direction, by, isStamp } of pairs) {
    if (by.some((shift, side) => shift !== undefined && shift !== seqShift[side])) continue;
    agreeing++;
    if (isStamp) stamps++;
    else ids[direction] = Math.min(MOST_IDS_OF_SIDE, ids[direction] + 1);
  }
  if (agreeing === 0 || agreeing < LEAST_SHARE * pairs.length) return undefined;
  return { seqShift, marks: stamps + ids[0] + ids[1] };
}

/** Two packets with the same mark. */
interface Marked {
  readonly direction: number;
  /** By side: how its numbers are moved; undefined where the packets do not tell. */
  readonly by: readonly [number | undefined, number | undefined];
  readonly isStamp: boolean;
}

type KeyOf = (stores: JoinStores, packet: PacketNumber) => number | undefined;

function stampKey(stores: JoinStores, packet: PacketNumber): number | undefined {
  const { packets } = stores;
  if ((packets.flags(packet) & FLAG_TIMESTAMPS) === 0) return undefined;
  return mix(formKey(stores, packet), packets.optionDigest(packet));
}

function idKey(stores: JoinStores, packet: PacketNumber): number | undefined {
  const id = stores.packets.ipId(packet);
  return id < SMALLEST_DRAWN_ID ? undefined : mix(formKey(stores, packet), id);
}

function formKey({ packets, flows }: JoinStores, packet: PacketNumber): number {
  const form = (packets.direction(packet) << 16) | (packets.flags(packet) & TCP_FLAGS_MASK);
  return mix(mix(flows.seed, form), packets.payload(packet));
}

/** Packets by key; undefined for those that have theirs in common, and for IP-IDs that more than one packet of the flow has. */
function singles(stores: JoinStores, flow: FlowRecord, keyOf: KeyOf): Map<number, PacketNumber | undefined> {
  const found = new Map<number, PacketNumber | undefined>();
  const byId = new Map<number, number>();
  for (const packet of packetsOf(stores, flow)) {
    const key = keyOf(stores, packet);
    if (key === undefined) continue;
    let isSingle = !found.has(key);
    if (keyOf === idKey) {
      const id = stores.packets.ipId(packet);
      const earlier = byId.get(id);
      if (earlier !== undefined) found.set(earlier, undefined);
      isSingle &&= earlier === undefined;
      byId.set(id, key);
    }
    found.set(key, isSingle ? packet : undefined);
  }
  return found;
}

function moves({ packets }: JoinStores, packet: PacketNumber, other: PacketNumber): Omit<Marked, 'isStamp'> {
  const direction = packets.direction(packet);
  const seq = seqDelta(packets.seq(other), packets.seq(packet));
  // A reset that answers what it knows nothing of has the number 0 wherever it is seen.
  const ofSender = packets.seq(packet) === 0 && packets.seq(other) === 0 ? undefined : seq;
  const hasAck = (packets.flags(packet) & TCP_ACK) !== 0;
  const ofOther = hasAck ? seqDelta(packets.ack(other), packets.ack(packet)) : undefined;
  return { direction, by: direction === 0 ? [ofSender, ofOther] : [ofOther, ofSender] };
}

function mostOf(pairs: readonly Marked[], side: 0 | 1): number | undefined {
  const votes = new Map<number, number>();
  let most: number | undefined;
  for (const { by } of pairs) {
    const shift = by[side];
    if (shift === undefined) continue;
    const count = (votes.get(shift) ?? 0) + 1;
    votes.set(shift, count);
    if (most === undefined || count > (votes.get(most) ?? 0)) most = shift;
  }
  return most;
}
