import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LimitCounter } from '../limits.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { BARE_ENDPOINTS } from './endpoints.ts';
import { flowHash } from './flow-hash.ts';
import { FlowTable, NO_FLOW_FOUND } from './flow-table.ts';
import { CLIENT_ADDRESS, PORTS, REUSED_FROM, SERVER_ADDRESS } from './record.ts';

const TCP4 = 4 | (6 << 8);
const TCP6 = 6 | (6 << 8);

function keys(source: readonly number[], destination: readonly number[]): Int32Array {
  const all = new Int32Array(8);
  all.set(source, BARE_ENDPOINTS.source);
  all.set(destination, BARE_ENDPOINTS.destination);
  return all;
}

function find(table: FlowTable, meta: number, pair: Int32Array, from: number, to: number): FlowRecord {
  const words = Int32Array.of(...pair, from, to);
  return table.find(flowHash(table.seed, meta, words, BARE_ENDPOINTS), meta, words, BARE_ENDPOINTS);
}

/** Looks up; makes the flow where it is new. */
function touch(table: FlowTable, meta: number, pair: Int32Array, from: number, to: number): FlowRecord {
  const found = find(table, meta, pair, from, to);
  if (found !== NO_FLOW_FOUND) return found;
  return table.create(meta, Int32Array.of(...pair, from, to), BARE_ENDPOINTS, 0, found);
}

describe('FlowTable', () => {
  it('finds a flow from either side and tells the direction', () => {
    const table = new FlowTable(new LimitCounter());
    const there = keys([0x0a000001], [0x0a000002]);
    const back = keys([0x0a000002], [0x0a000001]);
    const flow = touch(table, TCP4, there, 40_000, 443);
    expect(find(table, TCP4, there, 40_000, 443)).toBe(flow);
    expect(table.direction).toBe(0);
    expect(find(table, TCP4, back, 443, 40_000)).toBe(flow);
    expect(table.direction).toBe(1);
    expect(find(table, TCP4, back, 443, 40_001)).toBe(NO_FLOW_FOUND);
  });

  it('makes the destination the client where it is told so', () => {
    const table = new FlowTable(new LimitCounter());
    const there = keys([0x0a000001], [0x0a000002]);
    const back = keys([0x0a000002], [0x0a000001]);
    find(table, TCP4, there, 443, 40_000);
    const flow = table.create(TCP4, Int32Array.of(...there, 443, 40_000), BARE_ENDPOINTS, 1, NO_FLOW_FOUND);
    expect(table.word(flow, CLIENT_ADDRESS)).toBe(0x0a000002);
    expect(table.word(flow, SERVER_ADDRESS)).toBe(0x0a000001);
    expect(table.word(flow, PORTS)).toBe((40_000 << 16) | 443);
    expect(find(table, TCP4, there, 443, 40_000)).toBe(flow);
    expect(table.direction).toBe(1);
    expect(find(table, TCP4, back, 40_000, 443)).toBe(flow);
    expect(table.direction).toBe(0);
  });

  it('keeps flows apart that swap only ports or only addresses', () => {
    const table = new FlowTable(new LimitCounter());
    const there = keys([1], [2]);
    const back = keys([2], [1]);
    const flow = touch(table, TCP4, there, 1000, 2000);
    expect(find(table, TCP4, there, 2000, 1000)).toBe(NO_FLOW_FOUND);
    expect(find(table, TCP4, back, 1000, 2000)).toBe(NO_FLOW_FOUND);
    expect(flow).toBe(0);
  });

  it('tells IPv6 addresses apart by every word', () => {
    const table = new FlowTable(new LimitCounter());
    const flows = new Set<number>();
    for (let word = 0; word < 4; word++) {
      const source = [0x20010db8, 0, 0, 1];
      source[word] ^= 0x100;
      flows.add(touch(table, TCP6, keys(source, [0x20010db8, 0, 0, 2]), 5000, 80));
    }
    expect(flows.size).toBe(4);
  });

  it('lets the newest flow of reused ports be found, and remembers the one before', () => {
    const table = new FlowTable(new LimitCounter());
    const pair = keys([1], [2]);
    const first = touch(table, TCP4, pair, 1, 2);
    const found = find(table, TCP4, pair, 1, 2);
    const second = table.create(TCP4, Int32Array.of(...pair, 1, 2), BARE_ENDPOINTS, 0, found);
    expect(find(table, TCP4, pair, 1, 2)).toBe(second);
    expect(table.word(second, REUSED_FROM)).toBe(first);
  });

  it('forgets nothing but finds no flow of an earlier timeline', () => {
    const table = new FlowTable(new LimitCounter());
    const pair = keys([1], [2]);
    const first = touch(table, TCP4, pair, 1, 2);
    table.startTimeline();
    const second = touch(table, TCP4, pair, 1, 2);
    expect(second).not.toBe(first);
    expect(table.timelineOf(first)).toBe(0);
    expect(table.timelineOf(second)).toBe(1);
  });

  it('agrees with a Map of strings for any mix of endpoints, through growth', () => {
    const endpoint = fc.record({
      address: fc.integer({ min: 0, max: 40 }),
      port: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(endpoint, endpoint), { maxLength: 400 }), (pairs) => {
        const table = new FlowTable(new LimitCounter());
        const model = new Map<string, number>();
        for (const [a, b] of pairs) {
          const ab = `${a.address}:${a.port}>${b.address}:${b.port}`;
          const ba = `${b.address}:${b.port}>${a.address}:${a.port}`;
          const expected = model.get(ab) ?? model.get(ba);
          const flow = touch(table, TCP4, keys([a.address], [b.address]), a.port, b.port);
          if (expected === undefined) model.set(ab, flow);
          else expect(flow).toBe(expected);
        }
        expect(table.count).toBe(model.size);
      }),
    );
  });

  it('finds each of 100,000 flows again after the table grew', () => {
    const table = new FlowTable(new LimitCounter());
    for (let i = 0; i < 100_000; i++) touch(table, TCP4, keys([i], [0x0a000002]), 1024 + (i % 50_000), 443);
    expect(table.count).toBe(100_000);
    for (let i = 0; i < 100_000; i += 997) {
      const flow = find(table, TCP4, keys([0x0a000002], [i]), 443, 1024 + (i % 50_000));
      expect(flow).toBe(i);
      expect(table.direction).toBe(1);
      const words = table.block(flow).words;
      expect(words[table.wordsAt(flow) + CLIENT_ADDRESS]).toBe(i);
      expect(words[table.wordsAt(flow) + PORTS] >>> 16).toBe(1024 + (i % 50_000));
    }
  });
});
