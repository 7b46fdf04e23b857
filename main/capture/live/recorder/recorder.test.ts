import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { writePcap, writeSimplePcapng } from '../../../../test/support/capture-writer.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import { record, type Recording } from '../../../../test/support/recording-sink.ts';
import { writeProgram } from '../../../../test/support/fake-programs.ts';
import { TCP_RST } from '../../../engine/decode/facts.ts';
import { findPrograms } from '../doctor/find-programs.ts';
import { Recorder } from './recorder.ts';
import type { RecorderMessage } from './recorder-messages.ts';
import type { Launch } from '../sources/source.ts';
import { sourceOf } from '../sources/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-recorder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });

class Run {
  readonly messages: RecorderMessage[] = [];
  readonly recorder: Recorder;

  constructor(launch: Partial<Launch> & Pick<Launch, 'program'>, witness = false) {
    const whole: Launch = {
      kind: 'helper',
      args: [],
      format: 'pcapng',
      interface: 'eth7',
      endBy: 'stdin',
      writesFiles: false,
      countsAtSignal: false,
      dropsAreQueue: false,
      isLocal: true,
      ...launch,
    };
    const ring = { fileBytes: 64 * 1024 * 1024, fileSeconds: null, files: 4 };
    const plan = { folder: join(folder, 'ring'), base: 'eth7', ring, keepFreeBytes: 0 };
    execFileSync('mkdir', ['-p', plan.folder]);
    this.recorder = new Recorder({ launch: whole, plan, socketProgram: null, witness }, (message) => {
      this.messages.push(message);
    });
    this.recorder.start();
  }

  async until(kind: RecorderMessage['kind']): Promise<RecorderMessage> {
    return vi.waitFor(
      () => {
        const found = this.messages.find((message) => message.kind === kind);
        if (found === undefined) throw new Error(`no ${kind} yet`);
        return found;
      },
      { timeout: 20_000, interval: 10 },
    );
  }

  packets(): Promise<unknown> {
    return vi.waitFor(() => {
      const written = this.messages.findLast((message) => message.kind === 'written');
      expect(written).toMatchObject({ file: { packets: talk.packets.length } });
    });
  }

  async stop(): Promise<RecorderMessage> {
    this.recorder.stop();
    return this.until('ended');
  }

  counts(): Extract<RecorderMessage, { kind: 'counts' }>['counts'] | undefined {
    return this.messages.findLast((message) => message.kind === 'counts')?.counts;
  }
}

function recorded(): Recording {
  const [name] = readdirSync(join(folder, 'ring'));
  return record(readFileSync(join(folder, 'ring', name)));
}

describe('a recorder', () => {
  it('keeps what its source sends, byte for byte', async () => {
    const file = join(folder, 'source.pcapng');
    const bytes = writeSimplePcapng(talk.packets, { name: 'eth7' });
    writeFileSync(file, bytes);
    const run = new Run({ program: writeProgram(folder, 'source', `cat '${file}'; cat >/dev/null`) });
    await run.until('started');
    await run.packets();
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
    const [name] = readdirSync(join(folder, 'ring'));
    expect(readFileSync(join(folder, 'ring', name))).toEqual(Buffer.from(bytes));
    expect(run.counts()).toMatchObject({ packets: talk.packets.length, queueLosses: 0, kernelDrops: null });
    expect(
      run.messages.map(({ kind }) => kind).filter((kind) => kind === 'opened' || kind === 'ended'),
    ).toEqual(['opened', 'ended']);
  });

  it('turns pcap into pcapng, with the drops that are told beside it', async () => {
    const file = join(folder, 'source.pcap');
    writeFileSync(file, writePcap({ packets: talk.packets, nanos: true }));
    const script = `trap "echo '9 packets received by filter' >&2; echo '4 packets dropped by kernel' >&2; exit 0" INT\ncat '${file}'\nwhile :; do sleep 0.05; done`;
    const run = new Run({
      program: writeProgram(folder, 'source', script),
      format: 'pcap',
      endBy: 'SIGINT',
      kind: 'tcpdump',
    });
    await run.packets();
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
    expect(run.counts()?.kernelDrops).toBe(4);
    const read = recorded();
    expect(read.packets).toHaveLength(talk.packets.length);
    expect(read.drops.at(-1)).toMatchObject({ droppedByKernel: 4, received: 9 });
    expect(read.warnings).toEqual([]);
  });

  it.each([
    ['cat >/dev/null; exit 0', 'stopped before a byte came'],
    ['trap "" INT TERM; cat >/dev/null', 'that does not want to end'],
  ])('ends a source: %s', async (script) => {
    const run = new Run({ program: writeProgram(folder, 'source', script) });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
  });

  it.each([
    ['ends by itself', `exit 7`, 'source-died', /exit code 7/u],
    [
      'says why',
      `echo 'resetscope-capd: no-such-interface: there is no eth7' >&2; exit 66`,
      'no-such-interface',
      /^there is no eth7$/u,
    ],
    ['is killed', `kill -9 $$`, 'source-died', /signal SIGKILL/u],
    ['sends no capture', `echo 'this is text, not packets'; cat >/dev/null`, 'source-died', /no pcapng/u],
  ])('tells of a source that %s', async (_name, script, code, message) => {
    const run = new Run({ program: writeProgram(folder, 'source', script) });
    const ended = await run.until('ended');
    expect(ended).toMatchObject({ error: { code, message: expect.stringMatching(message) as string } });
  });

  it('keeps what came before its source died in the middle of a block', async () => {
    const file = join(folder, 'source.pcapng');
    const bytes = writeSimplePcapng(talk.packets);
    writeFileSync(file, bytes.subarray(0, bytes.length - 10));
    const run = new Run({ program: writeProgram(folder, 'source', `cat '${file}'; exit 1`) });
    await run.until('ended');
    const read = recorded();
    expect(read.warnings).toEqual([]);
    expect(read.packets).toHaveLength(talk.packets.length - 1);
  });

  it('says so where there is no such program', async () => {
    const run = new Run({ program: join(folder, 'missing') });
    expect(await run.until('ended')).toMatchObject({ error: { code: 'source-missing' } });
  });
});

const mayCapture = process.platform === 'linux' && process.getuid?.() === 0;
describe.skipIf(!mayCapture)('on loopback', () => {
  const options = (kind: 'tcpdump' | 'dumpcap') => ({
    source: kind,
    interface: 'lo',
    host: null,
    filter: 'tcp port 9',
    snapLength: 262_144,
    promiscuous: false,
    bufferBytes: 4 * 1024 * 1024,
    folder: null,
    ring: { fileBytes: 1024 ** 2, fileSeconds: null, files: 2 },
    keepFreeBytes: 0,
    witness: false,
    catch: null,
  });

  it.each(['tcpdump', 'dumpcap'] as const)('%s sees a refused connection', async (kind) => {
    const programs = await findPrograms({ path: process.env['PATH'], helpers: [], capChild: null, node: '' });
    const launch = sourceOf(kind).launch(options(kind), programs);
    if (launch === undefined) throw new Error(`${kind} is not installed; it belongs to the test suite`);
    const run = new Run(launch);
    await run.until('started');
    await vi.waitFor(
      async () => {
        await refused();
        const written = run.messages.findLast((message) => message.kind === 'written');
        expect(written?.kind === 'written' && written.file.packets).toBeGreaterThanOrEqual(2);
      },
      { timeout: 15_000, interval: 300 },
    );
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
    const read = recorded();
    expect(read.warnings).toEqual([]);
    expect(read.interfaces[0]).toMatchObject({ name: 'lo', resolutionNs: 1 });
    // Ethernet 14, IPv4 20, flags of TCP at 13.
    const resets = read.packets.filter(({ data }) => (data[14 + 20 + 13] & TCP_RST) !== 0);
    expect(resets.length).toBeGreaterThan(0);
  });
});

function refused(): Promise<void> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port: 9 });
    socket.on('error', () => resolve());
    socket.on('connect', () => socket.destroy());
  });
}
