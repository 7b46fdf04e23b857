/** Captures of the helper in network namespaces: what it writes, and how it ends. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DIRECTION_INBOUND, DIRECTION_OUTBOUND } from '../../main/engine/read/sink.ts';
import { hasTshark } from '../oracle/tshark.ts';
import { record } from '../support/recording-sink.ts';
import { type Block, ofKind } from './support/blocks.ts';
import { CABLE, HERE, Network, THERE, udpProgram } from './support/network.ts';
import { canCapture, PLAIN, SANITIZED } from './support/programs.ts';
import { RunningCapture } from './support/running.ts';

/** Datagrams that nobody asked for. */
const NOISE = [
  'import socket, time',
  's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
  'while True:',
  '  try: s.sendto(b"noise", ("127.0.0.1", 4999))',
  '  except OSError: pass',
  '  time.sleep(0.001)',
].join('\n');

const INBOUND = 1;
const OUTBOUND = 2;
const UNICAST = 1 << 2;
const BROADCAST = 3 << 2;
const PROMISCUOUS = 4 << 2;

const MS_NS = 1_000_000n;

describe.skipIf(!canCapture)('the capture helper captures', () => {
  let network: Network;
  beforeAll(() => {
    network = new Network();
  });
  afterAll(() => network.remove());

  const start = (...args: string[]) => new RunningCapture(network.here, args).captures();
  const cable = (filter: string, ...args: string[]) =>
    start('--interface', CABLE, '--filter', filter, ...args);

  /** A datagram out and its answer (nobody listens: ICMP port unreachable) in. */
  const sendFromHere = (port: number, count = 1, bytes = 100) =>
    network.python(network.here, udpProgram(THERE, port, count, bytes));
  const sendFromThere = (port: number, count = 1, bytes = 100) =>
    network.python(network.there, udpProgram(HERE, port, count, bytes));

  it('pcapng that says what it is', async () => {
    const before = BigInt(Date.now()) * MS_NS;
    const capture = await cable('udp port 4001', '--snap-length', '60');
    sendFromHere(4001);
    await capture.until(() => capture.bytes.includes('xxxxxxxx'), 'the datagram');
    const after = BigInt(Date.now() + 1) * MS_NS;
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    const blocks = capture.blocks();
    expect(blocks.map(({ kind }) => kind).slice(0, 3)).toEqual(['section', 'interface', 'packet']);
    expect(blocks.at(-1)?.kind).toBe('statistics');
    const [section] = ofKind(blocks, 'section');
    expect(String(section.options.get(4))).toMatch(/^resetscope-capd \d+\.\d+\.\d+ \(libpcap/);
    const [described] = ofKind(blocks, 'interface');
    expect(described).toMatchObject({ linkType: 1, snapLength: 60 });
    expect(String(described.options.get(2))).toBe(CABLE);
    expect([...described.options.get(9)!]).toEqual([9]);
    expect(String(described.options.get(11))).toBe('\0udp port 4001');
    expect(String(described.options.get(12))).toMatch(/^Linux /);
    const [packet] = ofKind(blocks, 'packet');
    expect(packet.data.length).toBe(60);
    expect(packet.originalBytes).toBe(14 + 20 + 8 + 100);
    expect(packet.timeNs >= before && packet.timeNs <= after).toBe(true);
  });

  it('what our own reader and Wireshark read alike', async () => {
    const capture = await cable('udp or icmp');
    sendFromHere(4002, 3);
    await capture.until(() => countPackets(capture) >= 3, 'the datagrams');
    await capture.finish();
    const recording = record(capture.bytes);
    expect(recording.warnings).toEqual([]);
    expect(recording.format).toBe('pcapng');
    const packets = ofKind(capture.blocks(), 'packet');
    expect(recording.packets.map(({ data }) => Buffer.from(data))).toEqual(packets.map(({ data }) => data));
    expect(recording.packets.map(({ direction }) => direction)).toEqual(
      packets.map(({ flags }) => ((flags & OUTBOUND) !== 0 ? DIRECTION_OUTBOUND : DIRECTION_INBOUND)),
    );
    expect(recording.drops.at(-1)).toMatchObject({ received: packets.length, droppedByKernel: 0 });
    if (!hasTshark()) return;
    const folder = mkdtempSync(join(tmpdir(), 'resetscope-native-'));
    const file = join(folder, 'capture.pcapng');
    writeFileSync(file, capture.bytes);
    const text = execFileSync('tshark', ['-n', '-r', file, '-T', 'fields', '-e', 'frame.time_epoch'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    rmSync(folder, { recursive: true });
    const times = text.trim().split('\n');
    expect(times.map((time) => BigInt(time.replace('.', '')))).toEqual(packets.map(({ timeNs }) => timeNs));
  });

  it('the direction of every packet, as the kernel knows it', async () => {
    const capture = await cable('udp port 4003 or udp port 4004');
    sendFromHere(4003);
    sendFromThere(4004);
    // Broadcast, and to a MAC address of nobody, as a switch floods it.
    network.python(network.there, rawFrame('ff:ff:ff:ff:ff:ff', 4004));
    network.python(network.there, rawFrame('02:00:00:00:00:77', 4004));
    // With our own address as its source: that it came in cannot be hidden.
    network.python(network.there, rawFrame('02:00:00:00:00:78', 4004, macOf(network.here)));
    await capture.until(() => countPackets(capture) >= 5, 'five packets');
    await capture.finish();
    expect(ofKind(capture.blocks(), 'packet').map(({ flags }) => flags)).toEqual([
      OUTBOUND,
      INBOUND | UNICAST,
      INBOUND | BROADCAST,
      INBOUND | PROMISCUOUS,
      INBOUND | PROMISCUOUS,
    ]);
  });

  it('what a bridge sends out for others as outbound', async () => {
    const inside = (...args: string[]) => network.ip('-n', network.here, ...args);
    inside('link', 'add', 'guest', 'type', 'veth', 'peer', 'name', 'port1');
    inside('link', 'add', 'port2', 'type', 'veth', 'peer', 'name', 'outside');
    inside('link', 'add', 'bridge0', 'type', 'bridge');
    for (const port of ['port1', 'port2']) inside('link', 'set', port, 'master', 'bridge0');
    for (const name of ['guest', 'port1', 'port2', 'outside', 'bridge0']) inside('link', 'set', name, 'up');
    const capture = await start('--interface', 'port2', '--filter', 'udp port 4005');
    network.python(network.here, rawFrame('02:00:00:00:00:79', 4005, '02:00:00:00:00:80', 'guest'));
    await capture.until(() => countPackets(capture) >= 1, 'the forwarded frame');
    await capture.finish();
    expect(ofKind(capture.blocks(), 'packet').map(({ flags }) => flags)).toEqual([OUTBOUND]);
    for (const name of ['guest', 'outside', 'bridge0']) inside('link', 'del', name);
  });

  it('packets of the loopback interface once, in no direction', async () => {
    const capture = await start('--interface', 'lo', '--filter', 'udp port 4006');
    network.python(network.here, udpProgram('127.0.0.1', 4006, 5, 10));
    await capture.until(() => countPackets(capture) >= 5, 'five packets');
    await capture.finish();
    const blocks = capture.blocks();
    expect(ofKind(blocks, 'packet').map(({ flags }) => flags)).toEqual([0, 0, 0, 0, 0]);
    expect(ofKind(blocks, 'statistics').at(-1)).toMatchObject({ received: 5, delivered: 5 });
  });

  it('all interfaces at once, with the direction from their header', async () => {
    // What passes by while the filter is being set is none of the capture.
    const noise = spawn('ip', ['netns', 'exec', network.here, '/usr/bin/python3', '-c', NOISE]);
    const capture = await start('--interface', 'any', '--filter', 'udp port 4007 or udp port 4008');
    noise.kill();
    sendFromHere(4007);
    sendFromThere(4008);
    await capture.until(() => countPackets(capture) >= 2, 'two packets');
    expect(await capture.finish()).toMatchObject({ code: 0 });
    const blocks = capture.blocks();
    expect(ofKind(blocks, 'interface')[0].linkType).toBe(276);
    expect(ofKind(blocks, 'packet').map(({ flags }) => flags)).toEqual([OUTBOUND, INBOUND | UNICAST]);
    expect(ofKind(blocks, 'statistics').at(-1)).toMatchObject({ received: 2, delivered: 2 });
  });

  it('VLAN tags where they were, though the kernel takes them out', async () => {
    const capture = await cable('vlan 5 and udp port 4009');
    network.python(
      network.there,
      rawFrame('ff:ff:ff:ff:ff:ff', 4009, '02:00:00:00:00:81', CABLE, '81006005'),
    );
    network.python(
      network.there,
      rawFrame('ff:ff:ff:ff:ff:ff', 4009, '02:00:00:00:00:81', CABLE, '81000006'),
    );
    network.python(network.there, rawFrame('ff:ff:ff:ff:ff:ff', 4009));
    await capture.until(() => countPackets(capture) >= 1, 'the tagged frame');
    await capture.finish();
    const packets = ofKind(capture.blocks(), 'packet');
    expect(packets.map(({ data }) => data.toString('hex', 12, 20))).toEqual(['8100600508004500']);
    expect(packets[0].originalBytes).toBe(packets[0].data.length);
  });

  it('counters every second, on an idle link too', async () => {
    const capture = await cable('udp port 4010');
    await capture.until(() => countStatistics(capture) >= 3, 'three statistics');
    await capture.finish();
    const times = ofKind(capture.blocks(), 'statistics').map(({ timeNs }) => Number(timeNs / 1_000_000n));
    const pauses = times.slice(1, -1).map((time, i) => time - times[i]);
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(999);
    // How much later than after a second they come is the machine's doing.
    console.log(`counters on an idle link after ${pauses.join(', ')} ms`);
  });

  it('without waiting long for more to come', async () => {
    const capture = await cable('udp port 4011', '--batch-ms', '20');
    // The counters are written every second, and take with them whatever waits: a packet has to come without them.
    let cameAlone = false;
    for (let sent = 1; !cameAlone; sent++) {
      expect(sent, 'packets that came with counters only').toBeLessThan(100);
      const counters = countStatistics(capture);
      sendFromHere(4011);
      await capture.until(() => countPackets(capture) >= sent, 'the packet');
      cameAlone = countStatistics(capture) === counters;
    }
    await capture.finish();
  });

  it('everything up to its end', async () => {
    const capture = await cable('udp port 4012', '--batch-ms', '3000', '--batch-bytes', '1048576');
    sendFromHere(4012, 1000);
    expect(await capture.finish()).toMatchObject({ code: 0 });
    const blocks = capture.blocks();
    expect(countOf(blocks)).toBe(1000);
    expect(ofKind(blocks, 'statistics').at(-1)).toMatchObject({ received: 1000, delivered: 1000 });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('until %s', async (signal) => {
    const capture = await cable('udp port 4013');
    sendFromHere(4013, 10);
    capture.child.kill(signal);
    expect(await capture.ended).toEqual({ code: 0, signal: null, stderr: '' });
    expect(countOf(capture.blocks())).toBe(10);
    expect(capture.blocks().at(-1)?.kind).toBe('statistics');
  });

  it('until nobody reads', async () => {
    const capture = await cable('udp port 4014');
    capture.child.stdout.destroy();
    // Also on an idle link.
    expect(await capture.ended).toEqual({
      code: 74,
      signal: null,
      stderr: 'resetscope-capd: output-failed: nobody reads standard output any more\n',
    });
  });

  it.each([PLAIN, SANITIZED])('and counts what a slow reader loses (%#)', async (program) => {
    const sent = 30_000;
    const capture = new RunningCapture(
      network.here,
      [
        '--interface',
        CABLE,
        '--filter',
        'udp port 4015',
        '--buffer-bytes',
        '1048576',
        '--snap-length',
        '1500',
      ],
      { program },
    );
    await capture.captures();
    capture.child.stdout.pause();
    sendFromHere(4015, sent, 1000);
    capture.child.stdout.resume();
    expect(await capture.finish()).toMatchObject({ code: 0, stderr: '' });
    const last = ofKind(capture.blocks(), 'statistics').at(-1)!;
    expect(last.droppedByKernel).toBeGreaterThan(0);
    expect(last.received).toBe(sent);
    expect(last.delivered + last.droppedByKernel).toBe(sent);
    expect(countOf(capture.blocks())).toBe(last.delivered);
    expect(last.droppedByInterface).toBe(0);
  });

  it('and gives up on a reader that never reads', async () => {
    const capture = await cable('udp port 4016', '--buffer-bytes', '1048576');
    capture.child.stdout.pause();
    sendFromHere(4016, 5000, 1000);
    capture.child.stdin.end();
    const code = await new Promise((resolve) => capture.child.on('exit', resolve));
    expect(code).toBe(74);
  });
});

describe.skipIf(!canCapture)('the capture helper without its interface', () => {
  it.each([
    ['deleted', CABLE, (network: Network) => network.ip('-n', network.here, 'link', 'del', CABLE)],
    ['down', CABLE, (network: Network) => network.ip('-n', network.here, 'link', 'set', CABLE, 'down')],
  ])('that is %s', async (_how, name, end) => {
    const network = new Network();
    const capture = new RunningCapture(network.here, [
      '--interface',
      name,
      '--filter',
      'udp',
      '--batch-ms',
      '200',
    ]);
    await capture.captures();
    network.python(network.here, udpProgram(THERE, 4020, 50, 100));
    end(network);
    expect(await capture.ended).toEqual({
      code: 69,
      signal: null,
      stderr: `resetscope-capd: interface-gone: '${name}' went down or away; all that was captured is written\n`,
    });
    const blocks = capture.blocks();
    expect(countOf(blocks)).toBe(50);
    expect(ofKind(blocks, 'statistics').at(-1)).toMatchObject({ received: 50, delivered: 50 });
    network.remove();
  });
  it('says so when it is down from the begin on', async () => {
    const network = new Network();
    network.ip('-n', network.here, 'link', 'set', CABLE, 'down');
    const capture = new RunningCapture(network.here, ['--interface', CABLE]);
    expect(await capture.ended).toEqual({
      code: 69,
      signal: null,
      stderr: `resetscope-capd: interface-gone: '${CABLE}' is not up\n`,
    });
    network.remove();
  });
});

function countOf(blocks: readonly Block[]): number {
  return ofKind(blocks, 'packet').length;
}

/** While it runs. */
function countPackets(capture: RunningCapture): number {
  return countOf(capture.blocksSoFar());
}

function countStatistics(capture: RunningCapture): number {
  return ofKind(capture.blocksSoFar(), 'statistics').length;
}

function macOf(namespace: string): string {
  const text = execFileSync('ip', ['-n', namespace, '-j', 'link', 'show', CABLE], { encoding: 'utf8' });
  return (JSON.parse(text) as { address: string }[])[0].address;
}

/** A Python program that puts one frame with a UDP datagram on a cable. */
function rawFrame(to: string, port: number, from = '02:00:00:00:00:82', device = CABLE, tag = ''): string {
  const mac = (text: string): string => text.replaceAll(':', '');
  const udp = `1000${port.toString(16).padStart(4, '0')}000c0000deadbeef`;
  const ip = '45000020000000004011661b0a5800020a580001';
  return [
    'import socket',
    's = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)',
    `s.bind(("${device}", 0))`,
    `s.send(bytes.fromhex("${mac(to)}${mac(from)}${tag}0800${ip}${udp}"))`,
  ].join('\n');
}
