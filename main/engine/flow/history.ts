/**
 * The Zeek-style history of a connection (conn.log `history`): one letter for each kind of event, in the order in which
 * they first happened; upper case for the client, lower case for the server.
 *
 * S SYN, H SYN-ACK, A pure ACK, D payload, F FIN, R RST, T retransmission, W zero window, G gap.
 * Unlike Zeek, T, W and G are noted once and not at every power of ten, and twenty letters are the most.
 */
import type { FlowCursor } from './flow-cursor.ts';
import { HISTORY } from './record.ts';

export const HISTORY_LETTERS = {
  syn: 0x53,
  synAck: 0x48,
  ack: 0x41,
  data: 0x44,
  fin: 0x46,
  reset: 0x52,
  retransmission: 0x54,
  zeroWindow: 0x57,
  gap: 0x47,
} as const;

/** All letters of both sides are 18, so that a zero always ends them. */
const MAX_LETTERS = 20;

/** The flow, and the side whose letter it is. */
type HistoryOwner = Pick<FlowCursor, 'words' | 'at' | 'direction'>;

/** Adds the letter (upper case ASCII) unless that side has it already. */
export function addHistory({ words, at, direction }: HistoryOwner, letter: number): void {
  const own = direction === 0 ? letter : letter | 0x20;
  const start = at + HISTORY;
  for (let i = 0; i < MAX_LETTERS; i++) {
    const shift = (i & 3) << 3;
    const there = (words[start + (i >> 2)] >> shift) & 0xff;
    if (there === own) return;
    if (there !== 0) continue;
    words[start + (i >> 2)] |= own << shift;
    return;
  }
}

export function historyText(words: Int32Array, flowAt: number): string {
  let text = '';
  for (let i = 0; i < MAX_LETTERS; i++) {
    const letter = (words[flowAt + HISTORY + (i >> 2)] >> ((i & 3) << 3)) & 0xff;
    if (letter === 0) break;
    text += String.fromCharCode(letter);
  }
  return text;
}
