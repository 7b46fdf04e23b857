/** Flows by the first bytes of both sides. */
import type { FlowRecord } from '../../../../shared/base/units.ts';
import { seqAdd, seqDelta } from '../../../../shared/base/seq.ts';
import { BASE_SEQ, NEXT_SEQ, SEEN, SEEN_FIN, SEEN_SYN, SEEN_SYN_ACK } from '../../flow/record.ts';
import { HEAD_BYTES, SHORT_HEAD_BYTES, type Head } from '../../stream/fingerprints.ts';
import { mix } from '../mix.ts';
import type { PairBook } from '../pair-book.ts';

/** Bytes of both sides together from which on heads tell anything. */
const FEWEST_BYTES = 64;
const SYNS = SEEN_SYN | SEEN_SYN_ACK;

/** The first bytes of a side, if they are those that followed its SYN, as far as that was seen. */
export function headOf({ stores }: PairBook, flow: FlowRecord, direction: 0 | 1): Head | undefined {
  const { flows, hints } = stores;
  const head = hints.fingerprints?.head(flow, direction);
  if (head === undefined || head.hasProxyHeader) return head;
  const hasBegin = (flows.directionWord(flow, direction, SEEN) & SYNS) !== 0;
  const begin = seqAdd(flows.directionWord(flow, direction, BASE_SEQ), 1);
  return hasBegin && begin !== head.startSeq ? undefined : head;
}

/** By the heads of both sides; undefined where one says nothing, too little, or not all that it could. */
export function headsKey(book: PairBook, flow: FlowRecord): number | undefined {
  const client = headOf(book, flow, 0);
  const server = headOf(book, flow, 1);
  if (client === undefined || server === undefined) return undefined;
  if (client.length + server.length < FEWEST_BYTES) return undefined;
  if (isShort(client) || isShort(server)) return undefined;
  const ofClient = mix(mix(book.facts.seed, client.hash), client.length);
  return mix(mix(ofClient, server.hash), server.length);
}

/** By the little that packets which were captured in part have of their heads. */
export function shortHeadsKey(book: PairBook, flow: FlowRecord): number | undefined {
  const client = headOf(book, flow, 0);
  const server = headOf(book, flow, 1);
  if (client === undefined || server === undefined) return undefined;
  if (client.length < SHORT_HEAD_BYTES || server.length < SHORT_HEAD_BYTES) return undefined;
  return mix(mix(book.facts.seed, client.shortHash), server.shortHash);
}

function isShort(head: Head): boolean {
  return head.isCut && head.length < HEAD_BYTES;
}

/** Bytes that a side sent, as far as they were seen; undefined without a head. */
export function streamLength(book: PairBook, flow: FlowRecord, direction: 0 | 1): number | undefined {
  const head = headOf(book, flow, direction);
  if (head === undefined) return undefined;
  const { flows } = book.stores;
  const hasFin = (flows.directionWord(flow, direction, SEEN) & SEEN_FIN) !== 0;
  return seqDelta(flows.directionWord(flow, direction, NEXT_SEQ), head.startSeq) - (hasFin ? 1 : 0);
}
