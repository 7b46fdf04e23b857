/**
 * The Zeek-style history of a connection (conn.log `history`): one letter for each kind of event, in the order in which
 * they first happened; upper case for the client, lower case for the server.
 *
 * S SYN, H SYN-ACK, A pure ACK, D payload, F FIN, R RST, T retransmission, W zero window, G gap.
 * Unlike Zeek, T, W and G are noted once and not at every power of ten: eighteen letters are all there can be. Most connections
 * have eight; those behind the first twelve are rarities.
 */
import type { FlowRecord } from '../../../shared/base/units.ts';
import type { FlowCursor } from './flow-cursor.ts';
import type { FlowTable } from './flow-table.ts';
import { FIRST_LETTER_SYN, HISTORY, HISTORY_MORE } from './record.ts';

/** What a letter of the client is kept as; that of the server is one more. 0 is no letter. */
export const HISTORY_LETTERS = {
  syn: FIRST_LETTER_SYN,
  synAck: 3,
  ack: 5,
  data: 7,
  fin: 9,
  reset: 11,
  retransmission: 13,
  zeroWindow: 15,
  gap: 17,
} as const;

const TEXTS = '-SsHhAaDdFfRrTtWwGg';

const LETTER_BITS = 5;
const LETTER_MASK = (1 << LETTER_BITS) - 1;
const WORD_BITS = 6 * LETTER_BITS;

/** Adds the letter unless that side has it already. */
export function addHistory(flow: FlowCursor, letter: number): void {
  const { words, at, direction } = flow;
  const own = letter + direction;
  for (let word = at + HISTORY; word <= at + HISTORY + 1; word++) {
    const place = placeIn(words[word], own);
    if (place < 0) return;
    if (place === WORD_BITS) continue;
    words[word] |= own << place;
    return;
  }
  const more = flow.table.word(flow.flow, HISTORY_MORE);
  const place = placeIn(more, own);
  if (place >= 0 && place < WORD_BITS) flow.table.setWord(flow.flow, HISTORY_MORE, more | (own << place));
}

/** Where a letter belongs in a word: −1 where the word has it, WORD_BITS where the word is full. */
function placeIn(word: number, letter: number): number {
  let place = 0;
  for (; place < WORD_BITS; place += LETTER_BITS) {
    const there = (word >>> place) & LETTER_MASK;
    if (there === letter) return -1;
    if (there === 0) return place;
  }
  return place;
}

export function historyText(flows: FlowTable, flow: FlowRecord): string {
  let text = '';
  for (const word of [HISTORY, HISTORY + 1, HISTORY_MORE]) {
    const letters = flows.word(flow, word);
    for (let place = 0; place < WORD_BITS; place += LETTER_BITS) {
      const letter = (letters >>> place) & LETTER_MASK;
      if (letter === 0) return text;
      text += TEXTS[letter];
    }
  }
  return text;
}
