/** The recorder with the programs that capture on Linux, on the loopback interface. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/patience.ts';
import { RecorderRun } from '../../../../test/support/recorder-run.ts';
import { TCP_RST } from '../../../engine/decode/facts.ts';
import { findPrograms } from '../doctor/find-programs.ts';
import { sourceOf } from '../sources/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-recorder-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
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
    second: null,
  });

  it.each(['tcpdump', 'dumpcap'] as const)('%s sees a refused connection', async (kind) => {
    const programs = await findPrograms({ path: process.env['PATH'], helpers: [], capChild: null, node: '' });
    const launch = sourceOf(kind).launch(options(kind), programs);
    if (launch === undefined) throw new Error(`${kind} is not installed; it belongs to the test suite`);
    const run = new RecorderRun(folder, launch);
    await run.until('started');
    // A source says that it started a moment before it sees packets.
    await eventually(async () => {
      await refused();
      expect(run.last('written')?.file.packets).toBeGreaterThanOrEqual(2);
    });
    expect(await run.stop()).toEqual({ kind: 'ended', error: null });
    const read = run.recorded();
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
