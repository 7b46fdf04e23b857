/** Reassembles one direction of a flow by reading its packets from the file again. */
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';
import type { StreamText } from '../../shared/contract/methods.ts';
import { RpcError } from '../../shared/contract/errors.ts';
import { seqAdd } from '../../shared/base/seq.ts';
import { TCP_RST, TCP_SYN } from '../engine/decode/facts.ts';
import { BASE_SEQ, SEEN, SEEN_SYN, SEEN_SYN_ACK } from '../engine/flow/record.ts';
import { LIMITS } from '../engine/limits.ts';
import { FILE_HEADER_BYTES, MAX_RECORD_HEADER_BYTES, packetInRecord } from '../engine/read/record-at.ts';
import { MARK_DUPLICATE_CAPTURE } from '../engine/flow/marks.ts';
import { PAYLOAD_ELSEWHERE } from '../engine/store/packet-columns.ts';
import { StreamAssembler } from '../engine/stream/reassembly.ts';
import type { Analysis } from './analysis.ts';

/** Packets between two looks at whether somebody still wants the answer. */
const CHECK_EVERY = 64;

/** @param maxBytes bytes of payload to hold; the rest is counted, LIMITS.maxReassemblyBytes at most */
export async function readStream(
  analysis: Analysis,
  flow: FlowRecord,
  direction: 0 | 1,
  maxBytes: number,
  signal: AbortSignal,
): Promise<StreamText> {
  const { packets, flowView } = analysis.session;
  const seen = flowView.directionWord(flow, direction, SEEN);
  const base = flowView.directionWord(flow, direction, BASE_SEQ);
  const firstByte = (seen & (SEEN_SYN | SEEN_SYN_ACK)) !== 0 ? seqAdd(base, 1) : base;
  const assembler = new StreamAssembler(firstByte, {
    maxBytes: Math.min(maxBytes, LIMITS.maxReassemblyBytes),
    maxSegments: LIMITS.maxReassemblySegments,
    policy: 'first',
  });
  const fileHeaders = new Map<number, Uint8Array>();
  let count = 0;
  for (const number of analysis.session.flowPackets(flow)) {
    const packet = number as PacketNumber;
    // It may have been let go since the list of packets was made.
    if (!packets.holds(packet)) continue;
    if (packets.direction(packet) !== direction || packets.payload(packet) === 0) continue;
    const flags = packets.flags(packet);
    if ((flags & TCP_RST) !== 0 || (packets.marks(packet) & MARK_DUPLICATE_CAPTURE) !== 0) continue;
    if (++count % CHECK_EVERY === 0 && signal.aborted) throw new RpcError('cancelled', 'cancelled');
    const payload = packets.payload(packet);
    // A SYN's data starts behind the number that the SYN itself takes.
    const seq = (flags & TCP_SYN) !== 0 ? seqAdd(packets.seq(packet), 1) : packets.seq(packet);
    const file = packets.file(packet);
    const source = analysis.source(file);
    // The oldest files of a ring are deleted while the capture goes on: what was in them is a gap.
    if (source === undefined && analysis.session.isBounded) {
      assembler.add(seq, new Uint8Array(0), payload, packet);
      continue;
    }
    if (source === undefined) throw new RpcError('unreadable', 'the capture file is no longer open');
    let header = fileHeaders.get(file);
    if (header === undefined) {
      header = await source.readAt(0, FILE_HEADER_BYTES);
      fileHeaders.set(file, header);
    }
    const payloadAt = packets.payloadAt(packet);
    if (payloadAt === PAYLOAD_ELSEWHERE) {
      assembler.add(seq, new Uint8Array(0), payload, packet);
      continue;
    }
    const record = await source.readAt(
      packets.fileOffset(packet),
      MAX_RECORD_HEADER_BYTES + payloadAt + payload,
    );
    const { start, capturedLength } = packetInRecord(analysis.session.fileFormat(file), header, record);
    const captured = Math.max(0, Math.min(payload, capturedLength - payloadAt));
    assembler.add(seq, record.subarray(start + payloadAt, start + payloadAt + captured), payload, packet);
  }
  const stream = assembler.finish();
  return {
    parts: stream.parts.map((part) =>
      part.kind === 'data'
        ? { kind: 'data', offset: part.offset, bytes: part.bytes }
        : { kind: 'gap', offset: part.offset, length: part.length, reason: part.reason },
    ),
    truncatedBytes: stream.dropped.bytes,
    conflictingBytes: stream.overlapDifferent.bytes,
  };
}
