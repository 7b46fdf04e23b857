import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation, interleave } from '../../test/support/conversation.ts';
import { floodOf } from '../../test/support/floods.ts';
import { runCli } from '../../test/support/run-cli.ts';
import { FAILURE_KINDS, NO_ENDINGS } from '../../shared/model/failure.ts';
import {
  ANALYSIS_SCHEMA,
  ENDINGS_SCHEMA,
  FAILURE_SCHEMA,
  FILE_SCHEMA,
  FINDING_SCHEMA,
  ICMP_ERROR_SCHEMA,
  RESET_SCHEMA,
} from './schema.ts';

let dir = '';
let refused = '';
let several = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-cli-'));
  refused = join(dir, 'refused.pcap');
  writeFileSync(refused, writePcap({ packets: new Conversation().refused().packets, nanos: true }));
  several = join(dir, 'several.pcap');
  const talks = Array.from({ length: 30 }, (_, i) =>
    new Conversation({ client: { port: 40_000 + i }, server: { port: i < 20 ? 80 : 443 } })
      .handshake()
      .clientSends(`GET /${i} HTTP/1.1\r\nHost: =cmd.example.net\r\n\r\n`)
      .serverAcks()
      .wait(i)
      .rst({ from: 'server' }),
  );
  writeFileSync(several, writePcap({ packets: interleave(...talks), nanos: true }));
});
afterAll(() => rmSync(dir, { recursive: true }));

function lines(text: string): string[] {
  return text.trimEnd().split('\n');
}

describe('usage', () => {
  it('prints version and help to standard output', async () => {
    expect(await runCli(['--version'])).toEqual({
      exitCode: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
    const help = await runCli(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    expect(help.stdout).toContain('Examples:');
  });

  it.each([
    [['analyze'], 'missing required argument'],
    [['analyze', 'x', '--json', '--csv'], 'cannot be used with'],
    [['analyze', 'x', '--limit', '-3'], 'whole number'],
    [['analyze', 'x', '--nonsense'], 'unknown option'],
    [['analyse', 'x'], 'Did you mean analyze'],
  ])('%j is wrong', async (argv, message) => {
    const run = await runCli(argv);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain(message);
  });

  it('points at the mistake in a filter, before it reads anything', async () => {
    const run = await runCli(['analyze', join(dir, 'missing'), '--filter', 'port:80 orgin:x']);
    expect(run.exitCode).toBe(1);
    expect(lines(run.stderr)).toEqual([
      expect.stringContaining('did you mean “origin”?'),
      '  port:80 orgin:x',
      '          ^^^^^',
      'perhaps: port:80 origin:x',
    ]);
  });
});

describe('packets', () => {
  it('says in JSON what is wrong with a filter, where, and how it was meant', async () => {
    const run = await runCli(['packets', refused, '--json', '--filter', 'tcp.prt == 80']);
    expect(run.exitCode).toBe(1);
    const { error } = JSON.parse(run.stdout) as { error: object };
    expect(error).toMatchObject({ from: 0, to: 7, suggestion: 'tcp.port == 80' });
  });

  it('lists frames in JSON and fields between tabs', async () => {
    const json = await runCli(['packets', refused, '--json', '--filter', 'tcp.flags.reset == 1']);
    const { schema, frames, total } = JSON.parse(json.stdout) as {
      schema: number;
      frames: number[];
      total: number;
    };
    expect(schema).toBe(1);
    expect(total).toBe(frames.length);
    expect(total).toBeGreaterThan(0);
    const fields = ['--fields', 'frame.number,tcp.flags,tcp.flags.reset'];
    const text = await runCli([
      'packets',
      refused,
      '--filter',
      'tcp.flags.reset == 1',
      '--limit',
      '1',
      ...fields,
    ]);
    expect(lines(text.stdout)).toEqual([`${frames[0]}\t0x0014\t1`]);
  });
});

describe('files that cannot be read', () => {
  it('are named with the reason; the others are reported', async () => {
    const run = await runCli(['analyze', '--json', join(dir, 'missing.pcap'), refused, dir]);
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(`${join(dir, 'missing.pcap')}: there is no such file`);
    expect(run.stderr).toContain(`${dir}: this is a directory`);
    const analysis = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(analysis.files.map((file) => file.path)).toEqual([refused]);
    expect(analysis.resets).toHaveLength(1);
  });

  it('leave JSON whole even where there is nothing else', async () => {
    const run = await runCli(['analyze', '--json', join(dir, 'missing.pcap')]);
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.stdout)).toEqual({
      schema: 1,
      files: [],
      flows: 0,
      findings: [],
      moreFindings: 0,
      resets: [],
      endings: NO_ENDINGS.counts,
      failures: [],
      moreFailures: 0,
      icmpErrors: [],
    });
    expect(await runCli(['analyze', join(dir, 'missing.pcap')])).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('may be no capture at all', async () => {
    const path = join(dir, 'page.pcap');
    writeFileSync(path, '<!DOCTYPE html><title>Log in</title>');
    const run = await runCli(['analyze', path]);
    expect([1, 2]).toContain(run.exitCode);
    expect(run.stderr).toContain(path);
  });

  it('may be damaged: what was read is reported, and 2 says so', async () => {
    const whole = readFileSync(several);
    const path = join(dir, 'cut.pcap');
    writeFileSync(path, whole.subarray(0, whole.length - 7));
    const run = await runCli(['analyze', path, '--json']);
    expect(run.exitCode).toBe(2);
    const analysis = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(analysis.files[0].warnings).toMatchObject([{ code: 'truncated-packet', lossy: true }]);
    expect(analysis.resets).toHaveLength(29);
    const table = await runCli(['analyze', path]);
    expect(table.stderr).toContain(analysis.files[0].warnings[0].message);
  });
});

describe('the forms of the report', () => {
  it('JSON is as the schema promises, in capture order, the same each time', async () => {
    const run = await runCli(['analyze', several, '--json']);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    const analysis = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    const frames = analysis.resets.map((reset) => reset.frame);
    expect(frames).toHaveLength(30);
    expect(frames).toEqual(frames.toSorted((a, b) => a - b));
    expect(analysis.resets[29].time).toMatch(/^2023-11-14T22:13:49\.\d{9}Z$/u);
    expect((await runCli(['analyze', several, '--json'])).stdout).toBe(run.stdout);
  });

  it('NDJSON holds the same objects, one a line', async () => {
    const json = v.parse(ANALYSIS_SCHEMA, JSON.parse((await runCli(['analyze', several, '--json'])).stdout));
    const parsed = lines((await runCli(['analyze', several, '--ndjson'])).stdout).map(
      (line) => JSON.parse(line) as { type: string },
    );
    expect(v.parse(FILE_SCHEMA, parsed[0])).toEqual(json.files[0]);
    const of = (wanted: string): unknown[] => parsed.filter(({ type }) => type === wanted);
    expect(of('finding').map((one) => v.parse(FINDING_SCHEMA, one))).toEqual(json.findings);
    expect(of('reset').map((one) => v.parse(RESET_SCHEMA, one))).toEqual(json.resets);
    expect(v.parse(ENDINGS_SCHEMA, of('endings')[0])).toEqual(json.endings);
    expect(of('failure').map((one) => v.parse(FAILURE_SCHEMA, one))).toEqual(json.failures);
    const others = json.failures.length + 1;
    expect(parsed).toHaveLength(1 + json.findings.length + json.resets.length + others);
  });

  it('CSV has a line for each reset and disarms formulas', async () => {
    const run = await runCli(['analyze', several, '--csv', '--limit', '2']);
    const rows = run.stdout.trimEnd().split('\r\n');
    expect(rows).toHaveLength(3);
    const [header, first] = rows.map((row) => row.split(','));
    expect(first[header.indexOf('server_name')]).toBe("'=cmd.example.net");
    expect(first[header.indexOf('client')]).toBe('10.0.0.1:40000');
  });

  it('finds what resets have in common, with examples', async () => {
    const run = await runCli(['analyze', several, '--json']);
    const { findings, resets } = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(findings.reduce((sum, { count }) => sum + count, 0)).toBe(resets.length);
    expect(new Set(findings.map(({ server }) => server))).toEqual(
      new Set(['192.0.2.80:80', '192.0.2.80:443']),
    );
    const frames = resets.map(({ frame }) => frame);
    for (const finding of findings) {
      for (const { file, frame } of finding.resets) {
        expect(file).toBe(0);
        expect(frames).toContain(frame);
      }
    }
    const filtered = await runCli(['analyze', several, '--json', '--filter', 'port:443', '--limit', '1']);
    const few = v.parse(ANALYSIS_SCHEMA, JSON.parse(filtered.stdout));
    expect(few.findings.reduce((sum, { count }) => sum + count, 0)).toBe(10);
    expect(few.resets).toHaveLength(1);
  });

  it('tells of connections that failed without a reset', async () => {
    const path = join(dir, 'failed.pcap');
    const talk = new Conversation()
      .syn()
      .retransmit('client', { after: 1 })
      .retransmit('client', { after: 2 });
    writeFileSync(path, writePcap({ packets: talk.packets, nanos: true }));
    const run = await runCli(['analyze', path, '--json']);
    const { endings, failures, moreFailures } = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(endings['no-answer']).toBe(1);
    expect(moreFailures).toBe(0);
    expect(failures).toMatchObject([
      {
        file: 0,
        frame: 1,
        kind: 'no-answer',
        side: null,
        tries: 3,
        seconds: 3,
        recovered: false,
        matters: true,
      },
    ]);
    expect(failures[0].evidence[0].frames).toEqual([1, 2, 3]);
    const table = (await runCli(['analyze', path])).stdout;
    expect(table).toContain('Failed without a reset (1)');
    expect(table).toContain('No resets, but 1 of 1 connection failed.');
    expect(run.exitCode).toBe(0);
  });

  it('lists ICMP errors beside the resets', async () => {
    const path = join(dir, 'icmp.pcap');
    const talk = new Conversation().syn().icmp({ router: '10.9.9.9', about: 'client', type: 3, code: 13 });
    writeFileSync(path, writePcap({ packets: talk.packets, nanos: true }));
    const { icmpErrors } = v.parse(
      ANALYSIS_SCHEMA,
      JSON.parse((await runCli(['analyze', path, '--json'])).stdout),
    );
    expect(icmpErrors).toMatchObject([
      { file: 0, frame: 2, protocol: 'tcp', type: 3, code: 13, reporter: '10.9.9.9', told: 'client' },
    ]);
    const line = lines((await runCli(['analyze', path, '--ndjson'])).stdout)[1];
    const { icmpType, ...rest } = JSON.parse(line) as { type: string; icmpType: number };
    expect(rest.type).toBe('icmpError');
    expect(v.parse(ICMP_ERROR_SCHEMA, { ...rest, type: icmpType })).toEqual(icmpErrors[0]);
    const table = (await runCli(['analyze', path])).stdout;
    expect(table).toContain('1 ICMP error refused datagrams or connections');
    expect(table).toContain('Communication administratively prohibited, says 10.9.9.9');
  });

  it('the table tells findings first, and folds what is harmless', async () => {
    const path = join(dir, 'noise.pcap');
    const polite = [1, 2, 3].map((i) =>
      new Conversation({ client: { port: 50_000 + i } })
        .handshake()
        .exchange(10, 10)
        .closes('client')
        .rst({ from: 'client' }),
    );
    const packets = interleave(...polite, new Conversation().refused());
    writeFileSync(path, writePcap({ packets, nanos: true }));
    const table = lines((await runCli(['analyze', path])).stdout);
    expect(table[0]).toMatch(/^ {2}! 1\. One reset/u);
    expect(table).toContain('…and 3 harmless resets in 1 group: --all');
    expect(table.filter((line) => line.endsWith(' no'))).toEqual([]);
    const all = lines((await runCli(['analyze', path, '--all'])).stdout);
    expect(all.filter((line) => /^ {2}· \d+\. 3 resets/u.test(line))).toHaveLength(1);
    expect(all.filter((line) => line.endsWith(' no'))).toHaveLength(3);
  });

  it('the table shows a screenful and says what it leaves out', async () => {
    const run = await runCli(['analyze', several]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run.stdout).toContain('10 more; --all shows them');
    expect(run.stdout).toContain('30 resets');
    expect(run.stdout).not.toContain('\u001b');
    expect(lines((await runCli(['analyze', several, '--all'])).stdout).length).toBeGreaterThan(30);
    const none = await runCli(['analyze', several, '--filter', 'port:1']);
    expect(none.stdout).toContain('No reset passes the filter.');
  });

  it('a filter holds for every form', async () => {
    const run = await runCli(['analyze', several, '--json', '--filter', 'port:443 frame:>1']);
    const analysis = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(new Set(analysis.resets.map((reset) => reset.flow.server))).toEqual(new Set(['192.0.2.80:443']));
    expect(analysis.resets).toHaveLength(10);
  });

  it.each([
    // Ports of the bytes, an expression, a field of packets alone.
    ['tcp[0:2] == 01:bb', 10],
    ['flow.server matches ":443$"', 10],
    ['flow.server matches ":44$"', 0],
    ['ip.ttl > 255', 0],
  ])('asks packets of %s', async (filter, count) => {
    const run = await runCli(['analyze', several, '--json', '--filter', filter]);
    const { resets } = v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout));
    expect(resets).toHaveLength(count);
  });

  it('a name of an application’s protocol holds for resets of connections that speak it', async () => {
    const path = join(dir, 'http.pcap');
    const web = new Conversation()
      .handshake()
      .exchange(
        'GET / HTTP/1.1\r\nHost: shop.example\r\n\r\n',
        'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      )
      .rst({ from: 'server' });
    const other = new Conversation({ client: { port: 4242 } }).handshake().rst({ from: 'server' });
    writeFileSync(path, writePcap({ packets: interleave(web, other), nanos: true }));
    const clients = async (filter: string): Promise<string[]> => {
      const run = await runCli(['analyze', path, '--json', '--filter', filter]);
      return v.parse(ANALYSIS_SCHEMA, JSON.parse(run.stdout)).resets.map(({ flow }) => flow.client);
    };
    const [spoken, silent] = [await clients('http'), await clients('not http')];
    expect([spoken.length, silent.length]).toEqual([1, 1]);
    expect(silent[0]).toMatch(/:4242$/u);
    expect(await clients('tls')).toEqual([]);
    expect(await clients('http.host == "shop.example"')).toEqual([]);
    const packets = await runCli(['packets', path, '--json', '--filter', 'http']);
    expect((JSON.parse(packets.stdout) as { total: number }).total).toBe(2);
  });

  it('refuses an expression that cannot be read', async () => {
    const run = await runCli(['analyze', several, '--filter', 'flow.host matches "(a"']);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toMatch(/regular expression cannot be read/u);
  });

  it('fits the terminal, in colour unless that is not wanted', async () => {
    const terminal = { columns: 80, stdoutIsTerminal: true };
    const coloured = await runCli(['analyze', several], terminal);
    expect(coloured.stdout).toContain('\u001b[');
    for (const plain of [
      await runCli(['analyze', several, '--no-color'], terminal),
      await runCli(['analyze', several], { ...terminal, env: { NO_COLOR: '1' } }),
    ]) {
      expect(plain.stdout).not.toContain('\u001b');
      const table = lines(plain.stdout).slice(0, -1);
      expect(Math.max(...table.map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });

  it('goes to a file when asked, never over the capture', async () => {
    const out = join(dir, 'out.json');
    const run = await runCli(['analyze', refused, '--json', '-o', out]);
    expect(run).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(v.parse(ANALYSIS_SCHEMA, JSON.parse(readFileSync(out, 'utf8'))).resets).toHaveLength(1);
    const before = readFileSync(refused);
    const clash = await runCli(['analyze', refused, '-o', join(dir, '.', 'refused.pcap')]);
    expect(clash.exitCode).toBe(1);
    expect(clash.stderr).toContain('cannot be the output');
    expect(readFileSync(refused)).toEqual(before);
    const nowhere = await runCli(['analyze', refused, '-o', join(dir, 'no', 'such', 'dir')]);
    expect(nowhere.exitCode).toBe(1);
    expect(nowhere.stderr).toContain('ENOENT');
  });
});

it('stops quietly when nobody reads on', async () => {
  const stdout = new Writable({
    write(_chunk, _encoding, done) {
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    },
  });
  const run = await runCli(['analyze', several, '--json'], { stdout });
  expect(run).toMatchObject({ exitCode: 0, stderr: '' });
});

it('tells a flood of one connection as a burst that holds all of its frames', async () => {
  const file = join(dir, 'flood.pcap');
  writeFileSync(file, floodOf('resets of one flow', 1000));
  const { resets } = v.parse(ANALYSIS_SCHEMA, JSON.parse((await runCli(['analyze', file, '--json'])).stdout));
  expect(resets.length).toBeLessThan(100);
  // The three packets of the handshake come first.
  const frames = resets.flatMap((reset) => reset.frames ?? [reset.frame]);
  expect(frames).toEqual(Array.from({ length: 1000 }, (_, i) => i + 4));
  expect(resets.at(-1)).toMatchObject({ lastFrame: 1003 });
  const csv = lines((await runCli(['analyze', file, '--csv'])).stdout);
  const column = csv[0].split(',').indexOf('count');
  // Quoted cells, which may hold commas, stand before it; empty ones behind.
  const counts = csv.slice(1).map((line) => Number(line.split(',').at(column - csv[0].split(',').length)));
  expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1000);
  const table = await runCli(['analyze', file, '--all']);
  expect(table.stdout).toContain('1,000 resets');
  expect(table.stdout).not.toContain('more; --all');
});

it('tells each reset of a small burst for itself, and whose verdict it has', async () => {
  const file = join(dir, 'burst.pcap');
  writeFileSync(file, floodOf('resets of one flow', 200));
  const { resets } = v.parse(ANALYSIS_SCHEMA, JSON.parse((await runCli(['analyze', file, '--json'])).stdout));
  expect(resets.map(({ frame }) => frame)).toEqual(Array.from({ length: 200 }, (_, i) => i + 4));
  expect(resets.at(-1)).toMatchObject({ frame: 203, burstOf: 68, cause: resets[64].cause });
  expect(resets.at(-1)?.count).toBeUndefined();
  expect(new Set(resets.map(({ time }) => time)).size).toBe(200);
});

it('reports what was read when it is interrupted', async () => {
  const run = await runCli(['analyze', several, '--json'], {
    onInterrupt(listener) {
      queueMicrotask(() => listener('SIGINT'));
      return () => undefined;
    },
  });
  expect(run.exitCode).toBe(130);
  expect(run.stderr).toContain('interrupted');
  expect(v.is(ANALYSIS_SCHEMA, JSON.parse(run.stdout))).toBe(true);
});

it('shows progress on a terminal, and wipes it', async () => {
  const run = await runCli(['analyze', several], { stderrIsTerminal: true, columns: 60 });
  expect(run.stderr.endsWith('\r\u001b[2K')).toBe(true);
  expect(run.stderr).toMatch(/\d+ %/u);
});

describe('explain', () => {
  it('lists all causes and kinds of failures', async () => {
    const run = await runCli(['explain']);
    expect(lines(run.stdout).map((line) => line.split(' ')[0])).toEqual([...CAUSE_CODES, ...FAILURE_KINDS]);
  });

  it.each(CAUSE_CODES)('tells about %s', async (code) => {
    const run = await runCli(['explain', code]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    for (const part of [`(${code})`, 'What happened', 'How to confirm it'])
      expect(run.stdout).toContain(part);
  });

  it.each(FAILURE_KINDS)('tells about %s', async (kind) => {
    const run = await runCli(['explain', kind]);
    expect(run).toMatchObject({ exitCode: 0, stderr: '' });
    for (const part of [`(${kind})`, 'What the application saw', 'Check on the', 'How to confirm it'])
      expect(run.stdout).toContain(part);
  });

  it('helps with a mistyped code', async () => {
    const run = await runCli(['explain', 'idle-timeot']);
    expect(run).toMatchObject({ exitCode: 1, stdout: '' });
    expect(run.stderr).toContain('did you mean “idle-timeout”?');
    expect((await runCli(['explain', 'no-anser'])).stderr).toContain('did you mean “no-answer”?');
  });
});
