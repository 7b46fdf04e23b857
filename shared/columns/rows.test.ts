import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CAUSE_CODES } from '../model/cause.ts';
import type { FlowRow, PacketRow, ResetRow } from '../model/rows.ts';
import { defineRows, RowsError } from './codec.ts';
import { FLOW_ROWS, PACKET_ROWS, RESET_ROWS } from './rows.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const count = fc.nat();
const real = fc.double({ noDefaultInfinity: true, noNaN: true });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const i32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });

const resetRow: fc.Arbitrary<ResetRow> = fc.record({
  id: u32,
  file: u32,
  frame: count,
  timeNs: real,
  flow: u32,
  client: text,
  server: text,
  serverName: text,
  claimed: fc.constantFrom('client', 'server'),
  kind: fc.constantFrom('endpoint', 'middlebox', 'unknown'),
  side: fc.constantFrom('client', 'server', 'path', 'none'),
  hops: i32,
  label: text,
  confidence: real,
  cause: fc.constantFrom(...CAUSE_CODES),
  family: fc.constantFrom('active', 'reply', 'syn-reply', 'irregular'),
  count,
  obeyed: fc.constantFrom('yes', 'challenged', 'ignored', 'unknown'),
  matters: fc.boolean(),
  silenceSeconds: real,
  unacknowledged: real,
  seenAt: u32,
  points: u32,
  proven: fc.boolean(),
});

const flowRow: fc.Arbitrary<FlowRow> = fc.record({
  id: u32,
  file: u32,
  protocol: fc.constantFrom('tcp', 'udp'),
  client: text,
  server: text,
  serverName: text,
  application: text,
  startNs: real,
  durationNs: real,
  packets: count,
  clientBytes: count,
  serverBytes: count,
  state: text,
  ending: fc.constantFrom('none', 'clean', 'not-seen'),
  history: text,
  rttNs: real,
  retransmissions: count,
  resets: count,
  marks: text,
  points: u32,
});

const packetRow: fc.Arbitrary<PacketRow> = fc.record({
  packet: count,
  file: u32,
  frame: count,
  timeNs: real,
  flow: fc.integer({ min: -1, max: 0x7fffffff }),
  from: fc.constantFrom('client', 'server', 'none'),
  sinceInFlowNs: real,
  source: text,
  sourcePort: i32,
  sourceName: text,
  destination: text,
  destinationPort: i32,
  destinationName: text,
  protocol: text,
  info: text,
  reset: i32,
  origin: fc.constantFrom('endpoint', 'middlebox', 'unknown', 'none'),
  scaledWindow: count,
  length: count,
  payload: count,
  flags: u32,
  seq: real,
  ack: real,
  rawSeq: u32,
  rawAck: u32,
  window: count,
  ttl: count,
  ipId: i32,
  notes: text,
});

describe('rows of the model', () => {
  it('come back as they went', () => {
    fc.assert(
      fc.property(fc.array(resetRow, { maxLength: 20 }), (rows) => {
        expect(RESET_ROWS.decode(RESET_ROWS.encode(rows))).toEqual(rows);
      }),
    );
    fc.assert(
      fc.property(fc.array(flowRow, { maxLength: 20 }), (rows) => {
        expect(FLOW_ROWS.decode(FLOW_ROWS.encode(rows))).toEqual(rows);
      }),
    );
    fc.assert(
      fc.property(fc.array(packetRow, { maxLength: 20 }), (rows) => {
        expect(PACKET_ROWS.decode(PACKET_ROWS.encode(rows))).toEqual(rows);
      }),
    );
  });
});

const rows = defineRows<{ n: number; s: string; kind: 'a' | 'b'; yes: boolean; byte: number; i: number }>()({
  n: 'f64',
  s: 'text',
  kind: ['a', 'b'],
  yes: 'bool',
  byte: 'u8',
  i: 'i32',
});
const row = { n: -1.5, s: '\ufeffé', kind: 'b', yes: true, byte: 255, i: -7 } as const;

describe('the codec', () => {
  it('reads from the middle of a larger buffer', () => {
    const bytes = rows.encode([row, row]);
    const larger = new Uint8Array(bytes.length + 9).fill(0xff);
    larger.set(bytes, 3);
    expect(rows.decode(larger.subarray(3, 3 + bytes.length))).toEqual([row, row]);
  });

  it('ships a repeated text once', () => {
    const one = rows.encode([{ ...row, s: 'x'.repeat(1000) }]);
    const two = rows.encode([
      { ...row, s: 'x'.repeat(1000) },
      { ...row, s: 'x'.repeat(1000) },
    ]);
    expect(two.length - one.length).toBeLessThan(30);
  });

  it('refuses every cut and every extended message', () => {
    const bytes = rows.encode([row, row]);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => rows.decode(bytes.subarray(0, length))).toThrow(RowsError);
    }
    expect(() => rows.decode(Uint8Array.of(...bytes, 0))).toThrow(RowsError);
  });

  it('reads or refuses damaged messages, and never reads outside', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(255), (at, value) => {
        const bytes = rows.encode([row, { ...row, s: 'other', kind: 'a' }]);
        bytes[at % bytes.length] = value;
        try {
          expect(rows.decode(bytes)).toHaveLength(2);
        } catch (error) {
          expect(error).toBeInstanceOf(RowsError);
        }
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(() => rows.decode(bytes)).toThrow(RowsError);
      }),
    );
  });

  it('refuses rows of another schema', () => {
    expect(() => FLOW_ROWS.decode(RESET_ROWS.encode([]))).toThrow(/another schema/);
  });

  it('refuses to encode what its field cannot hold', () => {
    expect(() => rows.encode([{ ...row, byte: 256 }])).toThrow(/byte is no byte: 256/);
    expect(() => rows.encode([{ ...row, i: 0.5 }])).toThrow(/i is no 32-bit integer/);
    expect(() => rows.encode([{ ...row, kind: 'c' as 'a' }])).toThrow(/kind cannot be c/);
  });
});

it('holds the schema against the row at compile time', () => {
  interface Two {
    n: number;
    kind: 'a' | 'b';
  }
  // @ts-expect-error a field is missing
  defineRows<Two>()({ n: 'f64' });
  // @ts-expect-error a number does not travel as text
  defineRows<Two>()({ n: 'text', kind: ['a', 'b'] });
  // @ts-expect-error a member is missing from the list
  defineRows<Two>()({ n: 'f64', kind: ['a'] });
  // @ts-expect-error the row has no such field
  defineRows<Two>()({ n: 'f64', kind: ['a', 'b'], more: 'u8' });
  expect(defineRows<Two>()({ n: 'f64', kind: ['a', 'b'] }).decode).toBeTypeOf('function');
});
