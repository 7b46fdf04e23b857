/**
 * The short way of ordinary segments keeps of every capture at hand what the way through the layers keeps, packet by packet; and
 * whatever the pieces are in which a file comes, the same is kept of it.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDecompressor } from '../../main/capture/compression/create-decompressor.ts';
import {
  COMPRESSION_SNIFF_BYTES,
  sniffCompression,
} from '../../main/capture/compression/sniff-compression.ts';
import { LIVE_RETENTION } from '../../main/engine/retention/retention-options.ts';
import type { Session } from '../../main/engine/session.ts';
import { SAMPLE_NAMES } from '../../shared/model/sample.ts';
import { generate } from '../bench/generate.ts';
import { SAMPLE_CAPTURES } from '../samples/sample-captures.ts';
import { corpusFolder, faultsFolder, fieldFolder } from '../support/capture-fixture.ts';
import { CAPTURE_VARIANTS } from '../support/capture-variants.ts';
import { writePcap, writePcapng, type PcapngBlock } from '../support/capture-writer.ts';
import { Conversation, interleave } from '../support/conversation.ts';
import { encapsulations } from '../support/encapsulations.ts';
import { FLOODS, floodOf } from '../support/floods.ts';
import { differenceOf, readCapture, type Reading } from '../support/held-against.ts';
import { kernelEvent, kernelStarted } from '../support/kernel-blocks.ts';
import { SAME_PORTS, samePortsPackets } from '../support/same-ports.ts';

const root = join(import.meta.dirname, '../..');
/** Larger captures are of the benches. */
const MOST_BYTES = 40 * 1024 * 1024;
/** Larger ones are not read byte by byte. */
const MOST_BYTES_IN_PIECES = 200_000;
const CAPTURE = /\.(pcap|pcapng|cap|trace|ntar|snoop|erf)[0-9]*(\.(gz|zst|lz4|zip))?$/;

const holdAgainst = (bytes: Uint8Array, reading: Reading = {}): Session => {
  const session = readCapture(bytes, reading);
  expect(differenceOf(readCapture(bytes, { ...reading, throughLayers: true }), session)).toBeUndefined();
  return session;
};

function captureFiles(folder: string | undefined): string[] {
  if (folder === undefined || !existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && CAPTURE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).size <= MOST_BYTES);
}

/** Those of the folders that are there and hold captures. */
function existing(folders: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(folders).filter(([, folder]) => captureFiles(folder).length > 0));
}

/** The file's bytes, unpacked as far as they are sound. */
async function unpacked(path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(readFileSync(path));
  const compression = sniffCompression(bytes.subarray(0, COMPRESSION_SNIFF_BYTES));
  if (compression === 'none') return bytes;
  const decompressor = createDecompressor(compression);
  const parts: Uint8Array[] = [];
  try {
    for await (const part of decompressor.push(bytes)) parts.push(part.slice());
    for await (const part of decompressor.finish()) parts.push(part.slice());
  } catch {
    // What comes before the damage is a capture, too.
  } finally {
    decompressor.dispose();
  }
  return new Uint8Array(Buffer.concat(parts));
}

function mixOf(packets: number): Uint8Array {
  const parts: Uint8Array[] = [];
  generate({ packets, seed: 3, concurrent: 500 }, (bytes) => parts.push(bytes.slice()));
  return new Uint8Array(Buffer.concat(parts));
}

describe('the short way and the way through the layers', () => {
  const folders = {
    corpus: corpusFolder(),
    'field cases': fieldFolder(),
    fixtures: join(root, 'test/fixtures'),
    // Nobody has to have these.
    ...existing({ faults: faultsFolder(), lab: join(root, '.cache/lab') }),
  };
  for (const [name, folder] of Object.entries(folders)) {
    const paths = captureFiles(folder);
    it.skipIf(folder === undefined)(`keep the same of ${paths.length} captures: ${name}`, async () => {
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) {
        const bytes = await unpacked(path);
        const expected = readCapture(bytes, { throughLayers: true });
        expect(expected.ordinaryPackets).toBe(0);
        expect(differenceOf(expected, readCapture(bytes)), path).toBeUndefined();
      }
    });
  }

  it.each(SAMPLE_NAMES)('keep the same of the sample %s', (name) => {
    holdAgainst(SAMPLE_CAPTURES[name]());
  });

  it('keep the same of a generated mix, of which most goes the short way', () => {
    const session = holdAgainst(mixOf(100_000));
    expect(session.packets.count).toBe(100_000);
    expect(session.ordinaryPackets).toBeGreaterThan(0.7 * session.summary().tcpPackets);
  });

  it('keep the same of an endless capture, of which most is let go', () => {
    const retention = {
      ...LIVE_RETENTION,
      maxPackets: 8192,
      chunkPackets: 1024,
      maxFlows: 3000,
      maxResets: 200,
    };
    const session = holdAgainst(mixOf(40_000), { retention, pieces: 65_536 });
    expect(session.packets.gone).toBeGreaterThan(20_000);
    expect(session.ordinaryPackets).toBeGreaterThan(0.6 * session.summary().tcpPackets);
  });

  it('keep the same of everything that is opened', () => {
    for (const family of [4, 6] as const) {
      for (const { name, linkType, data } of encapsulations(family)) {
        const packets = [0n, 1000n].map((timeNs) => ({ timeNs: 1_700_000_000_000_000_000n + timeNs, data }));
        const bytes = writePcap({ nanos: true, linkType, packets });
        const expected = readCapture(bytes, { throughLayers: true });
        expect(differenceOf(expected, readCapture(bytes)), `${name}, IPv${family}`).toBeUndefined();
      }
    }
  });

  it('keep the same of every format and variant', () => {
    for (const { name, bytes } of CAPTURE_VARIANTS) {
      const expected = readCapture(bytes, { throughLayers: true });
      expect(differenceOf(expected, readCapture(bytes)), name).toBeUndefined();
    }
  });

  it.each(SAME_PORTS)('keep the same of ports used again: $name', (scenario) => {
    holdAgainst(writePcap({ nanos: true, packets: samePortsPackets(scenario) }));
  });

  it.each(Object.keys(FLOODS))('keep the same of a flood: %s', (kind) => {
    holdAgainst(floodOf(kind, 3000));
  });

  it('differ where one of them is made to', () => {
    const bytes = writePcap({ packets: talks() });
    const other = bytes.slice();
    const expected = readCapture(bytes, { throughLayers: true });
    // The window of the last packet but some.
    const at = Number(
      expected.packets.fileOffset((expected.packets.next - 20) as typeof expected.packets.next),
    );
    other[at + 16 + 14 + 20 + 15] ^= 1;
    expect(differenceOf(expected, readCapture(other))).toMatch(
      /^packet \d+ \(frame \d+\): window is \d+ in the first/,
    );
  });
});

function talks(): readonly Conversation['packets'][number][] {
  return interleave(
    ...Array.from({ length: 6 }, (_, i) => {
      const talk = new Conversation({
        client: { address: `10.0.0.${i}`, port: 30_000 + i, initialSeq: 0xffff_f000 + i },
        server: { address: '192.0.2.9', port: 443 },
        startNs: 1_700_000_000_000_000_000n + BigInt(i) * 313_000n,
      }).handshake();
      for (let j = 0; j < 6; j++)
        talk.exchange(`GET /${i}/${j} HTTP/1.1\r\nHost: h.example\r\n\r\n`, 1000 + 400 * i);
      return i % 2 === 0 ? talk.rst({ from: 'server' }) : talk.closes();
    }),
  );
}

/** All that a pcapng file can hold beside packets, each at its place among them. */
function crowded(): Uint8Array {
  const packets = talks();
  const [{ timeNs }] = packets;
  const other = { kind: 'raw' as const, blockType: 9, body: new Uint8Array(60) };
  const owner = {
    kind: 'owner',
    timeNs,
    local: '10.0.0.3:30003',
    remote: '192.0.2.9:443',
    comm: 'program',
    pid: 7,
  } as const;
  const blocks: PcapngBlock[] = [kernelStarted(timeNs, ['10.0.0.3', '192.0.2.9']), kernelEvent(owner)];
  for (const [i, packet] of packets.entries()) {
    if (i % 5 === 0) blocks.push(other);
    blocks.push({
      kind: 'packet',
      ...packet,
      interfaceId: i % 2,
      ...(i % 7 === 3 ? { comments: [`comment ${i}`] } : {}),
      ...(i % 3 === 0 ? { direction: 1 + (i % 2), dropCount: 2n } : {}),
    });
  }
  blocks.push({ kind: 'statistics', received: 9n, droppedByInterface: 1n });
  return writePcapng({ sections: [{ interfaces: [{ tsresol: 9 }, { tsresol: 6, name: 'other' }], blocks }] });
}

describe('a file that comes in pieces', () => {
  const damaged = writePcap({ nanos: true, packets: talks() });
  damaged.fill(0xa5, 20_000, 21_000);
  const files: readonly (readonly [string, Uint8Array])[] = [
    ['pcap', writePcap({ packets: talks() })],
    ['pcapng', crowded()],
    ['damaged', damaged.subarray(0, damaged.length - 11)],
    ...CAPTURE_VARIANTS.map(({ name, bytes }) => [name, bytes] as const),
  ];
  it.each([1, 7, 1500, 65_536])('is kept as one that comes at once: %i bytes', (pieces) => {
    for (const [name, bytes] of files) {
      expect(differenceOf(readCapture(bytes), readCapture(bytes, { pieces })), name).toBeUndefined();
    }
  });

  it('is kept as one that comes at once, of the captures at hand', async () => {
    const paths = captureFiles(corpusFolder()).filter((path) => statSync(path).size <= MOST_BYTES_IN_PIECES);
    for (const path of paths) {
      const bytes = await unpacked(path);
      if (bytes.length > MOST_BYTES_IN_PIECES) continue;
      const expected = readCapture(bytes);
      for (const pieces of [7, 1500]) {
        expect(differenceOf(expected, readCapture(bytes, { pieces })), `${path}, ${pieces}`).toBeUndefined();
      }
    }
  });

  it('is taken the short way as often', () => {
    const [, bytes] = files[0];
    const whole = readCapture(bytes).ordinaryPackets;
    expect(whole).toBeGreaterThan(50);
    expect(readCapture(bytes, { pieces: 7 }).ordinaryPackets).toBe(whole);
  });
});
