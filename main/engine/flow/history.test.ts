import { describe, expect, it } from 'vitest';
import { LimitCounter } from '../limits.ts';
import { BARE_ENDPOINTS, BARE_WORDS } from './endpoints.ts';
import { FlowCursor } from './flow-cursor.ts';
import { FlowTable, NO_FLOW_FOUND } from './flow-table.ts';
import { addHistory, HISTORY_LETTERS, historyText } from './history.ts';
import { RARITIES, flowMeta } from './record.ts';

const META = flowMeta(4, 6);

function newFlow(): FlowCursor {
  const table = new FlowTable(new LimitCounter());
  const cursor = new FlowCursor(table);
  cursor.bind(table.create(META, new Int32Array(BARE_WORDS), BARE_ENDPOINTS, 0, NO_FLOW_FOUND), 0);
  return cursor;
}

function add(flow: FlowCursor, direction: 0 | 1, letter: number): void {
  flow.bind(flow.flow, direction);
  addHistory(flow, letter);
}

describe('history', () => {
  it('notes each event once per side, in order, the client in capitals', () => {
    const flow = newFlow();
    expect(historyText(flow.table, flow.flow)).toBe('');
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
      add(flow, direction, letter);
    }
    expect(historyText(flow.table, flow.flow)).toBe('ShADdfR');
    expect(flow.words[flow.at + RARITIES]).toBe(0);
  });

  it('holds every letter of both sides, in any order', () => {
    const letters = Object.values(HISTORY_LETTERS);
    for (const order of [letters, letters.toReversed()]) {
      const flow = newFlow();
      for (let time = 0; time < 2; time++) {
        for (const letter of order) {
          add(flow, 0, letter);
          add(flow, 1, letter);
        }
      }
      const text = historyText(flow.table, flow.flow);
      expect(text).toBe(order === letters ? 'SsHhAaDdFfRrTtWwGg' : 'GgWwTtRrFfDdAaHhSs');
    }
  });
});
