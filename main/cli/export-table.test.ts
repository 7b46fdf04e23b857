/** `export --table` and `reproduce` as commands: what they write where, what they say on the side, and how they end. */
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import { Conversation } from '../../test/support/conversation.ts';
import { runCli } from '../../test/support/run-cli.ts';

let folder = '';
let capture = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-export-'));
  capture = join(folder, 'one.pcap');
  const talk = new Conversation()
    .handshake()
    .clientSends(100)
    .serverSends(200)
    .segment('server', { flags: 'RA' });
  writeFileSync(capture, writePcap({ packets: talk.packets, nanos: true }));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('export --table', () => {
  it('writes to standard output, and says how much on the side', async () => {
    const { exitCode, stdout, stderr } = await runCli([
      'export',
      capture,
      '--table',
      'resets',
      '--format',
      'ndjson',
    ]);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ frame: 6, claimed: 'server' });
    expect(stderr).toContain('wrote 1 of 1 resets');
  });

  it('takes the format from the name of the output', async () => {
    const path = join(folder, 'conn.log');
    const { exitCode, stderr } = await runCli([
      'export',
      capture,
      '--table',
      'flows',
      '-o',
      path,
      '--filter',
      'udp',
    ]);
    expect(exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('#path\tconn');
    expect(stderr).toContain('wrote 0 of 1 flows; the filter left out 1');
  });

  it.each([
    [['--table', 'resets', '--format', 'zeek'], /conn\.log is a table of flows/u],
    [['--table', 'flows', '--filter', 'ip.addr =='], /in the filter/u],
    [['--table', 'flows', '-o', 'CAPTURE'], /cannot be the output as well/u],
  ])('refuses %s', async (args, why) => {
    const before = readFileSync(capture);
    const { exitCode, stderr } = await runCli([
      'export',
      capture,
      ...args.map((one) => (one === 'CAPTURE' ? capture : one)),
    ]);
    expect([exitCode, readdirSync(folder)]).toEqual([1, ['one.pcap']]);
    expect(stderr).toMatch(why);
    expect(readFileSync(capture)).toEqual(before);
  });
});

describe('reproduce', () => {
  it('writes a program, and says what the other side should see', async () => {
    const path = join(folder, 'server.py');
    const { exitCode, stderr } = await runCli([
      'reproduce',
      capture,
      '--reset',
      '0:6',
      '--language',
      'python',
      '-o',
      path,
    ]);
    expect(exitCode).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('def talk(sock):');
    expect(stderr).toContain('the client should then see');
  });

  it.each([
    ['4', /frame 4 is no reset; resets are in frames 6/u],
    ['other.pcap:8', /is none of the files/u],
    ['eight', /is no frame/u],
  ])('refuses %s', async (frame, why) => {
    const { exitCode, stdout, stderr } = await runCli(['reproduce', capture, '--reset', frame]);
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(why);
  });
});
