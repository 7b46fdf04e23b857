/**
 * A flow of one SYN keeps its sides in four words of its head: in a flood there are millions of them, and all that the sides would
 * say follows from the SYN. As soon as anything more comes, FlowTable gives the flow its sides.
 *
 * Invariant: a flow is folded only where unfolding makes exactly the sides that it had. Folding tries that each time, so that
 * nothing a SYN can bring is lost, whatever the tracker makes of it.
 */
import { seqAdd } from '../../../shared/base/seq.ts';
import type { PartBlock } from './part-block.ts';
import {
  BASE_SEQ,
  FIRST_LETTER_SYN,
  FIRST_PACKET,
  FIRST_TIME,
  HANDSHAKE_NS,
  HISTORY,
  LAST_SENT,
  LAST_SENT_TIME,
  LAST_TS_VALUE,
  LAST_WORDS,
  MAX_TO_BE_ACKED,
  NEXT_SEQ,
  NEXT_SEQ_TIME,
  NO_PACKET,
  PACKETS,
  SEEN,
  SEEN_ANY,
  SEEN_SYN,
  SENT_PACKETS,
  SIDES_WORDS,
  SIDE_WORDS,
  SYN_ACK_US,
  SYN_OPTIONS,
  TTLS,
  WINDOWS,
} from './record.ts';

// What the last words of the head are in a lone SYN.
const SYN_SEQ = LAST_WORDS;
const SYN_TS_VALUE = LAST_WORDS + 1;
/** window | TTL << 16 | SEEN_TIMESTAMPS and the two bits after it << 24 */
const SYN_WINDOW = LAST_WORDS + 2;
const SYN_ITS_OPTIONS = LAST_WORDS + 3;

/** SEEN bits of a SYN that differ from one to the next: from SEEN_TIMESTAMPS on. */
const SEEN_SHIFT = 7;
const SEEN_VARYING = 7;

/** Whether the last words of a head that has sides say no more than that a SYN came from the client. */
function isPlain(words: Int32Array, at: number): boolean {
  return (
    words[at + PACKETS] === 1 &&
    words[at + HISTORY] === FIRST_LETTER_SYN &&
    words[at + HISTORY + 1] === 0 &&
    words[at + HANDSHAKE_NS] === 0 &&
    words[at + SYN_ACK_US] === 0
  );
}

/** Gives the last words of a head the meaning back that they have beside sides. */
export function unfoldHead(words: Int32Array, at: number): void {
  words[at + HISTORY] = FIRST_LETTER_SYN;
  words[at + HISTORY + 1] = 0;
  words[at + HANDSHAKE_NS] = 0;
  words[at + SYN_ACK_US] = 0;
}

/** Writes the sides of a lone SYN into a part that is all zeros, or holds those of another one. */
export function unfoldSides(head: PartBlock, at: number, sides: PartBlock, sidesAt: number): void {
  const from = head.words;
  const { words, doubles } = sides;
  const rest = from[at + SYN_WINDOW];
  const next = seqAdd(from[at + SYN_SEQ], 1);
  words[sidesAt + NEXT_SEQ] = next;
  words[sidesAt + BASE_SEQ] = from[at + SYN_SEQ];
  words[sidesAt + WINDOWS] = rest & 0xffff;
  words[sidesAt + SEEN] = SEEN_ANY | SEEN_SYN | ((rest >>> 24) << SEEN_SHIFT);
  words[sidesAt + SENT_PACKETS] = 1;
  words[sidesAt + TTLS] = Math.imul((rest >>> 16) & 0xff, 0x0101_0101);
  words[sidesAt + LAST_TS_VALUE] = from[at + SYN_TS_VALUE];
  words[sidesAt + LAST_SENT] = from[at + FIRST_PACKET];
  words[sidesAt + MAX_TO_BE_ACKED] = next;
  words[sidesAt + SYN_OPTIONS] = from[at + SYN_ITS_OPTIONS];
  words[sidesAt + SIDE_WORDS + LAST_SENT] = NO_PACKET | 0;
  const timeNs = head.doubles[(at >> 1) + FIRST_TIME];
  doubles[(sidesAt >> 1) + NEXT_SEQ_TIME] = timeNs;
  doubles[(sidesAt >> 1) + LAST_SENT_TIME] = timeNs;
}

/**
 * Takes the sides of a flow into its head where they are those of a lone SYN.
 * @param scratch a part of its own, which holds nothing or the sides of another lone SYN
 * @returns whether they are: then the sides can be given back
 */
export function foldSides(
  head: PartBlock,
  at: number,
  sides: PartBlock,
  sidesAt: number,
  scratch: PartBlock,
  scratchAt: number,
): boolean {
  const { words } = head;
  const from = sides.words;
  const seen = from[sidesAt + SEEN];
  if ((seen & SEEN_SYN) === 0 || !isPlain(words, at)) return false;
  words[at + SYN_SEQ] = from[sidesAt + BASE_SEQ];
  words[at + SYN_TS_VALUE] = from[sidesAt + LAST_TS_VALUE];
  words[at + SYN_WINDOW] =
    (from[sidesAt + WINDOWS] & 0xffff) |
    ((from[sidesAt + TTLS] & 0xff) << 16) |
    (((seen >> SEEN_SHIFT) & SEEN_VARYING) << 24);
  words[at + SYN_ITS_OPTIONS] = from[sidesAt + SYN_OPTIONS];
  unfoldSides(head, at, scratch, scratchAt);
  for (let word = 0; word < SIDES_WORDS; word++) {
    if (scratch.words[scratchAt + word] === from[sidesAt + word]) continue;
    unfoldHead(words, at);
    return false;
  }
  return true;
}
