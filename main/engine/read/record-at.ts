/** Finds the packet in a record that is read a second time, from its offset in the packet index. */
import { readU16, readU32 } from './bytes.ts';
import type { CaptureFormat } from './capture-format.ts';
import { erfCapturedLength } from './erf.ts';
import { capturedLengthAt, PCAP_FILE_HEADER_BYTES, readPcapHeader, withFormat } from './pcap-header.ts';
import { SNOOP_RECORD_HEADER_BYTES, snoopCapturedLength } from './snoop.ts';

/** Longest header before the packet in any record of any format, bytes. */
export const MAX_RECORD_HEADER_BYTES = 28;
/** Bytes from the start of the file that `packetInRecord` wants to see. */
export const FILE_HEADER_BYTES = PCAP_FILE_HEADER_BYTES;

const SIMPLE_PACKET_BLOCK = 3;
const SIMPLE_PACKET_HEADER = 12;
const OBSOLETE_PACKET_BLOCK = 2;
const PACKET_BLOCK_HEADER = 28;
const PACKET_INTERFACE_AT = 8;
/** The block's length again, at its end. */
const TRAILER = 4;
const PACKET_CAPTURED_LENGTH_AT = 20;

interface PacketPlace {
  readonly start: number;
  readonly capturedLength: number;
  /** Of its section in pcapng, else of the file. */
  readonly interfaceId: number;
}

/** Of a file that another one took the place of. */
const NO_PACKET: PacketPlace = { start: 0, capturedLength: 0, interfaceId: 0 };

/**
 * Where the packet lies in its record, and how much of it was captured.
 * @param format of the file, as `CaptureReader` found it: file headers do not tell all of it
 * @param fileHeader the first FILE_HEADER_BYTES of the file
 * @param record from the record's first byte on, at least MAX_RECORD_HEADER_BYTES or all that there is
 */
export function packetInRecord(
  format: CaptureFormat,
  fileHeader: Uint8Array,
  record: Uint8Array,
): PacketPlace {
  if (format === 'pcapng' || format === 'unknown') return packetInBlock(record);
  if (format === 'erf') return { start: 0, capturedLength: erfCapturedLength(record, 0), interfaceId: 0 };
  if (format === 'snoop') {
    return {
      start: SNOOP_RECORD_HEADER_BYTES,
      capturedLength: snoopCapturedLength(record, 0),
      interfaceId: 0,
    };
  }
  const said = readPcapHeader(fileHeader, 0);
  if (said === undefined) return NO_PACKET;
  const pcap = withFormat(said, format);
  const { recordHeaderBytes, paddingBytes } = pcap;
  return {
    start: recordHeaderBytes + paddingBytes,
    capturedLength: Math.max(0, capturedLengthAt(pcap, record, 0) - paddingBytes),
    interfaceId: 0,
  };
}

function packetInBlock(record: Uint8Array): PacketPlace {
  // The block type is small, so its one non-zero byte is first or last and tells the byte order.
  const bigEndian = record[0] === 0;
  const type = bigEndian ? record[3] : record[0];
  if (type === SIMPLE_PACKET_BLOCK) {
    // It has no captured length of its own: the block ends behind the packet, or behind its padding.
    const room = readU32(record, 4, bigEndian) - SIMPLE_PACKET_HEADER - TRAILER;
    const capturedLength = Math.min(readU32(record, 8, bigEndian), room);
    return { start: SIMPLE_PACKET_HEADER, capturedLength, interfaceId: 0 };
  }
  return {
    start: PACKET_BLOCK_HEADER,
    capturedLength: readU32(record, PACKET_CAPTURED_LENGTH_AT, bigEndian),
    interfaceId:
      type === OBSOLETE_PACKET_BLOCK
        ? readU16(record, PACKET_INTERFACE_AT, bigEndian)
        : readU32(record, PACKET_INTERFACE_AT, bigEndian),
  };
}
