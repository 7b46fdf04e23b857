import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap, writeSimplePcapng } from '../../../../test/support/capture-writer.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import { writeProgram } from '../../../../test/support/fake-programs.ts';
import { eventually } from '../../../../test/support/patience.ts';
import { TEST_PATIENCE_MS } from '../../../../test/support/patience-times.ts';
import { RecorderRun } from '../../../../test/support/recorder-run.ts';

/** Longer than any test waits. */
const NEVER_MS = 2 * TEST_PATIENCE_MS;

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-recorder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });

describe('a recorder', () => {
  it('keeps what its source sends, byte for byte', async () => {
    const file = join(folder, 'source.pcapng');
    const bytes = writeSimplePcapng(talk.packets, { name: 'eth7' });
    writeFileSync(file, bytes);
    const run = new RecorderRun(folder, {
      program: writeProgram(folder, 'source', `cat '${file}'; cat >/dev/null`),
    });
    await run.until('started');
    await run.packets(talk.packets.length);
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
    expect(run.firstFile()).toEqual(Buffer.from(bytes));
    expect(run.last('counts')?.counts).toMatchObject({
      packets: talk.packets.length,
      queueLosses: 0,
      kernelDrops: null,
    });
    expect(
      run.messages.map(({ kind }) => kind).filter((kind) => kind === 'opened' || kind === 'ended'),
    ).toEqual(['opened', 'ended']);
  });

  it('turns pcap into pcapng, with the drops that are told beside it', async () => {
    const file = join(folder, 'source.pcap');
    writeFileSync(file, writePcap({ packets: talk.packets, nanos: true }));
    const script = `trap "echo '9 packets received by filter' >&2; echo '4 packets dropped by kernel' >&2; exit 0" INT\ncat '${file}'\nwhile :; do sleep 0.05; done`;
    const run = new RecorderRun(folder, {
      program: writeProgram(folder, 'source', script),
      format: 'pcap',
      endBy: 'SIGINT',
      kind: 'tcpdump',
    });
    await run.packets(talk.packets.length);
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
    expect(run.last('counts')?.counts.kernelDrops).toBe(4);
    const read = run.recorded();
    expect(read.packets).toHaveLength(talk.packets.length);
    expect(read.drops.at(-1)).toMatchObject({ droppedByKernel: 4, received: 9 });
    expect(read.warnings).toEqual([]);
  });

  it.each([
    ['before a byte came', 'true'],
    ['that no signal ends', 'trap "" INT TERM'],
  ])('ends a source %s', async (_name, prepare) => {
    const ready = join(folder, 'ready');
    const script = `${prepare}; : >'${ready}'; cat >/dev/null; exit 0`;
    const run = new RecorderRun(folder, { program: writeProgram(folder, 'source', script) });
    await eventually(() => expect(existsSync(ready)).toBe(true));
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
  });

  // SIGKILL is never due where SIGTERM is looked at: it would do its work.
  it.each([
    ['SIGTERM, that its input does not end', 'true', { terminateMs: 0, killMs: NEVER_MS }],
    ['SIGKILL, that SIGTERM does not end', 'trap "" INT TERM', { terminateMs: 0, killMs: 0 }],
  ])('ends a source by %s', async (_name, prepare, deadlines) => {
    const ready = join(folder, 'ready');
    // It does not read its input, and goes with the folder should nothing else end it.
    const script = `${prepare}; : >'${ready}'; while [ -e '${ready}' ]; do sleep 0.1; done`;
    const program = writeProgram(folder, 'source', script);
    const run = new RecorderRun(folder, { program }, deadlines);
    await eventually(() => expect(existsSync(ready)).toBe(true));
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
    const run = new RecorderRun(folder, { program: writeProgram(folder, 'source', script) });
    const ended = await run.until('ended');
    expect(ended).toMatchObject({ error: { code, message: expect.stringMatching(message) as string } });
  });

  it('keeps what came before its source died in the middle of a block', async () => {
    const file = join(folder, 'source.pcapng');
    const bytes = writeSimplePcapng(talk.packets);
    writeFileSync(file, bytes.subarray(0, bytes.length - 10));
    const run = new RecorderRun(folder, { program: writeProgram(folder, 'source', `cat '${file}'; exit 1`) });
    await run.until('ended');
    const read = run.recorded();
    expect(read.warnings).toEqual([]);
    expect(read.packets).toHaveLength(talk.packets.length - 1);
  });

  it('says so where there is no such program', async () => {
    const run = new RecorderRun(folder, { program: join(folder, 'missing') });
    expect(await run.until('ended')).toMatchObject({ error: { code: 'source-missing' } });
  });
});
