import { describe, expect, it } from 'vitest';
import type { FlowRecord } from '../../../shared/base/units.ts';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation } from '../../../test/support/conversation.ts';
import type { FoldedSeries, SeriesRange } from './series.ts';
import { foldSeries } from './series.ts';

const ONLY = 0 as FlowRecord;

async function foldOf(
  talk: Conversation,
  direction: 0 | 1,
  range?: Partial<SeriesRange>,
): Promise<FoldedSeries> {
  const session = analyzePackets(talk.packets);
  const numbers = session.flowPackets(ONLY);
  const times = Array.from(numbers, (packet) => session.packetRow(packet as never).timeNs);
  return foldSeries(
    session.packets,
    numbers,
    { direction, base: null, windowShift: 0 },
    { fromNs: times[0], toNs: times[times.length - 1], columns: 4000, ...range },
    () => Promise.resolve(),
  );
}

const told = (values: Float64Array): number[] => [...values].filter((value) => !Number.isNaN(value));

describe('series of a flow', () => {
  it('hold each segment of a small one exactly', async () => {
    const talk = new Conversation()
      .handshake()
      .wait(0.1)
      .clientSends(100)
      .wait(0.05)
      .serverAcks()
      .wait(0.1)
      .clientSends(40)
      .wait(0.02)
      .serverAcks();
    const { series, most } = await foldOf(talk, 0);
    expect(told(series.sentLow)).toEqual([0, 1, 101]);
    expect(told(series.sentHigh)).toEqual([1, 101, 141]);
    expect(told(series.ackHigh)).toEqual([1, 101, 141]);
    // The SYN and its answer share a column.
    expect(told(series.flightLow)).toEqual([0, 100, 0, 40, 0]);
    expect(told(series.flightHigh)).toEqual([1, 100, 0, 40, 0]);
    const trips = told(series.rttHigh).map((ns) => Math.round(ns / 1e6));
    expect(trips.slice(1)).toEqual([50, 20]);
    expect(series.bytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(140);
    expect(most).toMatchObject({ seq: 141, flight: 100 });
  });

  it('set what was sent again apart, and take no round trip from it', async () => {
    const talk = new Conversation()
      .handshake()
      .clientSends(100)
      .wait(0.4)
      .retransmit('client')
      .wait(0.05)
      .serverAcks();
    const { series } = await foldOf(talk, 0);
    expect(told(series.againLow)).toEqual([1]);
    expect(told(series.againHigh)).toEqual([101]);
    // The handshake's own round trip is the only one.
    expect(told(series.rttHigh)).toHaveLength(1);
  });

  it('fold to the smallest and largest where there are more packets than columns', async () => {
    const talk = new Conversation().handshake();
    for (let i = 0; i < 50; i++) talk.clientSends(10).serverAcks();
    const { series } = await foldOf(talk, 0, { columns: 1 });
    expect([series.sentLow[0], series.sentHigh[0]]).toEqual([0, 501]);
    expect([series.ackLow[0], series.ackHigh[0]]).toEqual([1, 501]);
    expect(series.bytes[0]).toBe(500);
  });

  it('know what came before their range, and draw none of it', async () => {
    const talk = new Conversation().handshake().clientSends(100).wait(10).clientSends(50);
    const session = analyzePackets(talk.packets);
    const numbers = session.flowPackets(ONLY);
    const last = session.packetRow(numbers[numbers.length - 1] as never).timeNs;
    const { series } = await foldOf(talk, 0, { fromNs: last - 1e9, toNs: last, columns: 10 });
    expect(told(series.sentLow)).toEqual([101]);
    expect(told(series.flightHigh)).toEqual([150]);
  });

  it('go on over the end of the number space', async () => {
    const talk = new Conversation({ client: { initialSeq: 0xffff_ffc0 } }).handshake();
    for (let i = 0; i < 4; i++) talk.clientSends(100).serverAcks();
    const { most } = await foldOf(talk, 0);
    expect(most.seq).toBe(401);
  });

  it('leave alone what a reset claims', async () => {
    const plain = new Conversation().handshake().clientSends(100);
    const reset = new Conversation().handshake().clientSends(100).rst({ from: 'server' });
    expect((await foldOf(reset, 0)).most).toEqual((await foldOf(plain, 0)).most);
  });

  it('of a side that was not seen are empty', async () => {
    const session = new Conversation().handshake();
    const { series } = await foldOf(session, 1, { fromNs: -2, toNs: -1, columns: 5 });
    expect(told(series.sentLow)).toEqual([]);
  });
});
