import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, decodeWith, type DecodedPacket } from '../../../test/support/decoded.ts';
import * as build from '../../../test/support/packet-builder.ts';
import { LimitCounter } from '../limits.ts';
import { Decoder } from './decoder.ts';
import * as facts from './facts.ts';
import { Packet } from './packet.ts';
import { decodeTcpOptions, TIMESTAMPS_ONLY_STYLE } from './tcp-options.ts';

const addresses = { src: '192.0.2.1', dst: '198.51.100.2' };
const ports = { srcPort: 65_535, dstPort: 1 };
const raw = { linkType: 101 };

function tcp(fields: Partial<build.TcpFields>, snap?: number): DecodedPacket {
  return decode(build.ipv4(addresses, build.tcp({ ...ports, ...fields })).bytes, { ...raw, snap });
}

const WITHOUT_OPTIONS = {
  options: 0,
  style: 0,
  timestamps: [0, 0],
  mss: 0,
  windowScale: -1,
  sack: [0, 0, 0],
  mptcpReset: -1,
};

describe('TCP header', () => {
  it('gives all its facts', () => {
    const result = tcp({ seq: 0xffff_fffe, ack: 0x8000_0000, flags: 0xfff, window: 65_535, payload: 3 });
    expect(result).toMatchObject({ kind: 'tcp', defects: 0, ports: [65_535, 1], payloadLength: 3 });
    expect(result.tcp).toEqual({
      ...WITHOUT_OPTIONS,
      ...{ seq: 0xffff_fffe, ack: 0x8000_0000, flags: 0xfff, window: 65_535 },
    });
  });

  it.each([
    ['F', facts.TCP_FIN],
    ['S', facts.TCP_SYN],
    ['R', facts.TCP_RST],
    ['P', facts.TCP_PSH],
    ['A', facts.TCP_ACK],
    ['U', facts.TCP_URG],
    ['E', facts.TCP_ECE],
    ['C', facts.TCP_CWR],
    ['N', facts.TCP_AE],
    ['RA', facts.TCP_RST | facts.TCP_ACK],
    [0x800, 0x800],
  ])('has flags %s', (flags, bits) => {
    expect(tcp({ flags }).tcp?.flags).toBe(bits);
  });

  it.each([16, 0, 60])('is no segment with a data offset of %i bytes in 24', (dataOffset) => {
    expect(tcp({ dataOffset, payload: 4 })).toMatchObject({
      kind: 'malformed',
      defects: facts.DEFECT_LENGTH,
    });
  });

  it('is no segment below 20 bytes', () => {
    const data = build.ipv4({ ...addresses, protocol: 6 }, new Uint8Array(19)).bytes;
    expect(decode(data, raw)).toMatchObject({ kind: 'malformed', defects: facts.DEFECT_LENGTH });
  });

  it('is cut below 20 bytes', () => {
    expect(tcp({}, 39)).toMatchObject({ kind: 'malformed', defects: facts.DEFECT_CUT, ip: addresses });
  });
});

describe('TCP options', () => {
  const style = (options: build.TcpOptions) => tcp({ options }).tcp?.style;

  it('of a Linux SYN', () => {
    const result = tcp({
      flags: 'S',
      options: { mss: 1460, sackPermitted: true, ts: [0xffff_ffff, 1], ws: 14 },
    });
    expect(result).toMatchObject({
      ...{ kind: 'tcp', defects: 0, payloadLength: 0 },
      tcp: {
        options: facts.OPT_MSS | facts.OPT_SACK_PERMITTED | facts.OPT_TIMESTAMPS | facts.OPT_WSCALE,
        ...{ mss: 1460, windowScale: 14, timestamps: [0xffff_ffff, 1] },
      },
    });
  });

  it('time stamps alone, the common case', () => {
    const result = tcp({ options: { ts: [0xfedc_ba98, 0x0123_4567] }, payload: 9 });
    expect(result).toMatchObject({ kind: 'tcp', defects: 0, payloadLength: 9 });
    expect(result.tcp).toMatchObject({
      ...WITHOUT_OPTIONS,
      ...{ options: facts.OPT_TIMESTAMPS, timestamps: [0xfedc_ba98, 0x0123_4567], style: expect.any(Number) },
    });
  });

  it('gives the common case the style that walking it gives', () => {
    const packet = new Packet(new LimitCounter());
    const options = Uint8Array.from(build.tcpOptions({ ts: [5, 6] }));
    packet.begin(options, 0, options.length, options.length, 0);
    decodeTcpOptions(packet, 0, options.length);
    expect(packet.facts[facts.OPTION_STYLE]).toBe(TIMESTAMPS_ONLY_STYLE);
    expect(style({ ts: [5, 6] })).toBe(TIMESTAMPS_ONLY_STYLE);
    expect(style({ raw: [8, 10, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1] })).not.toBe(TIMESTAMPS_ONLY_STYLE);
  });

  it('SACK blocks', () => {
    const result = tcp({
      options: {
        ts: [1, 2],
        sack: [
          [100, 200],
          [300, 400],
          [0xffff_fff0, 5],
        ],
      },
    });
    expect(result.tcp).toMatchObject({
      options: facts.OPT_TIMESTAMPS | facts.OPT_SACK,
      sack: [3, 100, 200],
      timestamps: [1, 2],
    });
  });

  it.each([
    ['MP_TCPRST', { mptcpReset: 4 }, { options: facts.OPT_MPTCP, mptcpReset: 4 }],
    ['another MPTCP option', { raw: [30, 4, 0x20, 1] }, { options: facts.OPT_MPTCP, mptcpReset: -1 }],
    ['MD5', { md5: true }, { options: facts.OPT_MD5 }],
    ['AO', { raw: [29, 16, ...new Uint8Array(14)] }, { options: facts.OPT_AO }],
    ['fast open', { fastOpen: [1, 2, 3, 4, 5, 6, 7, 8] }, { options: facts.OPT_FAST_OPEN }],
    ['experimental fast open', { raw: [254, 4, 0xf9, 0x89] }, { options: facts.OPT_FAST_OPEN }],
    ['an experiment', { raw: [254, 4, 1, 2] }, { options: facts.OPT_OTHER }],
    ['an unknown kind', { raw: [99, 2] }, { options: facts.OPT_OTHER }],
  ])('%s', (_name, options, expected) => {
    expect(tcp({ options })).toMatchObject({ kind: 'tcp', defects: 0, tcp: expected });
  });

  it.each([
    ['a length of 0', [2, 0, 0, 0], 0],
    ['a length of 1', [2, 1, 0, 0], 0],
    ['a length beyond the header', [1, 1, 8, 10], 0],
    ['no room for a length', [1, 1, 1, 2], 0],
    ['an MSS of three bytes', [2, 3, 9, 0], 0],
    ['a broken SACK', [5, 6, 0, 0, 0, 0, 1, 1], 0],
    ['a reset of MPTCP without reason', [30, 3, 0x80, 0], facts.OPT_MPTCP],
    ['something broken after something sound', [2, 4, 5, 0xb4, 8, 99, 0, 0], facts.OPT_MSS],
  ])('with %s are malformed, yet the segment counts', (_name, bytes, options) => {
    expect(tcp({ options: { raw: bytes }, payload: 2 })).toMatchObject({
      ...{ kind: 'tcp', defects: facts.DEFECT_OPTIONS, payloadLength: 2 },
      tcp: { options: options | facts.OPT_MALFORMED, mptcpReset: -1 },
    });
  });

  it('end at the end of the list', () => {
    expect(tcp({ options: { raw: [2, 4, 5, 0xb4, 0, 99, 99, 99] } })).toMatchObject({
      defects: 0,
      tcp: { options: facts.OPT_MSS, mss: 1460 },
    });
  });

  it('that were cut say so; what came before stands', () => {
    const options = { mss: 1460, sackPermitted: true, ts: [1, 2], ws: 7 } as const;
    const cut = facts.DEFECT_CUT | facts.DEFECT_OPTIONS;
    expect(tcp({ options, flags: 'S', seq: 3 }, 40)).toMatchObject({
      kind: 'tcp',
      defects: cut,
      tcp: { seq: 3, options: 0 },
    });
    expect(tcp({ options, flags: 'S' }, 45)).toMatchObject({ defects: cut, tcp: { options: facts.OPT_MSS } });
    expect(tcp({ options: { ts: [1, 2] } }, 51)).toMatchObject({ defects: cut, tcp: { options: 0 } });
    expect(tcp({ options: { ts: [1, 2] } }, 52)).toMatchObject({ defects: 0 });
    // Cut where the list had ended already.
    expect(tcp({ options: { raw: [2, 4, 1, 1, 0, 0, 0, 0] } }, 45)).toMatchObject({ defects: 0 });
  });

  it('tell stacks apart by their order', () => {
    const styles = [
      style({}),
      style({ mss: 1 }),
      style({ mss: 1, sackPermitted: true }),
      style({ raw: [4, 2, 2, 4, 0, 1, 1, 1] }),
      style({ raw: [2, 4, 0, 1, 1, 1, 4, 2] }),
      style({ raw: [2, 4, 0, 1, 1, 1, 1, 1] }),
      style({ ts: [1, 2] }),
    ];
    expect(new Set(styles).size).toBe(styles.length);
    expect(styles[0]).toBe(0);
    expect(style({ mss: 1 })).toBe(style({ mss: 9000 }));
  });

  it('of one packet do not linger in the next', () => {
    const decoder = new Decoder(new LimitCounter());
    const all = { mss: 9, ws: 3, ts: [7, 8], sack: [[1, 2]], mptcpReset: 2 } as const;
    const ofOptions = (options: build.TcpOptions) =>
      decodeWith(decoder, build.ipv4(addresses, build.tcp({ ...ports, options })).bytes, raw).tcp;
    for (const options of [{}, { ts: [1, 2] }, { raw: [1, 1, 1, 1] }] as build.TcpOptions[]) {
      ofOptions(all);
      expect(ofOptions(options)).toEqual(tcp({ options }).tcp);
    }
  });
});

describe('builder to decoder', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const short = fc.integer({ min: 0, max: 65_535 });
  const long = fc.nat(0xffff_ffff);

  it('keeps every field', () => {
    const fields = fc.record({
      srcPort: short,
      dstPort: short,
      seq: long,
      ack: long,
      flags: fc.integer({ min: 0, max: 0xfff }),
      window: short,
      payload: fc.uint8Array({ maxLength: 40 }),
      options: fc.record({
        mss: fc.option(short, { nil: undefined }),
        ws: fc.option(byte, { nil: undefined }),
        ts: fc.option(fc.tuple(long, long), { nil: undefined }),
        sackPermitted: fc.boolean(),
      }),
    });
    fc.assert(
      fc.property(fields, byte, byte, short, fc.constantFrom(0, 4, 6), (header, ttl, tos, id, vlan) => {
        const packet = build.ipv4({ ...addresses, ttl, tos, id }, build.tcp(header));
        const result = decode(build.ethernet({ vlan: vlan === 0 ? undefined : vlan, padTo: 60 }, packet));
        const { mss, ws, ts, sackPermitted } = header.options;
        expect(result).toMatchObject({
          ...{ kind: 'tcp', defects: 0, ports: [header.srcPort, header.dstPort], payload: header.payload },
          vlan: vlan === 0 ? -1 : vlan,
          ip: { ...addresses, ttl, tos, id },
          tcp: {
            ...{ seq: header.seq, ack: header.ack, flags: header.flags, window: header.window },
            ...{ mss: mss ?? 0, windowScale: ws ?? -1, timestamps: ts ?? [0, 0] },
            options:
              (mss === undefined ? 0 : facts.OPT_MSS) |
              (ws === undefined ? 0 : facts.OPT_WSCALE) |
              (ts === undefined ? 0 : facts.OPT_TIMESTAMPS) |
              (sackPermitted ? facts.OPT_SACK_PERMITTED : 0),
          },
        });
      }),
    );
  });
});
