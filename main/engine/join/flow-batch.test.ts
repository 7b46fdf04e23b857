/** What a batch holds of a flow is what its chain holds, wherever the flow lies and however small batches are. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writePcap } from '../../../test/support/capture-writer.ts';
import { ethernet, icmpError, ipv4, tcp } from '../../../test/support/packet-builder.ts';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { Session } from '../session.ts';
import { FlowBatch } from './flow-batch.ts';
import { FlowPackets, type Translation } from './flow-packets.ts';
import type { FlowPair } from './pair-book.ts';
import { Slices } from './slices.ts';

const START_NS = 1_700_000_000_000_000_000n;

interface Sent {
  readonly flow: number;
  readonly from: 'client' | 'server';
  readonly flags: string;
  readonly payload: number;
  readonly ttl: number;
  readonly id: number;
  readonly tos: number;
  readonly isQuoted: boolean;
}

const sent = fc.record({
  flow: fc.integer({ min: 0, max: 5 }),
  from: fc.constantFrom('client', 'server'),
  flags: fc.constantFrom('A', 'PA', 'S', 'R', 'FA'),
  payload: fc.integer({ min: 0, max: 40 }),
  ttl: fc.integer({ min: 1, max: 255 }),
  id: fc.integer({ min: 0, max: 0xffff }),
  tos: fc.integer({ min: 0, max: 255 }),
  isQuoted: fc.boolean(),
});

function read(captures: readonly (readonly Sent[])[]): Session {
  const session = new Session();
  captures.forEach((packets, file) => {
    session.startFile(`${file + 1}.pcap`, 'none', false);
    const written = packets.map((packet, at) => ({
      timeNs: START_NS + BigInt(at) * 1_000_000n,
      data: built(packet, at),
    }));
    session.feed(writePcap({ nanos: true, packets: written }));
    session.endFile(true);
  });
  return session;
}

function built({ flow, from, flags, payload, ttl, id, tos, isQuoted }: Sent, at: number): Uint8Array {
  const [client, server] = ['10.0.0.1', '10.0.0.2'];
  const [src, dst] = from === 'client' ? [client, server] : [server, client];
  const [srcPort, dstPort] = from === 'client' ? [40_000 + flow, 443] : [443, 40_000 + flow];
  const segment = tcp({
    srcPort,
    dstPort,
    flags,
    payload,
    seq: (at * 7919) >>> 0,
    ack: (at * 104_729) >>> 0,
  });
  const packet = ipv4({ src, dst, ttl, id, tos }, segment);
  if (!isQuoted) return ethernet({}, packet);
  return ethernet({}, ipv4({ src: '10.0.0.9', dst: src }, icmpError({ type: 3, code: 1 }, packet)));
}

function gathered(flows: FlowPackets, flow: FlowRecord, as: Translation): unknown {
  for (const steps = flows.gather(flow, as, new Slices()); steps.next().done !== true;);
  const { count, packets, times, seqs, acks, payloads, forms, digests, windows, ids, marks, ttls, tos } =
    flows;
  const columns = [packets, times, seqs, acks, payloads, forms, digests, windows, ids, marks, ttls, tos];
  return columns.map((column) => [...column.subarray(0, count)]);
}

function run<T>(steps: Generator<void, T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}

describe('a batch of flows', () => {
  it('holds what their chains hold', () => {
    const capture = fc.array(sent, { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        fc.array(capture, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 100 }),
        fc.boolean(),
        fc.infiniteStream(fc.nat()),
        (captures, least, isSwapped, choices) => {
          const { packets, flows } = read(captures);
          const any = (): FlowRecord => (Number(choices.next().value) % flows.records) as FlowRecord;
          if (flows.records === 0) return;
          const pairs = Array.from({ length: 8 }, (): FlowPair => {
            return { first: any(), second: any(), class: 'same', isSwapped, seqShift: [5, -9] };
          });
          const batch = new FlowBatch(packets, least);
          run(batch.begin(flows.records, new Slices()));
          const ofBatch = new FlowPackets(packets, flows, batch);
          const ofChain = new FlowPackets(packets, flows);
          for (let from = 0; from < pairs.length;) {
            const below = run(batch.read(pairs, from, new Slices()));
            expect(below).toBeGreaterThan(from);
            for (const pair of pairs.slice(from, below)) {
              for (const flow of [pair.first, pair.second])
                expect(gathered(ofBatch, flow, pair)).toEqual(gathered(ofChain, flow, pair));
            }
            from = below;
          }
        },
      ),
      { numRuns: 200 },
    );
  });

  it('leaves a flow that is larger than a batch to its chain', () => {
    const one = (flow: number): Sent => {
      return { flow, from: 'client', flags: 'A', payload: 1, ttl: 64, id: 1, tos: 0, isQuoted: false };
    };
    const { packets, flows } = read([[...Array.from({ length: 30 }, () => one(0)), one(1), one(2)]]);
    const batch = new FlowBatch(packets, 4);
    run(batch.begin(flows.records, new Slices()));
    const pair = (first: number, second: number): FlowPair => {
      const [a, b] = [first as FlowRecord, second as FlowRecord];
      return { first: a, second: b, class: 'same', isSwapped: false, seqShift: [0, 0] };
    };
    expect(run(batch.read([pair(0, 1), pair(1, 2)], 0, new Slices()))).toBe(2);
    expect([0, 1, 2].map((flow) => batch.has(flow as FlowRecord))).toEqual([false, true, true]);
  });
});
