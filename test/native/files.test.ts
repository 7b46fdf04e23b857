/** Captures that the helper writes into the files of a folder: what is in them, what is reported, and who else may. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BlockWriter } from '../../main/capture/live/blocks/pcapng-blocks.ts';
import { BLOCK_REPORT, readReport, type Report } from '../../main/capture/live/blocks/report-block.ts';
import { writeSocketOwner } from '../../main/capture/live/blocks/witness-block.ts';
import { record, type Recording } from '../support/recording-sink.ts';
import { ofKind, readBlocks, WITNESS_STARTED } from './support/blocks.ts';
import { CABLE, Network, THERE, udpProgram } from './support/network.ts';
import { canCapture, PLAIN, SANITIZED } from './support/programs.ts';
import { RunningCapture } from './support/running.ts';

const NOBODY = 65534;
const AS_NOBODY = [
  ...['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--inh-caps=-all'],
];
const WITNESS_SOCKET_OWNER = 6;

/** Runs what follows with a small pipe as its standard output, which is read only once a file is there. */
const UNREAD = [
  '/usr/bin/python3',
  '-c',
  `import fcntl, os, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, 1031, 4096)  # F_SETPIPE_SZ
child = subprocess.Popen(sys.argv[2:], stdout=w, pass_fds=[3])
os.close(w)
while not os.path.exists(sys.argv[1]): time.sleep(0.05)
while part := os.read(r, 65536): os.write(1, part)
sys.exit(child.wait())`,
];

describe.skipIf(!canCapture)('files of the capture helper', () => {
  let network: Network;
  let work = '';
  let folder = '';
  let count = 0;
  beforeAll(() => {
    network = new Network();
    work = mkdtempSync(join(tmpdir(), 'resetscope-native-'));
    chmodSync(work, 0o755);
  });
  afterAll(() => {
    network.remove();
    rmSync(work, { recursive: true });
  });
  beforeEach(() => {
    folder = join(work, `ring-${count++}`);
    mkdirSync(folder);
  });

  const argsFor = (port: number, ...more: string[]): string[] => [
    ...['--interface', CABLE, '--filter', `udp port ${port}`],
    ...['--folder', '3', '--file-base', 'cable', '--file-bytes', '1048576', ...more],
  ];
  const start = (port: number, ...more: string[]): Promise<RunningCapture> =>
    new RunningCapture(network.here, argsFor(port, ...more), { folder }).captures();
  const send = (port: number, packets: number, bytes = 1000): void => {
    network.python(network.here, udpProgram(THERE, port, packets, bytes));
  };
  const files = (): string[] => readdirSync(folder).sort();
  const contents = (name: string): Recording => record(readFileSync(join(folder, name)));
  const packetsIn = (): number => files().reduce((sum, name) => sum + contents(name).packets.length, 0);
  const reportsPackets = (packets: number) => (): boolean =>
    (reportsOf(capture.bytes).at(-1)?.file.packets ?? 0) >= packets;
  let capture: RunningCapture;

  it('hold what was captured, and are reported as they grow', async () => {
    capture = await start(4300);
    const [begin] = reportsOf(capture.bytes);
    expect(begin.file).toMatchObject({ number: 1, packets: 0 });
    expect(begin.file.name).toMatch(/^cable_00001_20\d{12}\.pcapng$/);
    expect(files()).toEqual([begin.file.name]);
    send(4300, 3);
    await capture.until(reportsPackets(3), 'three packets');
    send(4300, 2);
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    const last = reportsOf(capture.bytes).at(-1)!;
    const path = join(folder, last.file.name);
    const kept = contents(last.file.name);
    expect(kept.warnings).toEqual([]);
    expect(kept.packets.length).toBe(5);
    expect(kept.drops.at(-1)).toMatchObject({ received: 5, droppedByKernel: 0 });
    expect(last).toMatchObject({ errno: 0, captured: 5, lost: 0, droppedByKernel: 0, wireBytes: 5 * 1042 });
    expect(last.file).toMatchObject({ packets: 5, bytes: statSync(path).size });
    const times = ofKind(readBlocks(readFileSync(path)), 'packet').map(({ timeNs }) => Number(timeNs));
    expect([last.file.firstNs, last.file.lastNs]).toEqual([times[0], times[4]]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    // Packets go to the file alone.
    expect(capture.bytes.includes('xxxxxxxx')).toBe(false);
  });

  it('are as long as was asked for, and each can be read by itself', async () => {
    capture = await start(4301, '--witness');
    send(4301, 4000);
    await capture.until(() => (reportsOf(capture.bytes).at(-1)?.captured ?? 0) >= 4000, 'all packets');
    await capture.finish();
    expect(files().length).toBe(Math.ceil((4000 * 1100) / 1048576));
    for (const name of files()) {
      expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(1048576);
      expect(contents(name)).toMatchObject({ warnings: [], format: 'pcapng' });
      const [, , head] = readBlocks(readFileSync(join(folder, name)));
      expect(head).toMatchObject({ kind: 'witness', event: WITNESS_STARTED });
    }
    expect(packetsIn()).toBe(4000);
    const reported = new Map(reportsOf(capture.bytes).map(({ file }) => [file.name, file]));
    expect([...reported.keys()].sort()).toEqual(files());
    for (const [name, file] of reported) {
      expect(file.packets).toBe(contents(name).packets.length);
      expect(file.bytes).toBe(statSync(join(folder, name)).size);
    }
  });

  it('are as old as was asked for', async () => {
    capture = await start(4302, '--file-seconds', '1');
    send(4302, 1);
    await capture.until(reportsPackets(1), 'a packet');
    let sent = 1;
    await capture.until(() => {
      send(4302, 1);
      sent++;
      return files().length >= 2;
    }, 'the next file');
    await capture.finish();
    expect(packetsIn()).toBe(sent);
    // The first file was kept for its time.
    const [first, second] = files().map((name) =>
      ofKind(readBlocks(readFileSync(join(folder, name))), 'packet'),
    );
    expect(second[0].timeNs - first[0].timeNs).toBeGreaterThan(500_000_000n);
  });

  it('are not overwritten, nor found through links', async () => {
    const [seconds] = [Math.floor(Date.now() / 1000)];
    // Whatever second it begins in.
    for (let after = 0; after < 30; after++) {
      const stamp = new Date((seconds + after) * 1000).toISOString().replace(/\D/gu, '').slice(0, 14);
      execFileSync('ln', ['-s', join(work, 'elsewhere'), join(folder, `cable_00001_${stamp}.pcapng`)]);
    }
    capture = new RunningCapture(network.here, argsFor(4303), { folder });
    const { code, stderr } = await capture.ended;
    expect(stderr).toMatch(
      /^resetscope-capd: output-failed: cable_00001_\d+\.pcapng cannot be written: File exists\n$/,
    );
    expect(code).toBe(74);
    expect(reportsOf(capture.bytes).at(-1)?.errno).toBe(17);
    expect(readdirSync(work)).not.toContain('elsewhere');
  });

  it('hold the blocks that come over standard input', async () => {
    capture = await start(4304);
    const out = new BlockWriter(false);
    for (let pid = 1; pid <= 500; pid++) writeSocketOwner(out, ownerOf(pid), 1_700_000_000_000_000_000n);
    const blocks = Buffer.from(out.take());
    // In parts that end anywhere.
    for (let at = 0; at < blocks.length; at += 1001)
      capture.child.stdin.write(blocks.subarray(at, at + 1001));
    send(4304, 2);
    await capture.until(reportsPackets(2), 'the packets');
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    const [name] = files();
    expect(contents(name).warnings).toEqual([]);
    const owners = readBlocks(readFileSync(join(folder, name))).filter(
      (block) => block.kind === 'witness' && block.event === WITNESS_SOCKET_OWNER,
    );
    expect(owners.map((block) => block.kind === 'witness' && block.pid)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
  });

  it.each([
    ['is no block', 'text that is no block'],
    [
      'is a packet',
      Buffer.from('06000000200000000000000000000000000000000000000000000000000020000000', 'hex'),
    ],
    ['is longer than may be', Buffer.from('0153528000000100', 'hex')],
    ['ends as another length', Buffer.from('01535280100000000000000011000000', 'hex')],
  ])('take nothing else from there: %s', async (_name, bytes) => {
    capture = await start(4305);
    send(4305, 2);
    await capture.until(reportsPackets(2), 'the packets');
    capture.child.stdin.write(bytes);
    expect(await capture.ended).toEqual({
      code: 64,
      signal: null,
      stderr: 'resetscope-capd: usage: standard input holds more than witness blocks\n',
    });
    expect(contents(files()[0])).toMatchObject({ warnings: [] });
    expect(packetsIn()).toBe(2);
  });

  it('end at a whole block where the disk is full, and what is missing is counted', async () => {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=300k', 'tmpfs', folder]);
    try {
      capture = await start(4306);
      send(4306, 1000);
      const { code, stderr } = await capture.ended;
      expect(stderr).toMatch(
        /^resetscope-capd: output-failed: \S+ cannot be written: No space left on device\n$/,
      );
      expect(code).toBe(74);
      const last = reportsOf(capture.bytes).at(-1)!;
      const [name] = files();
      expect(contents(name).warnings).toEqual([]);
      expect(last.errno).toBe(28);
      expect(last.file).toMatchObject({ packets: packetsIn(), bytes: statSync(join(folder, name)).size });
      expect(packetsIn()).toBeGreaterThan(100);
      expect(packetsIn() + last.lost).toBe(last.captured);
      expect(last.lost).toBeGreaterThan(0);
    } finally {
      execFileSync('umount', [folder]);
    }
  });

  it('may be longer than the user is allowed, which is an error like any', async () => {
    capture = await new RunningCapture(network.here, argsFor(4307), {
      folder,
      prefix: ['prlimit', '--fsize=200000'],
    }).captures();
    send(4307, 1000);
    expect((await capture.ended).code).toBe(74);
    expect(contents(files()[0]).warnings).toEqual([]);
    expect(reportsOf(capture.bytes).at(-1)).toMatchObject({ errno: 27, file: { packets: packetsIn() } });
  });

  it('are finished when nobody reads the reports any more', async () => {
    capture = await start(4308);
    send(4308, 6);
    await capture.until(() => packetsIn() === 6, 'the packets');
    // What comes from now on may be too late: the next report finds that nobody reads, and the counters bring one each second.
    capture.child.stdout.destroy();
    const { code } = await capture.ended;
    expect(code).toBe(74);
    expect(contents(files()[0]).warnings).toEqual([]);
    expect(packetsIn()).toBe(6);
  });

  it('do not wait for who reads the reports', async () => {
    const go = join(work, 'go');
    capture = new RunningCapture(network.here, argsFor(4309), { folder, prefix: [...UNREAD, go] });
    await capture.until(() => files().length === 1, 'the file');
    for (let i = 0; i < 60; i++) send(4309, 5);
    await capture.until(() => packetsIn() >= 300, 'all packets');
    expect(capture.bytes.length).toBe(0);
    writeFileSync(go, '');
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    expect(reportsOf(capture.bytes).at(-1)).toMatchObject({ captured: 300, lost: 0, droppedByKernel: 0 });
  });

  it('belong to who started it, and need no more rights than the capture', async () => {
    chownSync(folder, NOBODY, NOBODY);
    const program = join(work, 'with-capabilities');
    copyFileSync(PLAIN, program);
    chmodSync(program, 0o755);
    execFileSync('setcap', ['cap_net_raw,cap_net_admin=eip', program]);
    capture = await new RunningCapture(network.here, argsFor(4310), {
      program,
      prefix: AS_NOBODY,
      folder,
    }).captures();
    send(4310, 2);
    await capture.until(reportsPackets(2), 'the packets');
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    expect(statSync(join(folder, files()[0])).uid).toBe(NOBODY);
    expect(packetsIn()).toBe(2);
  });

  it('are not made where the user may not', async () => {
    const program = join(work, 'with-everything');
    copyFileSync(PLAIN, program);
    chmodSync(program, 0o755);
    execFileSync('setcap', ['cap_net_raw,cap_net_admin,cap_dac_override=eip', program]);
    capture = new RunningCapture(network.here, argsFor(4311), { program, prefix: AS_NOBODY, folder });
    const { code, stderr } = await capture.ended;
    expect(stderr).toContain('Permission denied');
    expect(code).toBe(74);
    expect(files()).toEqual([]);
  });

  it.each([
    ['as it ships', PLAIN],
    ['sanitized', SANITIZED],
  ])('are all that is open beside the streams it needs (%s)', async (_name, program) => {
    capture = await new RunningCapture(network.here, argsFor(4312), { folder, program }).captures();
    const open = readdirSync(`/proc/${capture.child.pid}/fd`).map((fd) => linkOf(capture, fd));
    expect(open.filter((path) => path.startsWith('/') && !path.startsWith('/sys/'))).toEqual([
      folder,
      join(folder, files()[0]),
    ]);
    await capture.finish();
  });
});

/** Of the reports that came whole. */
function reportsOf(bytes: Buffer): Report[] {
  const reports: Report[] = [];
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    if (at + length > bytes.length) break;
    if (bytes.readUInt32LE(at) === BLOCK_REPORT) {
      const report = readReport(bytes, at, length);
      expect(report).toBeDefined();
      reports.push(report!);
    }
    at += length;
  }
  return reports;
}

function ownerOf(pid: number): Parameters<typeof writeSocketOwner>[1] {
  const end = (port: number) => ({ address: Uint8Array.of(10, 0, 0, 1), port });
  return { local: end(80), remote: end(40_000), pid, name: 'nginx', cgroup: '/system.slice/nginx.service' };
}

function linkOf(capture: RunningCapture, fd: string): string {
  return execFileSync('readlink', [`/proc/${capture.child.pid}/fd/${fd}`], { encoding: 'utf8' }).trim();
}
