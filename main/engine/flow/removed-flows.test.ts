/** Flows of an endless capture come and go: the table must find what is there, and nothing else. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LimitCounter } from '../limits.ts';
import type { FlowId, FlowRecord } from '../../../shared/base/units.ts';
import { BARE_ENDPOINTS, BARE_WORDS } from './endpoints.ts';
import { flowHash } from './flow-hash.ts';
import { FlowTable, NO_FLOW_FOUND } from './flow-table.ts';

const TCP4 = 4 | (6 << 8);

/** Client 10.0.0.`key`, always the same server and ports. */
function endpoints(key: number): Int32Array {
  const words = new Int32Array(BARE_WORDS);
  words[BARE_ENDPOINTS.source] = 0x0a00_0000 + key;
  words[BARE_ENDPOINTS.destination] = 0x0a01_0001;
  words[BARE_ENDPOINTS.sourcePort] = 40_000;
  words[BARE_ENDPOINTS.destinationPort] = 80;
  return words;
}

function find(table: FlowTable, key: number): FlowRecord {
  const words = endpoints(key);
  return table.find(flowHash(table.seed, TCP4, words, BARE_ENDPOINTS), TCP4, words, BARE_ENDPOINTS);
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
      const model = new Map<number, { readonly flow: FlowRecord; readonly id: FlowId }[]>();
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
          const flow = table.create(TCP4, endpoints(key), BARE_ENDPOINTS, 0, found);
          known.unshift({ flow, id: made as FlowId });
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
  const first = table.create(TCP4, endpoints(1), BARE_ENDPOINTS, 0, find(table, 1));
  const second = table.create(TCP4, endpoints(1), BARE_ENDPOINTS, 0, find(table, 1));
  expect(table.older(first, second)).toBe(first);
  table.remove(first);
  expect(table.older(first, second)).toBe(-1);
  const other = table.create(TCP4, endpoints(2), BARE_ENDPOINTS, 0, find(table, 2));
  expect(other).toBe(first);
  expect(table.older(first, second)).toBe(-1);
  expect(table.flowOf(0 as FlowId)).toBe(NO_FLOW_FOUND);
});
