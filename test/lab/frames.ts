/**
 * Reads what tcpdump wrote, for the truth: a small parser of its own, which shares nothing with the code whose
 * verdicts are judged by it. Ethernet, VLAN, Linux cooked (v2), IPv4, IPv6 with extension headers, TCP, UDP, ICMP.
 */
export interface Frame {
  readonly timeNs: bigint;
  readonly data: Uint8Array;
  readonly wireLength: number;
}

export interface RawCapture {
  readonly linkType: number;
  readonly frames: readonly Frame[];
}

export const LINK_ETHERNET = 1;
export const LINK_COOKED = 276;
/** No link layer: what the wire says it injected. */
export const LINK_RAW = 101;

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const ACK = 16;

export interface Segment {
  readonly source: string;
  readonly target: string;
  readonly sourcePort: number;
  readonly targetPort: number;
  readonly ttl: number;
  /** IPv4 identification; the flow label of IPv6 (RFC 6437), which routers leave alone as well. */
  readonly id: number;
  /** TCP only; `flags` is -1 for UDP and for a segment quoted in an ICMP error. */
  readonly flags: number;
  readonly seq: number;
  readonly ack: number;
  readonly length: number;
  readonly fromThisHost: boolean;
  /** An ICMP error: ports and numbers are those of the packet that it quotes. */
  readonly isQuoted?: boolean;
}

/** Little-endian pcap, microseconds or nanoseconds: what tcpdump writes here. A cut last record is dropped. */
export function readPcap(file: Uint8Array): RawCapture {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const magic = file.length >= 24 ? view.getUint32(0, true) : 0;
  if (magic !== 0xa1b2c3d4 && magic !== 0xa1b23c4d) throw new Error('not a pcap file of this machine');
  const unit = magic === 0xa1b23c4d ? 1n : 1000n;
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= file.length;) {
    const length = view.getUint32(at + 8, true);
    if (at + 16 + length > file.length) break;
    frames.push({
      timeNs: BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true)) * unit,
      data: file.subarray(at + 16, at + 16 + length),
      wireLength: view.getUint32(at + 12, true),
    });
    at += 16 + length;
  }
  return { linkType: view.getUint32(20, true) & 0xffff, frames };
}

/** Null for what carries no ports. */
export function parseSegment(data: Uint8Array, linkType: number): Segment | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  return unlessCut(() => {
    const body = locate(view, linkType);
    return body === null ? null : transport(view, body);
  });
}

/** Where the TCP header begins and where the packet ends, in bytes of the frame; null for anything else. */
export function locateTcp(data: Uint8Array, linkType: number): { at: number; end: number } | null {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const body = unlessCut(() => locate(view, linkType));
  return body === null || body.protocol !== 6 || body.isPart ? null : { at: body.at, end: body.end };
}

function unlessCut<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

type Base = Pick<Segment, 'source' | 'target' | 'ttl' | 'id' | 'fromThisHost'>;

/** What an IP packet carries. */
interface Body {
  readonly protocol: number;
  readonly at: number;
  readonly end: number;
  readonly base: Base;
  /** The first fragment of several. */
  readonly isPart: boolean;
}

function locate(view: DataView, linkType: number): Body | null {
  if (linkType === LINK_RAW) return locateInIp(view, 0, false, 0);
  if (linkType === LINK_COOKED) return locateInIp(view, 20, view.getUint8(10) === 4, view.getUint16(0));
  let at = 12;
  let type = view.getUint16(at);
  while (type === 0x8100 || type === 0x88a8) type = view.getUint16((at += 4));
  return locateInIp(view, at + 2, false, type);
}

function locateInIp(view: DataView, at: number, fromThisHost: boolean, type: number): Body | null {
  const version = view.getUint8(at) >> 4;
  if (type !== 0 && type !== 0x0800 && type !== 0x86dd) return null;
  if (version === 4) {
    const header = (view.getUint8(at) & 15) * 4;
    if (view.getUint16(at + 6) & 0x1fff) return null;
    const base = {
      source: ipv4(view, at + 12),
      target: ipv4(view, at + 16),
      ttl: view.getUint8(at + 8),
      id: view.getUint16(at + 4),
      fromThisHost,
    };
    const isPart = (view.getUint16(at + 6) & 0x2000) !== 0;
    const end = at + view.getUint16(at + 2);
    return { protocol: view.getUint8(at + 9), at: at + header, end, base, isPart };
  }
  if (version !== 6) return null;
  let next = view.getUint8(at + 6);
  let body = at + 40;
  while (next === 0 || next === 43 || next === 60) {
    next = view.getUint8(body);
    body += (view.getUint8(body + 1) + 1) * 8;
  }
  const base = {
    source: ipv6(view, at + 8),
    target: ipv6(view, at + 24),
    ttl: view.getUint8(at + 7),
    id: view.getUint32(at) & 0xfffff,
    fromThisHost,
  };
  return { protocol: next, at: body, end: at + 40 + view.getUint16(at + 4), base, isPart: false };
}

function transport(view: DataView, { at, end, protocol, base }: Body): Segment | null {
  if (protocol === 1 || protocol === 58) {
    // An error quotes the packet it is about: its ports tell whose it is.
    const type = view.getUint8(at);
    const error = protocol === 1 ? type === 3 || type === 11 : type >= 1 && type <= 4;
    const body = error ? locateInIp(view, at + 8, base.fromThisHost, 0) : null;
    const quoted = body === null ? null : transport(view, body);
    return quoted === null ? null : { ...quoted, ...base, flags: -1, isQuoted: true };
  }
  if (protocol !== 6 && protocol !== 17) return null;
  const ports = { sourcePort: view.getUint16(at), targetPort: view.getUint16(at + 2) };
  if (protocol === 17) return { ...base, ...ports, flags: -1, seq: 0, ack: 0, length: 0 };
  const whole = at + 14 <= view.byteLength;
  return {
    ...base,
    ...ports,
    seq: view.getUint32(at + 4),
    ack: whole ? view.getUint32(at + 8) : 0,
    flags: whole ? view.getUint8(at + 13) : -1,
    length: whole ? end - at - (view.getUint8(at + 12) >> 4) * 4 : 0,
  };
}

function ipv4(view: DataView, at: number): string {
  return [0, 1, 2, 3].map((i) => view.getUint8(at + i)).join('.');
}

/** RFC 5952 text, as far as the lab's addresses go. */
function ipv6(view: DataView, at: number): string {
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i).toString(16));
  return groups.join(':').replace(/(^|:)0(:0)+(:|$)/, '::');
}
