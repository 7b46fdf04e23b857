import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../test/support/analyze.ts';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation } from '../../test/support/conversation.ts';
import { runCli } from '../../test/support/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'resetscope-export-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const talks = Array.from({ length: 40 }, (_, i) => {
  const talk = new Conversation({
    client: { address: `10.0.0.${i + 1}` },
    server: { address: `192.0.2.${1 + (i % 3)}` },
    startNs: 1_700_000_000_000_000_000n + BigInt(i) * 1_000_000_000n,
  });
  talk.handshake().exchange(300, 500);
  return i === 20 ? talk.rst({ from: 'server' }) : talk.closes();
});
const capture = join(folder, 'some.pcap');
writeFileSync(capture, writePcap({ packets: talks.flatMap(({ packets }) => packets) }));
const original = analyzeBytes(readFileSync(capture));
const frame = original.resetRow(0).frame;
const at = (name: string): string => join(folder, name);

describe('resetscope export', () => {
  it.each([
    ['--reset', String(frame)],
    ['--reset', `some.pcap:${frame}`],
    ['--reset', `0:${frame}`],
    ['--flow', '20'],
    ['--finding', '1'],
  ])('%s %s keeps the verdict', async (option, value) => {
    const run = await runCli(['export', capture, option, value, '-o', at('kept.pcapng')]);
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain('The verdict is the same.');
    const copy = analyzeBytes(readFileSync(at('kept.pcapng')));
    expect(copy.resetIds()).toHaveLength(1);
    const { kind, cause, matters } = original.resetRow(0);
    expect(copy.resetRow(0)).toMatchObject({ kind, cause, matters });
    expect(copy.packets.count).toBeLessThan(original.packets.count);
    // Packets are the user's secret.
    expect(statSync(at('kept.pcapng')).mode & 0o077).toBe(0);
  });

  it.each([
    ['--filter', 'tcp.flags.reset == 1'],
    ['--reset', String(frame)],
  ])('%s counts what was replaced, and replaces alike with the same key', async (option, value) => {
    const args = ['export', capture, option, value, '--anonymise', '--case-key', 'a5'.repeat(32)];
    const run = await runCli([...args, '-o', at('first.pcapng')]);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toMatch(/^replaced: .*\bIPv4 addresses [1-9]/mu);
    await runCli([...args, '-o', at('second.pcapng')]);
    const first = readFileSync(at('first.pcapng'));
    expect(readFileSync(at('second.pcapng')).equals(first)).toBe(true);
    await runCli([...args.slice(0, -1), 'b6'.repeat(32), '-o', at('other.pcapng')]);
    expect(readFileSync(at('other.pcapng')).equals(first)).toBe(false);
  });

  it('tells machines what was written', async () => {
    const run = await runCli([
      'export',
      capture,
      '--filter',
      'tcp.flags.reset == 1',
      '--json',
      '-o',
      at('one'),
    ]);
    const bytes = statSync(at('one')).size;
    expect(JSON.parse(run.stdout)).toEqual({
      schema: 1,
      files: [{ path: at('one'), packets: 1, bytes }],
      packets: 1,
      of: original.packets.count,
      leftOut: original.packets.count - 1,
      verdicts: 0,
      changed: 0,
      widened: 0,
      replaced: [],
      missing: 0,
    });
  });

  it.each([
    [[], 'say what to export by one of'],
    [['--reset', '1', '--failures'], 'say what to export by one of'],
    [['--reset', '1'], 'is no reset'],
    [['--reset', 'x'], 'is no frame'],
    [['--reset', 'other.pcap:1'], 'other.pcap is none of the files'],
    [['--flow', '4711'], 'no flow number 4711'],
    [['--finding', '0'], 'there is no finding number 0: there is 1'],
    [['--failures'], 'no connection failed without a reset'],
    [['--filter', 'tcp.port =='], 'in the filter'],
    [['--reset', String(frame), '--anonymise', '--case-key', 'abc'], 'a case key is 64 hexadecimal digits'],
    [['--reset', String(frame), '--case-key', 'ab'.repeat(32)], 'goes with --anonymise only'],
  ])('%j is refused, and nothing is written', async (options, message) => {
    const run = await runCli(['export', capture, ...options, '-o', at('refused.pcapng')]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(message);
    expect(existsSync(at('refused.pcapng'))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('writes neither over what it reads nor in place of what is no file', async () => {
    symlinkSync(capture, at('link'));
    for (const [output, message] of [
      [capture, 'it cannot be the output as well'],
      [at('link'), 'it cannot be the output as well'],
      [folder, 'is no file'],
      ['/dev/null', 'is no file'],
    ]) {
      const run = await runCli(['export', capture, '--filter', 'tcp', '-o', output]);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toContain(message);
    }
    expect(readFileSync(capture)).toHaveLength(statSync(capture).size);
  });

  it('asks which file a frame is of, where there are several', async () => {
    const other = at('other.pcap');
    writeFileSync(other, readFileSync(capture));
    const output = at('two.pcapng');
    const asked = await runCli(['export', capture, other, '--reset', String(frame), '-o', output]);
    expect(asked.stderr).toContain('by FILE:FRAME');
  });

  it.each(['reading', 'exporting'])('ends with nothing written where %s is interrupted', async (phase) => {
    let asked = 0;
    const run = await runCli(['export', capture, '--reset', String(frame), '-o', at('never.pcapng')], {
      onInterrupt: (listener) => {
        // Reading the files asks first.
        if (++asked === (phase === 'reading' ? 1 : 2)) {
          queueMicrotask(() => {
            listener('SIGINT');
          });
        }
        return () => undefined;
      },
    });
    expect(run.exitCode).toBe(130);
    expect(existsSync(at('never.pcapng'))).toBe(false);
  });
});
