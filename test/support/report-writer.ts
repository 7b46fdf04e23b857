/** What the capture helper says of the files that it writes, as it says it. */
import { BLOCK_REPORT, type Report } from '../../main/capture/live/blocks/report-block.ts';

/** All bits set: not known. */
const NOT_KNOWN = 0xffff_ffff_ffff_ffffn;

export const EMPTY_FILE: Report['file'] = {
  number: 1,
  name: 'eth7_00001_20260102030405.pcapng',
  bytes: 0,
  packets: 0,
  firstNs: Infinity,
  lastNs: -Infinity,
};

/** A report of a capture that has just begun, but for the `change`. */
export function makeReport(change: Partial<Report> = {}): Report {
  return {
    errno: 0,
    file: EMPTY_FILE,
    captured: 0,
    wireBytes: 0,
    lost: 0,
    droppedByKernel: 0,
    droppedByInterface: null,
    witnessEvents: 0,
    witnessLost: 0,
    ...change,
  };
}

export function writeReport(report: Report): Uint8Array {
  const { file } = report;
  const name = Buffer.from(file.name, 'latin1');
  const length = 8 + 8 + 12 * 8 + 4 + ((name.length + 3) & ~3) + 4;
  const block = Buffer.alloc(length);
  block.writeUInt32LE(BLOCK_REPORT, 0);
  block.writeUInt32LE(length, 4);
  block.writeUInt16LE(1, 8);
  block.writeUInt16LE(report.errno, 10);
  block.writeUInt32LE(file.number, 12);
  const numbers = [
    file.bytes,
    file.packets,
    Number.isFinite(file.firstNs) ? file.firstNs : 0,
    Number.isFinite(file.lastNs) ? file.lastNs : 0,
    report.captured,
    report.wireBytes,
    report.lost,
    report.captured + report.droppedByKernel,
    report.droppedByKernel,
    report.droppedByInterface ?? NOT_KNOWN,
    report.witnessEvents,
    report.witnessLost,
  ];
  for (const [index, number] of numbers.entries()) block.writeBigUInt64LE(BigInt(number), 16 + 8 * index);
  block.writeUInt16LE(name.length, 112);
  name.copy(block, 116);
  block.writeUInt32LE(length, length - 4);
  return block;
}
