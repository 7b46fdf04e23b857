/**
 * Floods of every kind cost as much work as they have packets: ten times the packets, ten times the work, never a hundred times. Work is
 * counted in calls of whatever looks at packets, flows and resets one by one.
 */
import { describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../test/support/analyze.ts';
import { FLOODS, floodOf } from '../../test/support/floods.ts';
import { FragmentTable } from './decode/fragment-table.ts';
import { FlowTable } from './flow/flow-table.ts';
import { ResetJudge } from './reset/judge.ts';
import { AddressTable } from './store/address-table.ts';
import { IcmpLog } from './store/icmp-log.ts';
import { PacketIndex } from './store/packet-index.ts';
import { ResetLog } from './store/reset-log.ts';
import { HintCollector } from './stream/hints.ts';

const SMALL = 1000;
const LARGE = 10 * SMALL;
/** What a few calls more may take, where a table grows. */
const SLACK = 1.05;

const WORKERS = [
  PacketIndex,
  FlowTable,
  AddressTable,
  ResetLog,
  IcmpLog,
  HintCollector,
  FragmentTable,
  ResetJudge,
];

type Method = (this: unknown, ...args: unknown[]) => unknown;

/** Calls of all methods of the workers while `run` runs. */
function workOf(run: () => void): number {
  let calls = 0;
  const restore: (() => void)[] = [];
  for (const { prototype } of WORKERS) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (name === 'constructor' || typeof property.value !== 'function') continue;
      const method = property.value as Method;
      const counting: Method = function (...args) {
        calls++;
        return method.apply(this, args);
      };
      Object.defineProperty(prototype, name, { ...property, value: counting });
      restore.push(() => Object.defineProperty(prototype, name, property));
    }
  }
  try {
    run();
  } finally {
    for (const undo of restore) undo();
  }
  return calls;
}

describe.each(Object.keys(FLOODS))('a flood of %s', (kind) => {
  it('costs work in proportion to its length', () => {
    const [small, large] = [SMALL, LARGE].map((count) => {
      const bytes = floodOf(kind, count);
      return workOf(() => {
        const session = analyzeBytes(bytes);
        // A flood that was not read at all would cost nothing.
        expect(session.packets.count).toBeGreaterThanOrEqual(0.9 * count);
        session.overview(session.resetIds(), 100);
        session.failures.report();
        for (const flow of session.liveFlows().subarray(0, 10)) session.flowPackets(flow as never);
      });
    });
    expect(small).toBeGreaterThan(0);
    expect(large / small).toBeLessThanOrEqual((LARGE / SMALL) * SLACK);
  });
});
