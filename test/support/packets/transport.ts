/** TCP, UDP and ICMP. Checksums that cover addresses are filled in by the IP layer. */
import { be16, be32, concat, toBytes, type IpPayload, type NetworkPacket } from './bytes.ts';

/** Letters as Zeek and tcpdump write them: F S R P A U E C, N for AE (once NS). */
const FLAG_LETTERS: Readonly<Record<string, number>> = {
  F: 0x001,
  S: 0x002,
  R: 0x004,
  P: 0x008,
  A: 0x010,
  U: 0x020,
  E: 0x040,
  C: 0x080,
  N: 0x100,
};

export function tcpFlags(flags: string | number): number {
  if (typeof flags === 'number') return flags;
  let bits = 0;
  for (const letter of flags) {
    const bit = FLAG_LETTERS[letter.toUpperCase()];
    if (bit === undefined) throw new Error(`not a TCP flag: ${letter}`);
    bits |= bit;
  }
  return bits;
}

export interface TcpOptions {
  readonly mss?: number;
  /** Window scale shift. */
  readonly ws?: number;
  readonly sackPermitted?: boolean;
  readonly ts?: readonly [value: number, echo: number];
  readonly sack?: readonly (readonly [left: number, right: number])[];
  /** Reason code of an MP_TCPRST option (RFC 8684 §3.6). */
  readonly mptcpReset?: number;
  /** 16-byte digest (RFC 2385). */
  readonly md5?: boolean;
  /** Fast open cookie; empty asks for one. */
  readonly fastOpen?: readonly number[];
  /** Appended as they are, before the padding. */
  readonly raw?: readonly number[];
}

export interface TcpFields {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly seq?: number;
  /** Set also without the ACK flag, as some senders do. */
  readonly ack?: number;
  readonly flags?: string | number;
  /** As sent, 65535 unless said. */
  readonly window?: number;
  readonly urgent?: number;
  readonly options?: TcpOptions;
  readonly payload?: Uint8Array | string | number;
  /** Header length in bytes, for broken headers. */
  readonly dataOffset?: number;
}

/** Options in the order that Linux uses: MSS, SACK permitted, timestamps, window scale, SACK. */
export function tcpOptions(options: TcpOptions): number[] {
  const out: number[] = [];
  if (options.mss !== undefined) out.push(2, 4, ...be16(options.mss));
  const { sackPermitted, ts, ws } = options;
  if (sackPermitted) out.push(4, 2);
  if (ts) {
    if (!sackPermitted) out.push(1, 1);
    out.push(8, 10, ...be32(ts[0]), ...be32(ts[1]));
  } else if (sackPermitted) {
    out.push(1, 1);
  }
  if (ws !== undefined) out.push(1, 3, 3, ws);
  if (options.sack) {
    out.push(1, 1, 5, 2 + 8 * options.sack.length);
    for (const [left, right] of options.sack) out.push(...be32(left), ...be32(right));
  }
  if (options.mptcpReset !== undefined) out.push(30, 4, 0x80, options.mptcpReset);
  if (options.md5) out.push(19, 18, ...Array<number>(16).fill(0xa5), 1, 1);
  if (options.fastOpen) out.push(34, 2 + options.fastOpen.length, ...options.fastOpen);
  out.push(...(options.raw ?? []));
  while (out.length % 4 !== 0) out.push(0);
  return out;
}

export function tcp(fields: TcpFields): IpPayload {
  const options = tcpOptions(fields.options ?? {});
  const flags = tcpFlags(fields.flags ?? 'A');
  const offset = (fields.dataOffset ?? 20 + options.length) >>> 2;
  const bytes = concat(
    be16(fields.srcPort),
    be16(fields.dstPort),
    be32(fields.seq ?? 0),
    be32(fields.ack ?? 0),
    be16((offset << 12) | flags),
    be16(fields.window ?? 0xffff),
    [0, 0],
    be16(fields.urgent ?? 0),
    options,
    toBytes(fields.payload),
  );
  return { protocol: 6, bytes, checksumAt: 16 };
}

export interface UdpFields {
  readonly srcPort: number;
  readonly dstPort: number;
  readonly payload?: Uint8Array | string | number;
  readonly length?: number;
}

export function udp(fields: UdpFields): IpPayload {
  const payload = toBytes(fields.payload);
  const length = fields.length ?? 8 + payload.length;
  const bytes = concat(be16(fields.srcPort), be16(fields.dstPort), be16(length), [0, 0], payload);
  return { protocol: 17, bytes, checksumAt: 6 };
}

export interface IcmpErrorFields {
  /** 3, 4, 5, 11 or 12 for IPv4; 1 … 4 for IPv6. */
  readonly type: number;
  readonly code?: number;
  /** The second word: MTU, gateway, pointer. */
  readonly rest?: number;
  /** 1 for ICMP, 58 for ICMPv6; taken from the quoted packet unless said. */
  readonly protocol?: number;
  /** Bytes of the quoted packet that are sent back: 28 for old IPv4 routers; all unless said. */
  readonly quoteBytes?: number;
}

/** An ICMP or ICMPv6 error about `quoted`. */
export function icmpError(fields: IcmpErrorFields, quoted: NetworkPacket): IpPayload {
  const protocol = fields.protocol ?? (quoted.etherType === 0x86dd ? 58 : 1);
  return icmp(
    {
      type: fields.type,
      code: fields.code,
      rest: fields.rest,
      protocol,
    },
    quoted.bytes.subarray(0, fields.quoteBytes),
  );
}

export function icmp(
  fields: {
    readonly type: number;
    readonly code?: number;
    readonly rest?: number;
    readonly protocol?: number;
  },
  body: Uint8Array = new Uint8Array(0),
): IpPayload {
  const bytes = concat([fields.type, fields.code ?? 0, 0, 0], be32(fields.rest ?? 0), body);
  return { protocol: fields.protocol ?? 1, bytes, checksumAt: 2 };
}
