/**
 * The Zeek-style history of a connection (conn.log `history`): one letter for each kind of event, in the order in which
 * they first happened; upper case for the client, lower case for the server.
 *
 * S SYN, H SYN-ACK, A pure ACK, D payload, F FIN, R RST, T retransmission, W zero window, G gap.
 * Unlike Zeek, T, W and G are noted once and not at every power of ten, and twenty letters are the most.
 */
import { HISTORY, HISTORY_LENGTH } from './record.ts';

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

const MAX_LETTERS = 20;

/** Adds the letter (upper case ASCII) unless that side has it already. */
export function addHistory(words: Int32Array, flowAt: number, direction: 0 | 1, letter: number): void {
  const own = direction === 0 ? letter : letter | 0x20;
  const length = words[flowAt + HISTORY_LENGTH];
  const start = flowAt + HISTORY;
  for (let i = 0; i < length; i++) {
    if (((words[start + (i >> 2)] >> ((i & 3) << 3)) & 0xff) === own) return;
  }
  if (length === MAX_LETTERS) return;
  words[start + (length >> 2)] |= own << ((length & 3) << 3);
  words[flowAt + HISTORY_LENGTH] = length + 1;
}

export function historyText(words: Int32Array, flowAt: number): string {
  let text = '';
  for (let i = 0; i < words[flowAt + HISTORY_LENGTH]; i++) {
    text += String.fromCharCode((words[flowAt + HISTORY + (i >> 2)] >> ((i & 3) << 3)) & 0xff);
  }
  return text;
}
