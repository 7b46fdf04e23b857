import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../test/support/conversation.ts';
import { partsWith, writeHelper, writeProgram } from '../../test/support/fake-programs.ts';
import { until } from '../../test/support/patience.ts';
import { record } from '../../test/support/recording-sink.ts';
import { runCli, type CliRun } from '../../test/support/run-cli.ts';
import type { LiveParts } from '../host/live/live-parts.ts';
import { RESET_SCHEMA } from './schema.ts';

const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
let folder = '';
let live: LiveParts;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-cli-live-'));
  live = partsWith(writeHelper(join(folder, 'bin'), talk.packets), join(folder, 'captures'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const run = (...argv: string[]): Promise<CliRun> => runCli(argv, { live });

function linesOf(stdout: string): { readonly type: string }[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
}

describe('resetscope live', () => {
  it('tells of a reset in a line, and of the capture at the end', async () => {
    const { exitCode, stdout, stderr } = await run('live', '-i', 'eth7', '--count', '1');
    expect(stdout).toMatch(
      /^\d\d:\d\d:\d\d\.\d{6}  [\d.]+:\d+ → [\d.]+:\d+  ● server  .+  >?\d+ %  mattered\n$/u,
    );
    expect(stderr).toMatch(/^capturing: \S+resetscope-capd capture --interface eth7/u);
    expect(stderr).toContain(`${talk.packets.length} packets, `);
    expect(stderr).toMatch(/; 1 resets?, 1 of them mattered/u);
    expect(stderr).toContain(`kept: ${join(folder, 'captures')}`);
    expect(exitCode).toBe(0);
  });

  it('writes lines for machines', async () => {
    const { exitCode, stdout } = await run(
      'live',
      '-i',
      'eth7',
      '--json',
      '--catch',
      '--after',
      '0',
      '--count',
      '1',
    );
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string });
    const reset = lines.find(({ type }) => type === 'reset');
    expect(v.parse(RESET_SCHEMA, reset).frame).toBe(talk.packets.length);
    expect(lines.find(({ type }) => type === 'case')).toMatchObject({
      packets: talk.packets.length,
      error: null,
    });
    expect(lines.at(-1)).toMatchObject({ type: 'status', phase: 'stopped', packets: talk.packets.length });
    expect(exitCode).toBe(0);
  });

  it('saves to a file, or captures into a folder', async () => {
    const file = join(folder, 'all.pcapng');
    await run('live', '-i', 'eth7', '--count', '1', '-w', file);
    expect(record(readFileSync(file)).packets).toHaveLength(talk.packets.length);
    const twice = await run('live', '-i', 'eth7', '--count', '1', '-w', file);
    expect(twice).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('exists already') as string });
    const into = join(folder, 'into/');
    await run('live', '-i', 'eth7', '--count', '1', '-w', into);
    expect(readdirSync(into)).toHaveLength(1);
  });

  it('captures at a second place as well, and compares both at the end', async () => {
    const there = new Conversation().handshake().clientSends('hello').serverAcks();
    writeFileSync(join(folder, 'there'), writePcap({ packets: there.packets, nanos: true }));
    writeProgram(join(folder, 'bin'), 'ssh', `cat '${folder}/there'; cat >/dev/null`);
    const withSsh = { ...live, places: { ...live.places, path: join(folder, 'bin') } };
    const args = ['live', '-i', 'eth7', '--count', '1', '--also-host', 'ann@web', '--no-color'];
    const file = join(folder, 'all.pcapng');
    const told = await runCli([...args, '-w', file], { live: withSsh });
    expect(told.exitCode).toBe(0);
    expect(told.stderr).toMatch(/^second place: \S+ssh .*ann@web .*\ncapturing: /u);
    expect(told.stderr).toContain(`second place: ${there.packets.length} packets, `);
    expect(record(readFileSync(file)).packets).toHaveLength(talk.packets.length);
    expect(record(readFileSync(join(folder, 'all-second.pcapng'))).packets).toHaveLength(
      there.packets.length,
    );
    expect(told.stdout).toContain('web');

    const { exitCode, stdout } = await runCli([...args, '--json'], { live: withSsh });
    expect(exitCode).toBe(0);
    const lines = linesOf(stdout);
    const joined = lines.filter(({ type }) => type === 'joined');
    expect(joined).toMatchObject([
      { schema: 1, places: [{ joined: true }, { joined: true }], pairs: [{ matched: there.packets.length }] },
    ]);
    expect(lines.at(-1)).toMatchObject({
      type: 'status',
      phase: 'stopped',
      second: { phase: 'stopped', packets: there.packets.length, error: null },
    });
  });

  it.each([
    [['--also-host', '-oProxyCommand=x'], /bad option \(second\.host\)/u],
    [['--also-host', 'web', '--also-interface', '../x'], /bad option \(second\.interface\)/u],
  ])('takes %j for no second place', async (more, message) => {
    const { exitCode, stderr } = await run('live', '-i', 'eth7', ...more);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });

  it('ends at the interrupt, with what there was', async () => {
    const captures = join(folder, 'captures');
    const isCaptured = (): boolean =>
      existsSync(captures) &&
      readdirSync(captures, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.pcapng'))
        .some((name) => record(readFileSync(join(captures, name))).packets.length === talk.packets.length);
    const { exitCode, stdout, stderr } = await runCli(['live', '-i', 'eth7'], {
      live,
      onInterrupt: (listener) => {
        void until(isCaptured, 'the packets in the ring').then(() => listener('SIGINT'));
        return () => undefined;
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('● server');
    expect(stderr).toContain('1 of them mattered');
  });

  it('tells of a flood in some dozens of lines that add up, and of what came beside it', async () => {
    const flooded = new Conversation({ server: { address: '192.0.2.7' } }).handshake();
    for (let i = 0; i < 5000; i++) flooded.rst({ from: 'server', after: 0.000_05 });
    const beside = new Conversation({ server: { address: '192.0.2.8', port: 81 } }).refused();
    writeHelper(join(folder, 'bin'), interleave(flooded, beside));
    const { exitCode, stdout } = await run('live', '-i', 'eth7', '--json', '--count', '5001');
    const resets = linesOf(stdout)
      .filter(({ type }) => type === 'reset')
      .map((line) => v.parse(RESET_SCHEMA, line));
    expect(resets.length).toBeLessThan(100);
    expect(resets.reduce((sum, { count }) => sum + (count ?? 1), 0)).toBe(5001);
    expect(resets.map(({ flow }) => flow.server)).toContain('192.0.2.8:81');
    expect(linesOf(stdout).at(-1)).toMatchObject({ resets: 5001, waiting: 0, unjudged: 0, untold: 0 });
    expect(exitCode).toBe(0);
  });

  it('counts what of a flood it has no time for, and says so', async () => {
    const talks = Array.from({ length: 30_000 }, (_, i) =>
      new Conversation({
        client: { address: `11.0.${i >> 8}.${i & 255}`, port: 1024 + i },
        startNs: DEFAULT_START_NS + BigInt(i) * 1000n,
      }).rst({ from: 'client' }),
    );
    writeHelper(join(folder, 'bin'), interleave(...talks));
    const { exitCode, stdout, stderr } = await run('live', '-i', 'eth7', '--json', '--duration', '1');
    const told = linesOf(stdout).filter(({ type }) => type === 'reset').length;
    const last = v.parse(
      v.object({ resets: v.number(), unjudged: v.number(), untold: v.number() }),
      linesOf(stdout).at(-1),
    );
    expect(last.resets).toBe(30_000);
    expect(told + last.unjudged + last.untold).toBe(30_000);
    // More came at once than may wait.
    expect(last.unjudged).toBeGreaterThan(0);
    expect(stderr).toMatch(/[\d,]+ of the resets came too fast to be judged/u);
    expect(exitCode).toBe(2);
  });

  it('ends after the time it was given', async () => {
    expect((await run('live', '-i', 'eth7', '--duration', '1')).exitCode).toBe(0);
  });

  it('leaves out what does not matter', async () => {
    const quiet = new Conversation().handshake().closes('client').rst({ from: 'client' });
    writeHelper(join(folder, 'bin'), quiet.packets);
    const { stdout, stderr } = await run('live', '-i', 'eth7', '--only-matters', '--duration', '1');
    expect(stdout).toBe('');
    expect(stderr).toContain('0 of them mattered');
  });

  it.each([
    [['-i', 'nope'], 3, /there is no nope/u],
    [['-i', 'gone'], 3, /eth7 went away/u],
    [['-i', 'eth7', '-f', 'bad'], 3, /syntax error/u],
    [['-i', 'eth7', '--catch', 'port:'], 1, /in the filter of --catch/u],
    [['-i', 'eth7', '--catch', 'ip.ttl == 1'], 1, /of --catch: “ip.ttl” can be asked of packets/u],
    [['-i', 'eth7', '--ring-files', '1'], 1, /bad option \(ring.files\)/u],
    [['-i', 'eth7', '--ring-size', 'big'], 1, /number of bytes/u],
    [['-i', '-x'], 1, /argument missing|dash/u],
    [['-i', 'eth7', '-w', '/nonexistent/x/y'], 1, /there is no folder/u],
    [[], 1, /required option/u],
  ] as const)('refuses %j', async (argv, exitCode, message) => {
    const ran = await run('live', ...argv);
    expect(ran.stderr).toMatch(message);
    expect(ran.exitCode).toBe(exitCode);
  });

  it('says with the error what helps', async () => {
    const { stderr, exitCode } = await runCli(['live', '-i', 'eth0', '--source', 'tcpdump'], {
      live: partsWith(null, join(folder, 'captures')),
    });
    expect(stderr).toMatch(/There is no tcpdump here/u);
    expect(stderr).toContain('resetscope doctor says more');
    expect(exitCode).toBe(3);
    expect(existsSync(join(folder, 'captures'))).toBe(false);
  });
});

describe('resetscope doctor', () => {
  it('is content where the helper may capture', async () => {
    const { exitCode, stdout } = await run('doctor');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Packets can be captured here/u);
    expect(stdout).toMatch(/helper +yes/u);
    expect(stdout).toMatch(/tcpdump +no +tcpdump is not installed/u);
  });

  it('says what is missing, also to machines', async () => {
    const { exitCode, stdout } = await runCli(['doctor', '--json'], { live: partsWith(null, folder) });
    expect(exitCode).toBe(1);
    const diagnosis = JSON.parse(stdout) as {
      canCapture: boolean;
      problems: { code: string; weight: string }[];
    };
    expect(diagnosis.canCapture).toBe(false);
    expect(diagnosis.problems[0]).toMatchObject({ weight: 'blocks' });
  });

  it('prints the whole command, however deep the helper lies', async () => {
    const deep = Array.from({ length: 4 }, () => 'deep'.repeat(50));
    const helper = writeProgram(join(folder, ...deep), 'resetscope-capd', 'exit 77');
    // For root, who may do all by itself, there is only this to cure.
    chmodSync(helper, 0o4755);
    const { stdout } = await runCli(['doctor'], { live: partsWith(helper, folder) });
    expect(stdout).toMatch(
      /^ {4}sudo groupadd .* && sudo chown root .*=eip \S+\/resetscope-capd( && .*)?$/mu,
    );
    expect(stdout).not.toContain('…\n');
  });
});

it('lists interfaces', async () => {
  expect((await run('interfaces')).stdout).toBe('eth7  up  a test  10.7.0.1  (EN10MB)\n');
  expect(JSON.parse((await run('interfaces', '--json')).stdout)).toMatchObject([{ name: 'eth7' }]);
});
