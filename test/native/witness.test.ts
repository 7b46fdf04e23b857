/** The kernel witness of the capture helper: what it reads, and that nothing of it stays behind. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../support/patience.ts';
import {
  ofKind,
  WITNESS_RECEIVE_RESET,
  WITNESS_SEND_RESET,
  WITNESS_STARTED,
  type WitnessBlock,
} from './support/blocks.ts';
import { CABLE, HERE, HERE_6, Network, THERE, THERE_6 } from './support/network.ts';
import { canCapture, isBuilt, PLAIN, SANITIZED, WITNESS_LINES } from './support/programs.ts';
import { RunningCapture } from './support/running.ts';

const mount = canCapture ? mountTracefs() : undefined;

describe.skipIf(mount === undefined)('the kernel witness of the capture helper', () => {
  let network: Network;
  beforeAll(() => {
    network = new Network();
  });
  afterAll(() => {
    network.remove();
    execFileSync('umount', [mount!]);
    rmdirSync(mount!);
  });

  const instances = (): string[] =>
    readdirSync(join(mount!, 'instances')).filter((name) => name.startsWith('resetscope-'));
  const instanceOf = (capture: RunningCapture): string => `resetscope-${capture.child.pid}`;

  const start = (program = SANITIZED) =>
    new RunningCapture(network.here, ['--interface', CABLE, '--filter', 'tcp', '--witness'], {
      program,
    }).captures();

  const isSent = ({ event }: WitnessBlock): boolean => event === WITNESS_SEND_RESET;
  const soFar = (capture: RunningCapture, port: number): WitnessBlock[] =>
    ofKind(capture.blocksSoFar(), 'witness').filter(
      ({ localPort, remotePort }) => localPort === port || remotePort === port,
    );

  /** Ends the capture; the events of the connection to `port`, of either end. */
  async function eventsOf(capture: RunningCapture, port: number): Promise<WitnessBlock[]> {
    expect(await capture.finish()).toEqual({ code: 0, signal: null, stderr: '' });
    return ofKind(capture.blocks(), 'witness').filter(
      ({ localPort, remotePort }) => localPort === port || remotePort === port,
    );
  }

  it('begins before the first packet and names the own addresses', async () => {
    const capture = await start();
    await capture.finish();
    const blocks = capture.blocks();
    expect(blocks.slice(0, 3).map(({ kind }) => kind)).toEqual(['section', 'interface', 'witness']);
    const [started] = ofKind(blocks, 'witness');
    expect(started).toMatchObject({ event: WITNESS_STARTED, family: 0, pid: 0 });
    expect(started.detail.split(' ')).toEqual(expect.arrayContaining(['127.0.0.1', HERE, '::1', 'fd88::1']));
  });

  it.each([
    [4, HERE, THERE, HERE, THERE],
    [6, 'fd88::1', 'fd88::2', HERE_6, THERE_6],
  ])('tells of a refused connection: IPv%d', async (family, to, _from, local, remote) => {
    const port = 4200 + family;
    const capture = await start();
    const before = BigInt(Date.now()) * 1_000_000n;
    const clientPort = Number(network.python(network.there, refusedProgram(to, port)));
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    await capture.until(() => soFar(capture, port).length >= 2, 'the two events');
    const events = await eventsOf(capture, port);
    expect(events).toMatchObject([
      {
        event: WITNESS_SEND_RESET,
        ...{ family, local, localPort: port, remote, remotePort: clientPort },
        ...{ reason: 'NO_SOCKET', flags: 0, pid: 0, comm: '' },
      },
      // The client's kernel is the same one: all network namespaces are heard.
      {
        event: WITNESS_RECEIVE_RESET,
        ...{ family, local: remote, localPort: clientPort, remote: local, remotePort: port, reason: '' },
      },
    ]);
    // On the packets' own clock, which is the wall clock.
    const [syn] = ofKind(capture.blocks(), 'packet');
    for (const time of [syn.timeNs, events[0].timeNs]) expect(time >= before && time <= after).toBe(true);
  });

  it('tells which process closed with unread data, by whichever of its threads', async () => {
    const capture = await start();
    const [pid, clientPort] = network.python(network.here, unreadProgram(4210)).trim().split(' ').map(Number);
    await capture.until(() => soFar(capture, 4210).some(isSent), 'the event');
    const sent = (await eventsOf(capture, 4210)).filter(isSent);
    expect(sent).toMatchObject([
      {
        ...{ local: '127.0.0.1', localPort: 4210, remote: '127.0.0.1', remotePort: clientPort },
        ...{ reason: 'TCP_ABORT_ON_CLOSE', flags: 1, pid, comm: 'close me' },
      },
    ]);
  });

  it.each([
    ['as it ships', PLAIN],
    ['sanitized', SANITIZED],
  ])('leaves nothing behind (%s)', async (_name, program) => {
    const capture = await start(program);
    expect(instances()).toContain(instanceOf(capture));
    await capture.finish();
    // Not a moment later: it waits for that.
    expect(instances()).not.toContain(instanceOf(capture));
  });

  it('leaves nothing behind when it is killed', async () => {
    const capture = await start();
    expect(instances()).toContain(instanceOf(capture));
    capture.child.kill('SIGKILL');
    // Its janitor holds none of its streams, or this would not end.
    expect(await capture.ended).toMatchObject({ signal: 'SIGKILL' });
    await until(() => !instances().includes(instanceOf(capture)), 'its trace to be removed');
  });

  it('removes what earlier ones had to leave, and nothing else', async () => {
    const stale = `resetscope-${deadPid()}`;
    const alive = `resetscope-${process.pid}`;
    const foreign = 'resetscope-native-test';
    for (const name of [stale, alive, foreign]) mkdirSync(join(mount!, 'instances', name));
    await (await start()).finish();
    const left = instances();
    for (const name of [alive, foreign]) rmdirSync(join(mount!, 'instances', name));
    expect(left).not.toContain(stale);
    expect(left).toEqual(expect.arrayContaining([alive, foreign]));
  });
});

describe.skipIf(!isBuilt)('lines of the trace, as the capture helper reads them', () => {
  const read = (...lines: string[]): string[] =>
    execFileSync(WITNESS_LINES, { input: lines.map((line) => `${line}\n`).join(''), encoding: 'utf8' })
      .trimEnd()
      .split('\n');
  const hex = (text: string): string => Buffer.from(text).toString('hex');
  const SEND =
    '12.000005: tcp_send_reset: skbaddr=0 skaddr=0 src=10.0.0.1:80 dest=10.0.0.2:4000 state=TCP_CLOSE reason=NO_SOCKET';
  const read1 = (line: string): string => read(line)[0];
  const expected = (pid: number, isActor: number, comm: string): string =>
    `1 4 12000006000 10.0.0.1 80 10.0.0.2 4000 ${pid} 7 ${isActor} reason=${hex('NO_SOCKET')} comm=${hex(comm)}`;

  it('name the process only where it acted', () => {
    expect(read1(`           nginx-812     [001] ..... ${SEND}`)).toBe(expected(812, 1, 'nginx'));
    expect(read1(`           nginx-812     [001] ..s.. ${SEND}`)).toBe(expected(0, 0, ''));
    expect(read1(`           nginx-812     [001] b.s2. ${SEND}`)).toBe(expected(0, 0, ''));
    expect(read1(`       napi/eth0-812     [001] b.... ${SEND}`)).toBe(expected(0, 0, ''));
    expect(read1(`           nginx-812     [001] D.... ${SEND}`)).toBe(expected(0, 0, ''));
    expect(read1(`           <...>-812     [001] ..... ${SEND}`)).toBe(expected(812, 1, ''));
  });
  it('name the process of a thread where the kernel knows it', () => {
    expect(read1(`          worker-830     (    812) [001] ..... ${SEND}`)).toBe(expected(812, 1, 'worker'));
    expect(read1(`          worker-830     (4194304) [001] ..... ${SEND}`)).toBe(
      expected(4194304, 1, 'worker'),
    );
    expect(read1(`          worker-830     (-------) [001] ..... ${SEND}`)).toBe(expected(830, 1, 'worker'));
    expect(read1(`   a (5) (b-7-830     (    812) [001] ..... ${SEND}`)).toBe(expected(812, 1, 'a (5) (b-7'));
    expect(read1(`   a (5)-830     [001] ..... ${SEND}`)).toBe(expected(830, 1, 'a (5)'));
    expect(read1(`   )     [001] ..... ${SEND}`)).toBe(expected(0, 0, ''));
  });
  it('may name processes as they like', () => {
    expect(read1(`   a [1] .. 1.0: b-7-812     [001] ..... ${SEND}`)).toBe(
      expected(812, 1, 'a [1] .. 1.0: b-7'.slice(0, 15)),
    );
    expect(read1(`   \u00e4\u00f6\ud83d\ude00-812 [001] ..... ${SEND}`)).toBe(
      expected(812, 1, '\u00e4\u00f6\ud83d\ude00'),
    );
    expect(read1(`   a\tb\u0007-812 [001] ..... ${SEND}`)).toBe(expected(812, 1, 'a?b?'));
  });
  it('may be of kernels without reasons', () => {
    expect(
      read1(
        '  <idle>-0 [000] ..s. 1.5: tcp_send_reset: family=AF_INET6 skbaddr=0 skaddr=0 sport=80 dport=4000 ' +
          'saddr=0.0.0.0 daddr=0.0.0.0 saddrv6=fd00::1 daddrv6=fd00::2 state=TCP_ESTABLISHED',
      ),
    ).toBe('1 6 1500001000 fd00::1 80 fd00::2 4000 0 1 0 reason= comm=');
  });
  it('may have mapped addresses', () => {
    expect(
      read1(
        '  x-1 [000] ..s.. 1.5: tcp_receive_reset: family=AF_INET6 sport=80 dport=4000 saddr=10.0.0.1 daddr=10.0.0.2 ' +
          'saddrv6=::ffff:10.0.0.1 daddrv6=::ffff:10.0.0.2 sock_cookie=1',
      ),
    ).toBe('2 4 1500001000 10.0.0.1 80 10.0.0.2 4000 0 0 0 reason= comm=');
    expect(read1(`x-1 [0] ..s.. ${SEND.replace('10.0.0.1:80', '[::ffff:10.0.0.1]:80')}`)).toBe(
      expected(0, 0, ''),
    );
  });
  it('count what was lost', () => {
    expect(read('CPU:1 [LOST 12 EVENTS]', 'CPU:0 [LOST EVENTS]')).toEqual(['lost 12', 'lost 1']);
  });
  it.each([
    '',
    'CPU:1',
    ': tcp_send_reset: ',
    SEND,
    `x-1 [0] ..... ${SEND.replace('12.000005', '99999999999.1')}`,
    `x-1 [0] ..... ${SEND.replace('10.0.0.1:80', '10.0.0.1:65536')}`,
    `x-1 [0] ..... ${SEND.replace('10.0.0.1:80', '10.0.0.1')}`,
    `x-1 [0] ..... ${SEND.replace('10.0.0.1:80', '[fd00::1]:80')}`,
    `x-1 [0] ..... ${SEND.replace('10.0.0.1', '1'.repeat(300))}`,
    `x-1 [0] ..... ${SEND.replace('src=', 'source=')}`,
  ])('are left out when they make no sense: %s', (line) => {
    expect(read1(line)).toBe('-');
  });
});

/** Undefined, said aloud, where the kernel has no such tracepoints for us. */
function mountTracefs(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'resetscope-tracefs-'));
  try {
    execFileSync('mount', ['-t', 'tracefs', 'nodev', folder], { stdio: 'pipe' });
    readdirSync(join(folder, 'events/tcp/tcp_send_reset'));
    return folder;
  } catch (error) {
    console.warn(`the kernel witness is not tested: ${(error as Error).message}`);
    try {
      execFileSync('umount', [folder], { stdio: 'pipe' });
    } catch {
      // It was not mounted.
    }
    rmdirSync(folder);
    return undefined;
  }
}

function deadPid(): number {
  return Number(execFileSync('sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
}

/** Prints the client's port. */
function refusedProgram(to: string, port: number): string {
  return [
    'import socket',
    `family = socket.AF_INET6 if ":" in "${to}" else socket.AF_INET`,
    's = socket.socket(family)',
    's.bind(("", 0))',
    'print(s.getsockname()[1])',
    'try:',
    `    s.connect(("${to}", ${port}))`,
    'except ConnectionRefusedError: pass',
  ].join('\n');
}

/** A server that closes with unread data, under a name of its own. Prints its process id and the client's port. */
function unreadProgram(port: number): string {
  return [
    'import array, fcntl, os, socket, threading',
    'def work():',
    '  open("/proc/thread-self/comm", "w").write("close me")',
    `  server = socket.create_server(("127.0.0.1", ${port}))`,
    '  client = socket.create_connection(server.getsockname())',
    '  accepted, address = server.accept()',
    '  client.send(b"unread")',
    // FIONREAD; termios, which names it, may not be installed.
    '  unread = array.array("i", [0])',
    '  while unread[0] < 6: fcntl.ioctl(accepted, 0x541B, unread)',
    '  accepted.close()',
    '  print(os.getpid(), address[1])',
    'thread = threading.Thread(target=work)',
    'thread.start()',
    'thread.join()',
  ].join('\n');
}
