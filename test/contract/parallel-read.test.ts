/** Two threads must find exactly what one finds. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Session } from '../../main/engine/session.ts';
import { CHUNK_PACKETS, type PacketChunk } from '../../main/engine/store/packet-index.ts';
import { readInParallel } from '../../main/host/parallel-read.ts';
import { prepareReadThread } from '../../main/host/read-thread.ts';
import { CHUNK_BYTES, SLOTS } from '../../main/host/read-ring.ts';
import { analyzeBytes } from '../support/analyze.ts';
import { CAPTURE_VARIANTS } from '../support/capture-variants.ts';
import { writePcap, writePcapng } from '../support/capture-writer.ts';
import { kernelEvent, kernelStarted } from '../support/kernel-blocks.ts';
import type { FlowRecord, Milliseconds, PacketNumber } from '../../shared/base/units.ts';
import type { ConversationPacket } from '../support/conversation.ts';
import { Conversation, interleave } from '../support/conversation.ts';

const root = join(import.meta.dirname, '../..');
const worker = pathToFileURL(join(root, 'dist/host/read-worker.js'));

const PCAP_HEADER_BYTES = 24;

let folder: string;
beforeAll(async () => {
  const build = (await import(pathToFileURL(join(root, 'scripts/build.mjs')).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
  folder = mkdtempSync(join(tmpdir(), 'resetscope-parallel-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Many connections at once, a few megabytes: more than all chunks of the ring hold. */
function traffic(): ConversationPacket[] {
  const talks = Array.from({ length: 120 }, (_, i) => {
    const talk = new Conversation({
      client: { address: `10.0.${i % 4}.${i}`, port: 30_000 + i, initialSeq: i * 7_777_777 },
      server: { address: `192.0.2.${i % 9}`, port: i % 2 === 0 ? 80 : 443 },
      startNs: 1_700_000_000_000_000_000n + BigInt(i) * 313_000n,
    }).handshake();
    for (let j = 0; j < 12; j++)
      talk.exchange(`GET /${i}/${j} HTTP/1.1\r\nHost: h${i}.example\r\n\r\n`, 3000 + ((i * j) % 900));
    if (i % 3 === 0) talk.rst({ from: 'server' });
    else if (i % 3 === 1) talk.rst({ from: 'client', payload: 'Idle timeout' });
    else talk.closes();
    return talk;
  });
  return interleave(...talks);
}

async function inParallel(path: string, signal = new AbortController().signal): Promise<Session> {
  const session = new Session();
  session.startFile(path, 'none', false);
  expect(await readInParallel(session, path, worker, () => undefined, signal)).toBe(true);
  session.endFile(true);
  session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds);
  return session;
}

/** All that queries answer, but for the file's path. */
function everything(session: Session): unknown {
  const { files, ...summary } = session.summary();
  return {
    files: files.map((file) => ({ ...file, path: '' })),
    summary,
    flows: Array.from({ length: session.flows.count }, (_, flow) => session.flowRow(flow as FlowRecord)),
    resets: Array.from({ length: session.resets.count }, (_, reset) => session.resetDetail(reset)),
  };
}

function write(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

describe('reading with two threads', () => {
  it('finds what one thread finds, packets across chunks included', async () => {
    const bytes = writePcap({ nanos: true, packets: traffic() });
    expect(bytes.length).toBeGreaterThan(CHUNK_BYTES * (SLOTS + 1));
    const one = analyzeBytes(bytes);
    const two = await inParallel(write('many.pcap', bytes));
    expect(everything(two)).toEqual(everything(one));
    expect(one.resets.count).toBe(80);
  });

  it('fills several chunks of the packet index as one thread does', async () => {
    const small = writePcap({ nanos: true, packets: traffic().filter((packet) => packet.data.length < 200) });
    const [header, records] = [small.subarray(0, PCAP_HEADER_BYTES), small.subarray(PCAP_HEADER_BYTES)];
    const once = analyzeBytes(small).packets.count;
    const times = Math.ceil((2.2 * CHUNK_PACKETS) / once);
    const bytes = Buffer.concat([header, ...Array.from({ length: times }, () => records)]);
    const one = analyzeBytes(bytes);
    const two = await inParallel(write('chunks.pcap', bytes));
    expect(two.packets.chunkCount).toBe(3);
    const chunksOf = ({ packets }: Session): PacketChunk[] =>
      Array.from({ length: packets.chunkCount }, (_, index) => packets.chunkAt(index));
    // Byte for byte: what the worker wrote, and what the follower added to it.
    const memory = (session: Session): Buffer[] => chunksOf(session).map(({ buffer }) => Buffer.from(buffer));
    expect(memory(two).map((chunk, i) => chunk.equals(memory(one)[i]))).toEqual([true, true, true]);
    expect(chunksOf(two).map((chunk) => chunk.used)).toEqual(chunksOf(one).map((chunk) => chunk.used));
  });

  it('hears what the kernel said', async () => {
    const packets = traffic();
    const [{ timeNs }] = packets;
    const said = Array.from({ length: 4 }, (_, i) =>
      kernelEvent({
        kind: 'owner',
        timeNs,
        local: `10.0.${i % 4}.${i}:${30_000 + i}`,
        remote: `192.0.2.${i % 9}:${i % 2 === 0 ? 80 : 443}`,
        comm: `program-${i}`,
        pid: i + 1,
      }),
    );
    const blocks = packets.map((packet) => ({ kind: 'packet' as const, ...packet }));
    const own = kernelStarted(timeNs, ['10.0.0.0', '192.0.2.0']);
    const bytes = writePcapng({
      sections: [{ interfaces: [{ tsresol: 9 }], blocks: [own, ...said, ...blocks] }],
    });
    const one = analyzeBytes(bytes);
    const two = await inParallel(write('kernel.pcapng', bytes));
    expect(everything(two)).toEqual(everything(one));
    const owners = Array.from(
      { length: one.resets.count },
      (_, id) => two.resetAccount(id).owners.client?.name,
    );
    expect(owners).toContain('program-3');
  });

  it('keeps comments, names and counters of a pcapng file at their packets', async () => {
    const packets = traffic().slice(0, 3000);
    const bytes = writePcapng({
      sections: [
        {
          interfaces: [{ tsresol: 9 }],
          blocks: packets.map((packet, i) => ({
            kind: 'packet' as const,
            ...packet,
            ...(i % 500 === 7 ? { comments: [`comment ${i}`] } : {}),
          })),
        },
      ],
    });
    const one = analyzeBytes(bytes);
    const two = await inParallel(write('comments.pcapng', bytes));
    expect(everything(two)).toEqual(everything(one));
    const commented = (session: Session): (string | undefined)[] =>
      [7, 507, 1007, 2999].map((n) => session.comment(n as PacketNumber));
    expect(commented(one)).toEqual(['comment 7', 'comment 507', 'comment 1007', undefined]);
    expect(commented(two)).toEqual(commented(one));
  });

  it('numbers frames beside blocks that are frames and no packets', async () => {
    const others = [9, 0xbad, 0x4000_0bad, 0x204].map((blockType) => ({
      kind: 'raw' as const,
      blockType,
      body: new Uint8Array(60),
    }));
    const blocks = traffic().flatMap((packet, i) => {
      const block = { kind: 'packet' as const, ...packet };
      return i % 5 === 0 ? [others[i % others.length], block, others[(i + 1) % others.length]] : [block];
    });
    const bytes = writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] });
    expect(bytes.length).toBeGreaterThan(CHUNK_BYTES * (SLOTS + 1));
    const one = analyzeBytes(bytes);
    const two = await inParallel(write('frames.pcapng', bytes));
    expect(everything(two)).toEqual(everything(one));
    // Which block each reset is, among those that have a number.
    const { count } = one.resets;
    const frames = Array.from({ length: count }, (_, id) => Number(two.resetRow(id).frame));
    const flags = blocks.map((block) => block.kind === 'packet' && (block.data[47] & 4) !== 0);
    expect(frames.toSorted((a, b) => a - b)).toEqual(flags.flatMap((isReset, i) => (isReset ? [i + 1] : [])));
  });

  it('reads every format and variant as one thread does', async () => {
    for (const { name, bytes } of CAPTURE_VARIANTS) {
      const two = await inParallel(write('variant', bytes));
      expect(everything(two), name).toEqual(everything(analyzeBytes(bytes)));
    }
  });

  it('tells of damage as one thread does', async () => {
    const bytes = writePcap({ nanos: true, packets: traffic() });
    bytes.fill(0xa5, 2_000_000, 2_003_000);
    const cut = bytes.subarray(0, bytes.length - 11);
    const one = analyzeBytes(cut);
    const two = await inParallel(write('damaged.pcap', cut));
    expect(one.files[0].warnings.length).toBeGreaterThan(0);
    expect(everything(two)).toEqual(everything(one));
  });

  it('stops when it is told to, and keeps what it has', async () => {
    const path = write('stopped.pcap', writePcap({ nanos: true, packets: traffic() }));
    const session = new Session();
    session.startFile(path, 'none', false);
    const abort = new AbortController();
    const reading = readInParallel(session, path, worker, () => abort.abort(), abort.signal);
    await expect(reading).rejects.toThrow();
    session.endFile(false);
    expect(session.packets.count).toBeGreaterThan(0);
  });

  it('leaves the file to one thread where no worker starts', async () => {
    const path = write('lonely.pcap', writePcap({ nanos: true, packets: traffic() }));
    const session = new Session();
    session.startFile(path, 'none', false);
    const broken = pathToFileURL(join(folder, 'broken-worker.js'));
    writeFileSync(broken, 'throw new Error("cannot run here")');
    const read = await readInParallel(session, path, broken, () => undefined, new AbortController().signal);
    expect(read).toBe(false);
    expect(session.packets.count).toBe(0);
  });

  it('finds the same with a thread that was ready before', async () => {
    const packets = traffic();
    const path = write('ready.pcap', writePcap({ nanos: true, packets }));
    const one = analyzeBytes(writePcap({ nanos: true, packets }));
    for (let time = 0; time < 2; time++) {
      prepareReadThread(worker);
      // Already the same one.
      prepareReadThread(worker);
      expect(everything(await inParallel(path))).toEqual(everything(one));
    }
  });

  it('is not held up by a thread that could not get ready', async () => {
    const broken = pathToFileURL(join(folder, 'broken-worker.js'));
    writeFileSync(broken, 'throw new Error("cannot run here")');
    prepareReadThread(broken);
    prepareReadThread(pathToFileURL(join(folder, 'missing-worker.js')));
    const path = write('unready.pcap', writePcap({ nanos: true, packets: traffic() }));
    expect((await inParallel(path)).packets.count).toBeGreaterThan(0);
  });

  it('says why a file that is gone cannot be read', async () => {
    const path = join(folder, 'gone.pcap');
    await expect(inParallel(path)).rejects.toThrow(/gone\.pcap/);
  });
});
