import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeSimplePcapng } from '../../../../test/support/capture-writer.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import { EMPTY_FILE, makeReport, writeReport } from '../../../../test/support/report-writer.ts';
import { BlockError } from '../blocks/block-walker.ts';
import type { RecorderFailure, RecorderMessage } from './recorder-messages.ts';
import type { Report } from '../blocks/report-block.ts';
import { fileArguments, ReportedRecording } from './reported-recording.ts';
import type { RingFileState, RingPlan } from '../ring/ring-writer.ts';

const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
const HEAD = writeSimplePcapng([], { name: 'eth7' });
const WHOLE = writeSimplePcapng(talk.packets, { name: 'eth7' });
const TIMES = talk.packets.map(({ timeNs }) => Number(timeNs));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-reported-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const fileOf = (number: number, more: Partial<Report['file']> = {}): Report['file'] => ({
  ...EMPTY_FILE,
  number,
  name: `eth7_0000${number}_20260102030405.pcapng`,
  ...more,
});

const stateOf = (file: Report['file'], path: string): RingFileState => {
  const { number, bytes, packets, firstNs, lastNs } = file;
  return { number, path, bytes, packets, firstNs, lastNs };
};

class Heard {
  readonly messages: RecorderMessage[] = [];
  readonly failures: RecorderFailure[] = [];
  readonly sent: Uint8Array[] = [];
  owners = new Uint8Array();
  readonly recording: ReportedRecording;

  constructor(plan: Partial<RingPlan> = {}, files = 2) {
    this.recording = new ReportedRecording(
      {
        launch: {
          kind: 'helper',
          program: 'resetscope-capd',
          args: [],
          format: 'pcapng',
          interface: 'eth7',
          endBy: 'stdin',
          writesFiles: true,
          countsAtSignal: false,
          dropsAreQueue: false,
          isLocal: true,
        },
        plan: {
          folder,
          base: 'eth7',
          ring: { fileBytes: 1 << 20, fileSeconds: null, files },
          keepFreeBytes: 0,
          ...plan,
        },
        socketProgram: null,
        witness: true,
      },
      {
        tell: (message) => this.messages.push(message),
        fail: (failure) => this.failures.push(failure),
        owners: () => this.owners,
      },
      (blocks) => this.sent.push(blocks),
    );
  }

  take(...reports: Partial<Report>[]): void {
    for (const report of reports) this.recording.take(writeReport(makeReport(report)));
  }
}

describe('a recording that the helper writes', () => {
  it('is told of as it is reported', () => {
    const { recording, messages, ...heard } = new Heard();
    recording.take(HEAD);
    expect([recording.hasBegun, messages]).toEqual([false, []]);
    const file = fileOf(1, { bytes: 100 });
    const grown = fileOf(1, { bytes: 900, packets: 2, firstNs: 5, lastNs: 6 });
    recording.take(writeReport(makeReport({ file })));
    expect(recording.hasBegun).toBe(true);
    const report = makeReport({
      file: grown,
      captured: 3,
      wireBytes: 200,
      lost: 1,
      droppedByKernel: 4,
      witnessEvents: 2,
      witnessLost: 1,
    });
    recording.take(writeReport(report));
    const path = join(folder, file.name);
    expect(messages).toEqual([
      { kind: 'opened', file: stateOf(file, path) },
      { kind: 'written', file: stateOf(grown, path) },
    ]);
    expect(recording.counts).toEqual({
      packets: 3,
      bytes: 200,
      kernelDrops: 4,
      interfaceDrops: null,
      queueLosses: 1,
      witness: { state: 'waiting', why: null, events: 2, lost: 1 },
      freeBytes: null,
    });
    expect(heard.failures).toEqual([]);
  });

  it('removes the oldest files, and says so after it says what came instead', async () => {
    const { recording, messages, ...heard } = new Heard();
    recording.take(HEAD);
    for (const number of [1, 2, 3, 4]) {
      writeFileSync(join(folder, fileOf(number).name), HEAD);
      recording.take(writeReport(makeReport({ file: fileOf(number, { bytes: HEAD.length }) })));
    }
    // Somebody else removes a file first.
    rmSync(join(folder, fileOf(2).name));
    await recording.close();
    expect(readdirSync(folder).sort()).toEqual([fileOf(3).name, fileOf(4).name]);
    const numbers = messages.flatMap((one) => ('file' in one ? [`${one.kind} ${one.file.number}`] : []));
    expect(numbers).toEqual(['opened 1', 'opened 2', 'opened 3', 'opened 4', 'gone 1', 'gone 2']);
    expect(heard.failures).toEqual([]);
  });

  it('has the owners of sockets in every file', () => {
    const heard = new Heard();
    heard.recording.take(HEAD);
    heard.take({ file: fileOf(1) });
    heard.owners = Uint8Array.of(1, 2, 3);
    heard.recording.append(Uint8Array.of(9));
    heard.take({ file: fileOf(2) });
    expect(heard.sent).toEqual([Uint8Array.of(9), Uint8Array.of(1, 2, 3)]);
  });

  it.each([
    [28, { code: 'disk-full', message: `eth7_00001_20260102030405.pcapng: the disk is full` }],
    [27, { code: 'disk-full', message: `eth7_00001_20260102030405.pcapng: the disk is full` }],
    [5, { code: 'disk-error', message: `eth7_00001_20260102030405.pcapng: cannot be written (EIO)` }],
  ])('fails with what the system said (%i)', (errno, { code, message }) => {
    const heard = new Heard();
    heard.recording.take(HEAD);
    heard.take({ file: fileOf(1) }, { file: fileOf(1), errno });
    expect(heard.failures).toEqual([{ code, message: join(folder, message) }]);
  });

  it('never begins where the first file cannot be made', () => {
    const heard = new Heard();
    heard.recording.take(HEAD);
    heard.take({ file: fileOf(1), errno: 13 });
    expect(heard.recording.hasBegun).toBe(false);
    expect(heard.failures).toMatchObject([{ code: 'disk-error' }]);
  });

  it('fails where less is free than is to be kept', async () => {
    const heard = new Heard({ keepFreeBytes: Number.MAX_SAFE_INTEGER });
    await heard.recording.guard();
    expect(heard.failures).toMatchObject([{ code: 'disk-full' }]);
    expect(heard.recording.counts.freeBytes).toBeGreaterThan(0);
  });

  it('takes no nonsense', () => {
    const broken = writeReport(makeReport());
    broken[8] = 9;
    for (const bytes of [Buffer.from('this is no block at all'), Buffer.concat([HEAD, broken])])
      expect(() => new Heard().recording.take(bytes)).toThrow(BlockError);
  });

  it.each([0, 1, 27, 28, 40])(
    'has all that a killed helper wrote, up to a whole block (%i bytes missing)',
    async (missing) => {
      const heard = new Heard();
      heard.recording.take(HEAD);
      // The helper had told of the head alone.
      heard.take({ file: fileOf(1, { bytes: HEAD.length }) });
      const path = join(folder, fileOf(1).name);
      writeFileSync(path, WHOLE.subarray(0, WHOLE.length - missing));
      await heard.recording.close();
      const packets = talk.packets.length - (missing === 0 ? 0 : 1);
      expect(heard.recording.counts.packets).toBe(packets);
      const kept = readFileSync(path);
      expect(kept).toEqual(Buffer.from(writeSimplePcapng(talk.packets.slice(0, packets), { name: 'eth7' })));
      expect(heard.messages.at(-1)).toEqual({
        kind: 'written',
        file: {
          number: 1,
          path,
          bytes: kept.length,
          packets,
          firstNs: TIMES[0],
          lastNs: TIMES[packets - 1],
        },
      });
    },
  );

  it('leaves what it cannot understand behind the last report as it is', async () => {
    const heard = new Heard();
    heard.recording.take(HEAD);
    heard.take({ file: fileOf(1, { bytes: HEAD.length }) });
    const path = join(folder, fileOf(1).name);
    writeFileSync(path, HEAD);
    appendFileSync(path, 'somebody else wrote this into it');
    await heard.recording.close();
    expect(readFileSync(path).includes('somebody else')).toBe(true);
    expect(heard.recording.counts.packets).toBe(0);
  });
});

it('is asked for by options that the helper knows', () => {
  const ring = { fileBytes: 5_000_000_000, fileSeconds: 60, files: 3 };
  expect(fileArguments({ folder: '/x', base: 'eth7', ring, keepFreeBytes: 0 }, 3)).toEqual(
    '--folder 3 --file-base eth7 --file-bytes 5000000000 --file-seconds 60'.split(' '),
  );
});
