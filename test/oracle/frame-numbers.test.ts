/** Frame numbers are Wireshark's, whatever else a file holds. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { CHUNK_PACKETS } from '../../main/engine/store/packet-index.ts';
import { writePcapng, type PcapngBlock } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';
import { hasTshark } from './tshark.ts';

const JOURNAL = new TextEncoder().encode('__REALTIME_TIMESTAMP=1600000000000000\nMESSAGE=x\n\n');
const BLOCKS: readonly [string, number, Uint8Array][] = [
  ['systemd journal', 9, JOURNAL],
  ['secrets', 10, new Uint8Array(16)],
  ['custom', 0xbad, new Uint8Array(32)],
  ['custom, not to be copied', 0x4000_0bad, new Uint8Array(32)],
  ['custom, of another maker', 0xbad, Uint8Array.of(1, 0, 0, 0)],
  ['sysdig event', 0x204, new Uint8Array(48)],
  ['sysdig event with flags', 0x208, new Uint8Array(48)],
  ['sysdig event, version 2', 0x216, new Uint8Array(48)],
  ['sysdig event, version 2, large', 0x221, new Uint8Array(48)],
  ['sysdig machine', 0x201, new Uint8Array(48)],
  ['darwin process', 0x8000_0001, new Uint8Array(16)],
  ['unknown', 0x7000_0000, new Uint8Array(16)],
];

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-frames-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

function packets(count: number): PcapngBlock[] {
  const talk = new Conversation().handshake();
  for (let i = 0; i < count; i++) talk.clientSends(1).serverAcks().rst({ from: 'server' });
  return talk.packets.map((packet) => ({ kind: 'packet', ...packet }));
}

/** The block before, between and behind the packets, at times twice. */
function interleaved(block: PcapngBlock): PcapngBlock[] {
  const all = packets(6);
  return [block, ...all.flatMap((packet, i) => (i % 3 === 0 ? [packet, block, block] : [packet])), block];
}

async function frames(path: string): Promise<{ readonly ours: number[]; readonly theirs: number[] }> {
  const analysis = new Analysis();
  try {
    await analysis.run([path], {});
    const { session } = analysis;
    const ours = Array.from({ length: session.resets.count }, (_, id) => Number(session.resetRow(id).frame));
    const args = ['-r', path, '-Y', 'tcp.flags.reset == 1', '-T', 'fields', '-e', 'frame.number'];
    const { stdout } = spawnSync('tshark', args, { encoding: 'utf8' });
    return { ours, theirs: stdout.trim().split('\n').map(Number) };
  } finally {
    await analysis.close();
  }
}

describe.skipIf(!hasTshark())('frames are numbered as by tshark', () => {
  it.each(BLOCKS)('beside blocks: %s', async (_name, blockType, body) => {
    const path = join(dir, 'blocks.pcapng');
    const blocks = interleaved({ kind: 'raw', blockType, body });
    writeFileSync(path, writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }], blocks }] }));
    const { ours, theirs } = await frames(path);
    expect(ours).toHaveLength(6);
    expect(ours).toEqual(theirs);
  });

  it('in a file over several chunks of the index', async () => {
    const path = join(dir, 'large.pcapng');
    const other: PcapngBlock = { kind: 'raw', blockType: 0xbad, body: new Uint8Array(1200) };
    const [data, reset] = [packets(1).slice(0, -1), packets(1).slice(-1)];
    const interfaces = [{ tsresol: 9 }];
    const head = writePcapng({ sections: [{ interfaces, blocks: [] }] });
    const piece = (blocks: PcapngBlock[]): Uint8Array =>
      writePcapng({ sections: [{ interfaces, blocks }] }).subarray(head.length);
    const many = Array.from({ length: CHUNK_PACKETS / 4 }, () => piece([other, ...data]));
    const one = piece(reset);
    writeFileSync(path, Buffer.concat([head, one, ...many, one, ...many, one]));
    const { ours, theirs } = await frames(path);
    expect(ours).toHaveLength(3);
    expect(ours).toEqual(theirs);
  });
});
