/**
 * Frames as a host sees them whose network card cuts large segments (TSO) or puts small ones together (GRO): neighbours of one
 * direction become one frame, larger than the link's MTU.
 */
import { FIN, locateTcp, RST, SYN } from './frames.ts';
import type { LabelledFrame } from './output.ts';

/** What Linux puts together at most, and what it waits for. */
const MOST_BYTES = 16_384;
const WAIT_NS = 1_000_000n;

interface Growing {
  readonly first: LabelledFrame;
  readonly at: number;
  readonly header: number;
  frames: LabelledFrame[];
  payload: Uint8Array[];
  nextSeq: number;
}

export function coalesce(frames: readonly LabelledFrame[], linkType: number): LabelledFrame[] {
  const out: (LabelledFrame | Growing)[] = [];
  /** By the pair of ports, whatever the direction: a packet of the other direction ends what grows. */
  const open = new Map<string, Growing>();
  for (const frame of frames) {
    const { segment, data } = frame;
    const tcp = segment === null || segment.flags < 0 ? null : locateTcp(data, linkType);
    if (segment === null || tcp === null) {
      out.push(frame);
      continue;
    }
    const ends = [`${segment.source} ${segment.sourcePort}`, `${segment.target} ${segment.targetPort}`];
    const key = ends.sort().join(' ');
    const growing = open.get(key);
    const isPlain =
      segment.length > 0 && (segment.flags & (SYN | FIN | RST)) === 0 && data.length === frame.wireLength;
    if (growing !== undefined && isPlain && fits(growing, frame, tcp.at)) {
      growing.frames.push(frame);
      growing.payload.push(data.subarray(tcp.at + growing.header, tcp.end));
      growing.nextSeq = (segment.seq + segment.length) >>> 0;
      continue;
    }
    open.delete(key);
    if (!isPlain) {
      out.push(frame);
      continue;
    }
    const header = (data[tcp.at + 12] >> 4) * 4;
    const begun: Growing = {
      ...{ first: frame, at: tcp.at, header, frames: [frame] },
      payload: [data.subarray(tcp.at + header, tcp.end)],
      nextSeq: (segment.seq + segment.length) >>> 0,
    };
    open.set(key, begun);
    out.push(begun);
  }
  return out.map((one) => ('payload' in one ? joined(one) : one));
}

function fits(
  { first, at, header, nextSeq, frames, payload }: Growing,
  frame: LabelledFrame,
  tcpAt: number,
): boolean {
  const { segment } = frame;
  if (segment === null || first.segment === null || tcpAt !== at) return false;
  const size = payload.reduce((sum, part) => sum + part.length, 0) + segment.length;
  const last = frames[frames.length - 1];
  // Addresses, acknowledgement, window and options have to be the same; all is in the header but for number, push and checksum.
  const sameFrom = (from: number, to: number): boolean =>
    Buffer.from(first.data.subarray(from, to)).equals(frame.data.subarray(from, to));
  return (
    segment.seq === nextSeq &&
    segment.source === first.segment.source &&
    segment.ack === first.segment.ack &&
    segment.ttl === first.segment.ttl &&
    size <= MOST_BYTES &&
    frame.timeNs - last.timeNs < WAIT_NS &&
    sameFrom(at, at + 4) &&
    sameFrom(at + 14, at + 16) &&
    sameFrom(at + 20, at + header) &&
    (first.data[at + 12] & 0xf0) === (frame.data[at + 12] & 0xf0)
  );
}

function joined({ first, at, header, frames, payload }: Growing): LabelledFrame {
  if (frames.length === 1) return first;
  const data = Buffer.concat([first.data.subarray(0, at + header), ...payload]);
  const last = frames[frames.length - 1];
  const lastAt = at + 13;
  data[lastAt] |= last.data[lastAt];
  setIpLength(data, at, data.length);
  const length = payload.reduce((sum, part) => sum + part.length, 0);
  const segment = first.segment === null ? null : { ...first.segment, length };
  const journeys = frames.flatMap((frame) => frame.journeys);
  return { ...first, data, wireLength: data.length, segment, journeys };
}

/** The IP header ends where the TCP header begins, or extension headers lie between: it is found from its version and length. */
function setIpLength(data: Buffer, tcpAt: number, end: number): void {
  for (let at = tcpAt - 20; at >= 0; at--) {
    if (data[at] >> 4 === 4 && at + (data[at] & 15) * 4 === tcpAt) {
      data.writeUInt16BE(end - at, at + 2);
      data.writeUInt16BE(0, at + 10);
      let sum = 0;
      for (let word = at; word < tcpAt; word += 2) sum += data.readUInt16BE(word);
      while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
      data.writeUInt16BE(~sum & 0xffff, at + 10);
      return;
    }
    if (data[at] >> 4 === 6 && at + 40 === tcpAt && data[at + 6] === 6) {
      data.writeUInt16BE(end - tcpAt, at + 4);
      return;
    }
  }
  throw new Error('no IP header before the TCP header');
}
