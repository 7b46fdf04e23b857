import { describe, expect, it } from 'vitest';
import { addHistory, HISTORY_LETTERS, historyText } from './history.ts';
import { FLOW_WORDS } from './record.ts';

describe('history', () => {
  it('notes each event once per side, in order, the client in capitals', () => {
    const words = new Int32Array(2 * FLOW_WORDS);
    for (const [direction, letter] of [
      [0, HISTORY_LETTERS.syn],
      [1, HISTORY_LETTERS.synAck],
      [0, HISTORY_LETTERS.ack],
      [0, HISTORY_LETTERS.ack],
      [0, HISTORY_LETTERS.data],
      [1, HISTORY_LETTERS.data],
      [1, HISTORY_LETTERS.fin],
      [0, HISTORY_LETTERS.reset],
    ] as const) {
      addHistory({ words, at: FLOW_WORDS, direction }, letter);
    }
    expect(historyText(words, FLOW_WORDS)).toBe('ShADdfR');
    expect(historyText(words, 0)).toBe('');
  });

  it('holds every letter of both sides that fits, and never writes past its words', () => {
    const words = new Int32Array(FLOW_WORDS);
    for (const letter of Object.values(HISTORY_LETTERS)) {
      addHistory({ words, at: 0, direction: 0 }, letter);
      addHistory({ words, at: 0, direction: 1 }, letter);
    }
    expect(historyText(words, 0)).toHaveLength(2 * Object.keys(HISTORY_LETTERS).length);
  });
});
