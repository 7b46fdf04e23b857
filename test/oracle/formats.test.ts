/** Files of every format and variant that is read, held against what tshark reads, and those that editcap makes of a capture. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CAPTURE_VARIANTS } from '../support/capture-variants.ts';
import { analyzeBytes } from '../support/analyze.ts';
import type { PacketNumber } from '../../shared/base/units.ts';
import { hasTshark } from './tshark.ts';

const hasEditcap = spawnSync('editcap', ['--version']).status === 0;
const EDITCAP_FORMATS = ['rh6_1pcap', 'suse6_3pcap', 'modpcap', 'nokiapcap', 'nsecpcap', 'snoop'];

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-formats-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Time, number and flags of each segment, as tshark has them. */
function byTshark(path: string): string[] {
  const fields = ['frame.time_epoch', 'tcp.seq_raw', 'tcp.flags', 'tcp.len'].flatMap((one) => ['-e', one]);
  const out = execFileSync('tshark', ['-n', '-r', path, '-T', 'fields', ...fields], { encoding: 'utf8' });
  return out.trim().split('\n');
}

function byUs(bytes: Uint8Array): string[] {
  const { packets, clock } = analyzeBytes(bytes);
  return Array.from({ length: packets.count }, (_, i) => {
    const packet = i as PacketNumber;
    const time = (clock.epochNs ?? 0n) + BigInt(packets.time(packet));
    const text = `${time / 1_000_000_000n}.${String(time % 1_000_000_000n).padStart(9, '0')}`;
    const flags = `0x${(packets.flags(packet) & 0xfff).toString(16).padStart(4, '0')}`;
    return [text, packets.seq(packet), flags, packets.payload(packet)].join('\t');
  });
}

describe.skipIf(!hasTshark())('is read as by tshark', () => {
  it.each(CAPTURE_VARIANTS.filter(({ tsharkLacks }) => tsharkLacks === undefined))('$name', ({ bytes }) => {
    const path = join(dir, 'variant');
    writeFileSync(path, bytes);
    const ours = byUs(bytes);
    expect(ours).toEqual(byTshark(path));
    expect(ours.length).toBeGreaterThan(5);
  });
});

describe.skipIf(!hasEditcap)('as editcap writes it', () => {
  it.each(EDITCAP_FORMATS)('%s', (format) => {
    const [from, to] = [join(dir, 'from.pcap'), join(dir, 'to')];
    writeFileSync(from, CAPTURE_VARIANTS[0].bytes);
    execFileSync('editcap', ['-F', format, from, to]);
    const bytes = new Uint8Array(readFileSync(to));
    expect(byUs(bytes)).toEqual(byUs(CAPTURE_VARIANTS[0].bytes));
    const { flows } = analyzeBytes(bytes);
    expect(flows.count).toBe(1);
  });
});
