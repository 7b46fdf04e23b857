import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../../test/support/patience.ts';
import { writeProgram } from '../../../../test/support/fake-programs.ts';
import { CAPTURE_SOURCES, type CaptureSourceKind, type LiveOptions } from '../../../../shared/model/live.ts';
import type { CapturePrograms, SourceEnd } from './source.ts';
import { commandText, shellWord } from './source.ts';
import { sourceOf } from './index.ts';
import { remoteScript } from './ssh.ts';
import { readTcpdumpCounters } from './tcpdump.ts';

const OPTIONS: LiveOptions = {
  source: 'auto',
  interface: 'eth0',
  host: 'ann@web',
  filter: "tcp port 80 and host 'a b'",
  snapLength: 200,
  promiscuous: false,
  bufferBytes: 3 * 1024 * 1024,
  folder: null,
  ring: { fileBytes: 1, fileSeconds: null, files: 2 },
  keepFreeBytes: 0,
  witness: true,
  catch: null,
  second: null,
};
const PROGRAMS: CapturePrograms = {
  helper: '/h/resetscope-capd',
  witnessHelper: null,
  dumpcap: '/b/dumpcap',
  tcpdump: '/s/tcpdump',
  ssh: '/b/ssh',
  ss: null,
  capChild: '/c/cap-child.js',
  node: '/b/node',
};

describe('the command of a source', () => {
  it.each([
    [
      'helper',
      `/h/resetscope-capd capture --interface eth0 --filter 'tcp port 80 and host '\\''a b'\\''' --snap-length 200 --buffer-bytes 3145728 --no-promiscuous --witness`,
    ],
    [
      'tcpdump',
      `/s/tcpdump -i eth0 -s 200 -B 3072 -n -U --immediate-mode --nano -p -w - -- 'tcp port 80 and host '\\''a b'\\'''`,
    ],
    ['dumpcap', `/b/dumpcap -q -i eth0 -s 200 -B 3 -f 'tcp port 80 and host '\\''a b'\\''' -p -w -`],
    ['cap', `/b/node /c/cap-child.js eth0 'tcp port 80 and host '\\''a b'\\''' 200 3145728`],
  ] as const)('%s', (kind, command) => {
    const launch = sourceOf(kind).launch(OPTIONS, PROGRAMS);
    expect(launch && commandText(launch)).toBe(command);
  });

  it('is none where its program is missing', () => {
    const none = { ...PROGRAMS, helper: null, dumpcap: null, tcpdump: null, ssh: null, capChild: null };
    for (const kind of CAPTURE_SOURCES) expect(sourceOf(kind).launch(OPTIONS, none)).toBeUndefined();
    expect(sourceOf('ssh').launch({ ...OPTIONS, host: null }, PROGRAMS)).toBeUndefined();
  });

  it('hands every word over as one', () => {
    expect(['a', 'a b', "it's", '$(x)', ''].map(shellWord)).toEqual([
      'a',
      "'a b'",
      "'it'\\''s'",
      "'$(x)'",
      "''",
    ]);
  });
});

describe('an end that nobody asked for', () => {
  const end = (stderr: string, exitCode: number | null = 1, signal: string | null = null): SourceEnd => {
    return { stderr, exitCode, signal };
  };
  it.each<[CaptureSourceKind, SourceEnd, string, string]>([
    ['helper', end('resetscope-capd: bad-filter: syntax error\n', 65), 'bad-filter', 'syntax error'],
    ['helper', end('resetscope-capd: no-permission: no\n', 77), 'no-permission', 'no'],
    [
      'helper',
      end('resetscope-capd: interface-gone: eth0 went away\n', 69),
      'interface-gone',
      'eth0 went away',
    ],
    ['helper', end('resetscope-capd: system: out of memory\n', 71), 'source-died', 'out of memory'],
    [
      'helper',
      end('libpcap.so: cannot open shared object file\n', 127),
      'libpcap-missing',
      'libpcap.so: cannot open shared object file',
    ],
    ['helper', end('', null, 'SIGSEGV'), 'source-died', 'resetscope-capd ended (signal SIGSEGV)'],
    [
      'tcpdump',
      end(
        "tcpdump: eth0: You don't have permission to perform this capture on that device\n(socket: Operation not permitted)\n",
      ),
      'no-permission',
      '(socket: Operation not permitted)',
    ],
    [
      'tcpdump',
      end('tcpdump: nope: No such device exists\n(SIOCGIFHWADDR: No such device)\n'),
      'no-such-interface',
      '(SIOCGIFHWADDR: No such device)',
    ],
    [
      'tcpdump',
      end("tcpdump: can't parse filter expression: syntax error\n"),
      'bad-filter',
      "tcpdump: can't parse filter expression: syntax error",
    ],
    [
      'tcpdump',
      end('tcpdump: pcap_loop: The interface disappeared\n'),
      'interface-gone',
      'tcpdump: pcap_loop: The interface disappeared',
    ],
    [
      'cap',
      end('Assertion `status == 0` failed.\n', null, 'SIGABRT'),
      'interface-gone',
      'eth0 went away while it was captured',
    ],
    ['cap', end('resetscope-cap: syntax error in filter\n', 69), 'bad-filter', 'syntax error in filter'],
    [
      'ssh',
      end('ann@web: Permission denied (publickey).\n', 255),
      'remote',
      'ann@web: ann@web: Permission denied (publickey).',
    ],
    ['ssh', end('sh: tcpdump: not found\n', 127), 'remote', 'ann@web: sh: tcpdump: not found'],
    [
      'ssh',
      end('tcpdump: syntax error in filter expression\n'),
      'bad-filter',
      'ann@web: tcpdump: syntax error in filter expression',
    ],
  ])('of %s: %j', (kind, ended, code, message) => {
    expect(sourceOf(kind).explain(ended, OPTIONS)).toEqual({ code, message });
  });
});

it('reads the counters that tcpdump tells', () => {
  const told =
    'tcpdump: 5 packets captured, 6 packets received by filter, 1 packet dropped by kernel, 2 packets dropped by interface\n';
  expect(readTcpdumpCounters(told)).toEqual({ received: 6, kernel: 1, interface: 2 });
  expect(
    readTcpdumpCounters('3 packets captured\n3 packets received by filter\n0 packets dropped by kernel\n'),
  ).toEqual({
    received: 3,
    kernel: 0,
    interface: null,
  });
  expect(readTcpdumpCounters('tcpdump: listening on lo')).toBeUndefined();
});

describe('the script for another machine', () => {
  /** Runs the script with a tcpdump that writes down its arguments and waits. */
  async function run(options: LiveOptions, connection: string | undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'resetscope-remote-'));
    const note = join(folder, 'arguments');
    writeProgram(
      folder,
      'tcpdump',
      `for a; do echo "$a"; done >'${note}.new'; mv '${note}.new' '${note}'\nexec sleep 60`,
    );
    const env = {
      PATH: `${folder}:${process.env['PATH']}`,
      ...(connection && { SSH_CONNECTION: connection }),
    };
    const shell = spawn('sh', ['-c', remoteScript(options)], { env, stdio: ['pipe', 'ignore', 'inherit'] });
    try {
      const told = await eventually(() => readFileSync(note, 'utf8').split('\n').slice(0, -1));
      const ended = new Promise<string | null>((resolve) =>
        shell.on('close', (_code, signal) => resolve(signal)),
      );
      shell.stdin.end();
      return { told, signal: await ended };
    } finally {
      shell.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    }
  }

  it.skipIf(process.platform === 'win32')('leaves its own connection out, and ends when we do', async () => {
    const { told, signal } = await run(OPTIONS, '10.0.0.1 50000 10.0.0.2 22');
    expect(told.slice(0, 4)).toEqual(['-i', 'eth0', '-s', '200']);
    expect(told.slice(-2)).toEqual([
      '--',
      "not (host 10.0.0.1 and tcp port 50000 and host 10.0.0.2 and tcp port 22) and (tcp port 80 and host 'a b')",
    ]);
    expect(signal).toBe('SIGTERM');
  });

  it.skipIf(process.platform === 'win32')('captures everything else where there is no filter', async () => {
    const { told } = await run({ ...OPTIONS, filter: '' }, '10.0.0.1 50000 10.0.0.2 22');
    expect(told.at(-1)).toBe('not (host 10.0.0.1 and tcp port 50000 and host 10.0.0.2 and tcp port 22)');
    expect((await run({ ...OPTIONS, filter: '' }, undefined)).told.at(-1)).toBe('');
  });
});
