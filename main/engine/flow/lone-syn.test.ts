/** A flow of one SYN reads the same with its sides, without them, and after it got them back. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FlowRecord, Nanoseconds, PacketNumber, SeqNumber } from '../../../shared/base/units.ts';
import {
  FACT_COUNT,
  FLAGS,
  OPTIONS,
  OPTION_STYLE,
  OPT_SACK_PERMITTED,
  OPT_TIMESTAMPS,
  PAYLOAD_LENGTH,
  SEQ,
  TCP_SYN,
  TS_VALUE,
  TTL,
  WINDOW,
  WINDOW_SCALE,
  type Facts,
} from '../decode/facts.ts';
import { LimitCounter } from '../limits.ts';
import { BARE_ENDPOINTS, BARE_WORDS } from './endpoints.ts';
import { FlowCursor } from './flow-cursor.ts';
import { FlowTable, NO_FLOW_FOUND } from './flow-table.ts';
import { historyText } from './history.ts';
import {
  BASE_SEQ,
  FIN_SEQ,
  FIRST_PACKET,
  FIRST_TIME,
  HANDSHAKE_RTT,
  LAST_ACK_TIME,
  LAST_PACKET,
  LAST_SENT,
  LAST_SENT_TIME,
  LAST_TIME,
  LAST_WINDOW,
  LAST_RESET,
  MAC_HIGH,
  NEXT_SEQ_TIME,
  PACKETS,
  PAYLOAD_BYTES,
  RETRANSMISSIONS,
  REUSED_FROM,
  SIDES,
  SIDE_WORDS,
  SYN_ACK_US,
  SYN_TIME,
  flowMeta,
} from './record.ts';
import { type EarlierPackets, TcpTracker } from './tcp-tracker.ts';

const DIRECTIONS = [0, 1] as const;
const PACKET = 77 as PacketNumber;

const NOTHING_EARLIER: EarlierPackets = {
  holds: () => false,
  previous: (packet) => packet,
  time: () => 0 as Nanoseconds,
  direction: () => 0,
  seq: () => 0 as SeqNumber,
  ack: () => 0 as SeqNumber,
  payload: () => 0,
  flags: () => 0,
  window: () => 0,
  ipId: () => 0,
  ttl: () => 0,
};

/** All that readers can ask of a flow. */
function read(flows: FlowTable, flow: FlowRecord): unknown {
  return {
    history: historyText(flows, flow),
    words: [FIRST_PACKET, LAST_PACKET, PACKETS, SYN_ACK_US, LAST_RESET, REUSED_FROM].map((word) =>
      flows.word(flow, word),
    ),
    doubles: [FIRST_TIME, LAST_TIME, HANDSHAKE_RTT, SYN_TIME].map((double) => flows.double(flow, double)),
    sides: DIRECTIONS.map((side) => [
      ...Array.from({ length: SIDE_WORDS }, (_, word) => flows.directionWord(flow, side, word)),
      flows.directionWord(flow, side, RETRANSMISSIONS),
      flows.directionWord(flow, side, LAST_WINDOW),
      flows.directionWord(flow, side, FIN_SEQ),
      flows.directionWord(flow, side, MAC_HIGH),
      ...[PAYLOAD_BYTES, NEXT_SEQ_TIME, LAST_SENT_TIME, LAST_ACK_TIME].map((double) =>
        flows.directionDouble(flow, side, double),
      ),
    ]),
  };
}

function makeFlow(flows: FlowTable, key: number): FlowRecord {
  const words = new Int32Array(BARE_WORDS);
  words[BARE_ENDPOINTS.source] = key;
  words[BARE_ENDPOINTS.destination] = -1;
  return flows.create(flowMeta(4, 6), words, BARE_ENDPOINTS, 0, NO_FLOW_FOUND);
}

/** Makes a flow of one segment from the client, as the pipeline does. */
function flowOf(flows: FlowTable, facts: Facts, timeNs: Nanoseconds): FlowRecord {
  const flow = makeFlow(flows, 1);
  const cursor = new FlowCursor(flows);
  cursor.bind(flow, 0);
  const { words, at, times, timesAt, sides, forward } = cursor;
  words[at + FIRST_PACKET] = PACKET;
  times[timesAt + FIRST_TIME] = timeNs;
  new TcpTracker(NOTHING_EARLIER).track(cursor, facts, timeNs);
  words[at + LAST_PACKET] = PACKET;
  words[at + PACKETS]++;
  sides[forward + LAST_SENT] = PACKET;
  flows.setLastTime(flow, timeNs, true);
  return flow;
}

/** A SYN, by its facts. */
type Syn = Record<
  'seq' | 'window' | 'scale' | 'style' | 'options' | 'tsValue' | 'ttl' | 'payload' | 'time',
  number
>;

const syn = fc.record({
  seq: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  window: fc.nat({ max: 0xffff }),
  scale: fc.integer({ min: -1, max: 255 }),
  style: fc.nat({ max: 0xffff }),
  options: fc.constantFrom(0, OPT_SACK_PERMITTED, OPT_TIMESTAMPS, OPT_SACK_PERMITTED | OPT_TIMESTAMPS),
  tsValue: fc.integer({ min: -0x8000_0000, max: 0x7fff_ffff }),
  ttl: fc.nat({ max: 255 }),
  payload: fc.constantFrom(0, 0, 0, 5),
  time: fc.double({ min: 0, max: 2e18, noNaN: true }),
});

function factsOf(one: Syn, flags = TCP_SYN): Facts {
  const facts = new Int32Array(FACT_COUNT);
  facts[FLAGS] = flags;
  facts[SEQ] = one.seq;
  facts[WINDOW] = one.window;
  facts[WINDOW_SCALE] = one.scale;
  facts[OPTION_STYLE] = one.style;
  facts[OPTIONS] = one.options;
  facts[TS_VALUE] = one.tsValue;
  facts[TTL] = one.ttl;
  facts[PAYLOAD_LENGTH] = one.payload;
  return facts;
}

it('reads the same with sides, folded, and unfolded again', () => {
  fc.assert(
    fc.property(syn, (one) => {
      const flows = new FlowTable(new LimitCounter());
      const flow = flowOf(flows, factsOf(one), one.time as Nanoseconds);
      const before = read(flows, flow);
      expect(flows.word(flow, SIDES)).not.toBe(0);
      makeFlow(flows, 2);
      // A SYN with data says more than the four words hold.
      expect(flows.word(flow, SIDES) === 0).toBe(one.payload === 0);
      expect(read(flows, flow)).toEqual(before);
      new FlowCursor(flows).bind(flow, 1);
      expect(flows.word(flow, SIDES)).not.toBe(0);
      expect(read(flows, flow)).toEqual(before);
    }),
  );
});

it('leaves their sides to flows of anything but one SYN', () => {
  const ordinary = {
    seq: 9,
    window: 1,
    scale: 7,
    style: 3,
    options: 0,
    tsValue: 0,
    ttl: 64,
    payload: 0,
    time: 5,
  };
  for (const flags of [0x10, 0x12, 0x18, 0x11, 0x04, 0x00]) {
    const flows = new FlowTable(new LimitCounter());
    const flow = flowOf(flows, factsOf(ordinary, flags), ordinary.time as Nanoseconds);
    const before = read(flows, flow);
    makeFlow(flows, 2);
    expect(flows.word(flow, SIDES)).not.toBe(0);
    expect(read(flows, flow)).toEqual(before);
  }
});

it('gives the sides of folded flows to the next ones, and forgets a removed flow whole', () => {
  const flows = new FlowTable(new LimitCounter());
  const ordinary = {
    seq: 9,
    window: 1,
    scale: 7,
    style: 3,
    options: 0,
    tsValue: 0,
    ttl: 64,
    payload: 0,
    time: 5,
  };
  const first = flowOf(flows, factsOf(ordinary), ordinary.time as Nanoseconds);
  makeFlow(flows, 2);
  makeFlow(flows, 3);
  expect(flows.sides.count).toBe(2);
  expect(flows.directionWord(first, 0, BASE_SEQ)).toBe(9);
  flows.remove(first);
  const again = makeFlow(flows, 4);
  expect(again).toBe(first);
  expect(flows.directionWord(again, 0, BASE_SEQ)).toBe(0);
  expect(historyText(flows, again)).toBe('');
});
