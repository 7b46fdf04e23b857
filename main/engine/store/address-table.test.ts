/** The chains of an address hold what a plain map holds, through growth and while flows come and go. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { BARE_ENDPOINTS, BARE_WORDS } from '../flow/endpoints.ts';
import { flowHash } from '../flow/flow-hash.ts';
import { FlowTable } from '../flow/flow-table.ts';
import { flowMeta } from '../flow/record.ts';
import { LimitCounter } from '../limits.ts';
import { AddressTable } from './address-table.ts';

interface Made {
  readonly flow: FlowRecord;
  readonly timeline: number;
  readonly ends: readonly [string, string];
}

const address = fc.record({ version: fc.constantFrom(4, 6), host: fc.nat({ max: 12 }) });
const steps = fc.array(
  fc.record({
    what: fc.constantFrom('make', 'make', 'make', 'remove', 'timeline'),
    client: address,
    server: fc.nat({ max: 12 }),
    port: fc.nat({ max: 0xffff }),
  }),
  { maxLength: 120 },
);

function make(flows: FlowTable, version: number, client: number, server: number, port: number): FlowRecord {
  const words = new Int32Array(BARE_WORDS);
  // IPv6 addresses of one network differ in their last word alone.
  const last = version === 6 ? 3 : 0;
  words[BARE_ENDPOINTS.source] = 0x2001_0db8;
  words[BARE_ENDPOINTS.destination] = 0x2001_0db8;
  words[BARE_ENDPOINTS.source + last] = client;
  words[BARE_ENDPOINTS.destination + last] = server;
  words[BARE_ENDPOINTS.sourcePort] = port;
  words[BARE_ENDPOINTS.destinationPort] = 80;
  const meta = flowMeta(version, 6);
  const replaced = flows.find(flowHash(flows.seed, meta, words, BARE_ENDPOINTS), meta, words, BARE_ENDPOINTS);
  return flows.create(meta, words, BARE_ENDPOINTS, 0, replaced);
}

it('visits the flows of an address in its timeline, newest first', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const flows = new FlowTable(new LimitCounter());
      const addresses = new AddressTable(flows);
      const made: Made[] = [];
      for (const { what, client, server, port } of list) {
        if (what === 'timeline') {
          flows.startTimeline();
        } else if (what === 'remove') {
          // The oldest goes first, as its packets do.
          const oldest = made.shift();
          if (oldest === undefined) continue;
          addresses.leave(oldest.flow);
          flows.remove(oldest.flow);
        } else {
          const flow = make(flows, client.version, client.host, server, port);
          addresses.enter(flow);
          const ends = [`${client.version} ${client.host}`, `${client.version} ${server}`] as const;
          made.push({ flow, timeline: flows.timeline, ends });
        }
      }
      const all = new Set(made.flatMap(({ timeline, ends }) => ends.map((end) => `${timeline} ${end}`)));
      expect(addresses.count).toBe(all.size);
      for (const { flow, timeline, ends } of made) {
        for (const side of [0, 1] as const) {
          const visited: [FlowRecord, 0 | 1][] = [];
          addresses.visitFlows(flow, side, (one, itsSide) => visited.push([one, itsSide]) > 0);
          const expected = made
            .filter((one) => one.timeline === timeline && one.ends.includes(ends[side]))
            .map((one) => [one.flow, one.ends[0] === ends[side] ? 0 : 1]);
          expect(visited).toEqual(expected.toReversed());
        }
      }
    }),
  );
});

it('finds each of many addresses again after it grew', () => {
  const flows = new FlowTable(new LimitCounter());
  const addresses = new AddressTable(flows);
  const all = Array.from({ length: 20_000 }, (_, host) => {
    const flow = make(flows, host % 2 === 0 ? 4 : 6, host, 0x7fff_ffff, 40_000);
    addresses.enter(flow);
    return flow;
  });
  // Of two families one server each.
  expect(addresses.count).toBe(all.length + 2);
  for (const flow of all) {
    const visited: FlowRecord[] = [];
    addresses.visitFlows(flow, 0, (one) => visited.push(one) > 0);
    expect(visited).toEqual([flow]);
  }
});
