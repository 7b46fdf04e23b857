import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_FILE, makeReport, writeReport } from '../../../../test/support/report-writer.ts';
import { readReport } from './report-block.ts';

const read = (block: Uint8Array): ReturnType<typeof readReport> => readReport(block, 0, block.length);

describe('a report', () => {
  it('is read as it was written', () => {
    const report = makeReport({
      errno: 28,
      file: {
        ...EMPTY_FILE,
        number: 70_000,
        bytes: 5 * 2 ** 33,
        packets: 3,
        firstNs: 1_700_000_000_000_000_000,
        lastNs: 1_700_000_001_000_000_000,
      },
      captured: 2 ** 40,
      wireBytes: 2 ** 50,
      lost: 5,
      droppedByKernel: 6,
      droppedByInterface: 7,
      witnessEvents: 8,
      witnessLost: 9,
    });
    expect(read(writeReport(report))).toEqual(report);
    // The report may stand in the middle of other blocks.
    const block = writeReport(report);
    expect(readReport(Buffer.concat([Buffer.alloc(20, 0xff), block]), 20, block.length)).toEqual(report);
  });

  it('of a file without packets has no times, and of an interface without a count no drops of its own', () => {
    expect(read(writeReport(makeReport()))).toEqual(makeReport());
  });

  it.each(['../../etc/passwd.pcapng', 'a/b.pcapng', '', 'name', '..', 'a b.pcapng', 'a\0.pcapng'])(
    'names no path that leads elsewhere: %j',
    (name) => {
      expect(read(writeReport(makeReport({ file: { ...EMPTY_FILE, name } })))).toBeUndefined();
    },
  );

  it('may be anything', () => {
    const block = writeReport(makeReport());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.nat(block.length), (noise, at) => {
        const data = Buffer.concat([block.subarray(0, at), noise]);
        const report = read(data);
        if (report !== undefined) expect(report.file.name).toMatch(/^[^/]+\.pcapng$/u);
      }),
    );
  });
});
