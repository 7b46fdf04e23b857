/** Flows of an endless capture come and go: the table must find what is there, and nothing else. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LimitCounter } from '../limits.ts';
import { flowHash } from './flow-hash.ts';
import { FlowTable, NO_FLOW_FOUND } from './flow-table.ts';

const TCP4 = 4 | (6 << 8);

/** Client 10.0.0.`key`, always the same server and ports. */
function endpoints(key: number): Int32Array {
  const words = new Int32Array(8);
  words[0] = 0x0a00_0000 + key;
  words[4] = 0x0a01_0001;
  return words;
}

function find(table: FlowTable, key: number): number {
  const words = endpoints(key);
  return table.find(flowHash(table.seed, TCP4, words, 0, 4, 40_000, 80), TCP4, words, 0, 4, 40_000, 80);
}

const KEYS = 300;
const steps = fc.array(fc.tuple(fc.constantFrom('make', 'again', 'remove'), fc.nat({ max: KEYS - 1 })), {
  maxLength: 600,
});

it('holds what a plain map holds, uses records again, and never an id twice', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const table = new FlowTable(new LimitCounter());
      /** By endpoints, newest first. */
      const model = new Map<number, { readonly flow: number; readonly id: number }[]>();
      let made = 0;
      let most = 0;
      for (const [step, key] of list) {
        const known = model.get(key) ?? [];
        const found = find(table, key);
        expect(found).toBe(known[0]?.flow ?? NO_FLOW_FOUND);
        if (step === 'remove') {
          // The oldest goes first, as its packets do.
          const last = known.pop();
          if (last !== undefined) table.remove(last.flow);
        } else if (step === 'again' || found === NO_FLOW_FOUND) {
          const flow = table.create(found, TCP4, endpoints(key), 0, 4, 40_000, 80);
          known.unshift({ flow, id: made });
          expect(table.id(flow)).toBe(made++);
          expect(table.older(found, flow)).toBe(found);
        }
        model.set(key, known);
        const live = [...model.values()].flat();
        most = Math.max(most, live.length);
        expect([table.live, table.count]).toEqual([live.length, made]);
      }
      expect(table.records).toBe(most);
      for (const { flow, id } of [...model.values()].flat()) {
        expect([table.isLive(flow), table.id(flow), table.flowOf(id)]).toEqual([true, id, flow]);
      }
      for (let key = 0; key < KEYS; key++) {
        expect(find(table, key)).toBe(model.get(key)?.[0]?.flow ?? NO_FLOW_FOUND);
      }
    }),
    { numRuns: 60 },
  );
});

it('takes the flow that uses a record again for no older one', () => {
  const table = new FlowTable(new LimitCounter());
  const first = table.create(find(table, 1), TCP4, endpoints(1), 0, 4, 40_000, 80);
  const second = table.create(find(table, 1), TCP4, endpoints(1), 0, 4, 40_000, 80);
  expect(table.older(first, second)).toBe(first);
  table.remove(first);
  expect(table.older(first, second)).toBe(-1);
  const other = table.create(find(table, 2), TCP4, endpoints(2), 0, 4, 40_000, 80);
  expect(other).toBe(first);
  expect(table.older(first, second)).toBe(-1);
  expect(table.flowOf(0)).toBe(NO_FLOW_FOUND);
});
