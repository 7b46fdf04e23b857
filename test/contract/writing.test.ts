/** The built programs write what the user asked for, and nothing else: as users with few rights, and beside links of others. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  closeSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePcap } from '../support/capture-writer.ts';
import { Conversation } from '../support/conversation.ts';
import { eventually } from '../support/patience.ts';

const root = new URL('../..', import.meta.url);
const NAMELESS = 54_321;
const canChangeUser = process.platform === 'linux' && process.getuid?.() === 0;

/** All may look into it; the programs lie there, since a checkout may be in somebody's home. */
let folder = '';
let capture = '';
beforeAll(async () => {
  const build = (await import(new URL('scripts/build.mjs', root).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
  folder = mkdtempSync(join(tmpdir(), 'resetscope-writing-'));
  chmodSync(folder, 0o755);
  for (const name of ['cli', 'server', 'host', 'chunks'])
    cpSync(new URL(`dist/${name}`, root), join(folder, 'dist', name), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const talk = new Conversation().handshake().clientSends('hello').serverAcks().rst({ from: 'server' });
  capture = join(folder, '=1+1\u001b[2J.pcap');
  writeFileSync(capture, writePcap({ packets: talk.packets, nanos: true }));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const cli = (...argv: string[]) =>
  spawnSync(process.execPath, [join(folder, 'dist/cli/index.js'), ...argv], {
    encoding: 'utf8',
    cwd: folder,
  });

/** Without a name in /etc/passwd, without a home, as in containers with `--user 54321`. */
const env = { PATH: process.env['PATH'] };
const nameless = (program: string, ...argv: string[]): string[] => [
  ...[`--reuid=${NAMELESS}`, `--regid=${NAMELESS}`, '--clear-groups'],
  ...[process.execPath, join(folder, 'dist', program), ...argv],
];
const asNameless = (program: string, ...argv: string[]) =>
  spawnSync('setpriv', nameless(program, ...argv), { encoding: 'utf8', cwd: folder, env });

describe('a report', () => {
  it('is not written through a link', () => {
    const shared = mkdtempSync(join(folder, 'shared-'));
    writeFileSync(join(folder, 'victim'), 'precious');
    symlinkSync(join(folder, 'victim'), join(shared, 'report.json'));
    expect(cli('analyze', capture, '--json', '-o', join(shared, 'report.json')).status).toBe(0);
    expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
    expect(lstatSync(join(shared, 'report.json')).isFile()).toBe(true);
    expect(JSON.parse(readFileSync(join(shared, 'report.json'), 'utf8'))).toMatchObject({ schema: 1 });
    expect(readdirSync(shared)).toEqual(['report.json']);
  });

  it('that cannot be written is told before anything is read, and leaves nothing', () => {
    const { status, stderr } = cli('analyze', join(folder, 'absent.pcap'), '-o', '/nonexistent/report');
    expect(status).toBe(1);
    expect(stderr).toBe(
      'resetscope: /nonexistent/report cannot be written: there is no folder /nonexistent (ENOENT)\n',
    );
    expect(cli('analyze', join(folder, 'absent.pcap'), '-o', join(folder, 'report')).status).toBe(1);
    expect(readdirSync(folder).filter((name) => /report|partial/u.test(name))).toEqual([]);
  });

  it('goes to a device without replacing it', () => {
    const program = [process.execPath, join(folder, 'dist/cli/index.js')];
    const argv = [...program, 'analyze', capture, '--json', '-o', '/dev/stdout'];
    // The pipe is the shell's: spawn's own are sockets, which cannot be opened.
    const { stdout } = spawnSync('sh', ['-c', '"$0" "$@" | cat', ...argv], { encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1 });
    expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true);
  });

  it('goes through no link that somebody made where devices are', () => {
    const shared = mkdtempSync('/dev/shm/resetscope-shared-');
    try {
      writeFileSync(join(folder, 'victim'), 'precious');
      symlinkSync(join(folder, 'victim'), join(shared, 'report.json'));
      expect(cli('analyze', capture, '--json', '-o', join(shared, 'report.json')).status).toBe(0);
      expect(readFileSync(join(folder, 'victim'), 'utf8')).toBe('precious');
      expect(lstatSync(join(shared, 'report.json')).isFile()).toBe(true);
    } finally {
      rmSync(shared, { recursive: true });
    }
  });

  it.runIf(canChangeUser)('goes into no pipe of another user', () => {
    const pipe = join(folder, 'pipe');
    spawnSync('mkfifo', [pipe]);
    // Somebody reads, so that opening it does not wait.
    const reader = openSync(pipe, 'r+');
    chownSync(pipe, NAMELESS, NAMELESS);
    expect(cli('analyze', capture, '--json', '-o', pipe).status).toBe(0);
    closeSync(reader);
    expect(lstatSync(pipe).isFile()).toBe(true);
    expect(JSON.parse(readFileSync(pipe, 'utf8'))).toMatchObject({ schema: 1 });
    rmSync(pipe);
  });

  it.runIf(canChangeUser)('to a full disk is told with its place, before anything is read', () => {
    const small = mkdtempSync(join(folder, 'small-'));
    const script = 'mount -t tmpfs -o size=64k none "$0" && cat /dev/zero >"$0/filler"; exec "$@"';
    const argv = [
      process.execPath,
      join(folder, 'dist/cli/index.js'),
      'analyze',
      join(folder, 'absent.pcap'),
    ];
    const full = ['unshare', '--mount', 'sh', '-c', script, small, ...argv, '-o', join(small, 'report')];
    const { stderr, status } = spawnSync(full[0], full.slice(1), { encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr.split('\n').at(-2)).toBe(
      `resetscope: ${join(small, 'report')} cannot be written: the disk of ${small} is full (ENOSPC)`,
    );
  });

  it('has names of files that spreadsheets and terminals take for nothing else', () => {
    const csv = cli('analyze', '=1+1\u001b[2J.pcap', '--csv');
    expect(csv.stdout.split('\r\n')[1]).toMatch(/^'=1\+1\\x1b\[2J\.pcap,/u);
    for (const argv of [
      ['analyze', capture],
      ['analyze', `${capture}.not`],
      ['analyze', '--\u001b[2J\u202e'],
    ]) {
      const { stdout, stderr } = cli(...argv);

      expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/u);
    }
  });
});

describe.skipIf(!canChangeUser)('a user without name and home', () => {
  it('is told by the doctor what can capture', () => {
    const { stdout, stderr, status } = asNameless('cli/index.js', 'doctor');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^(?:Nothing can capture here|Packets can be captured here)\./u);
    expect(status).toBe(stdout.startsWith('Nothing') ? 1 : 0);
  });

  it('is told where a capture cannot go before it begins', () => {
    const own = mkdtempSync(join(folder, 'own-'));
    const { stderr, status } = asNameless('cli/index.js', 'live', '-i', 'lo', '-w', join(own, 'all.pcapng'));
    expect(status).toBe(1);
    expect(stderr).toBe(
      `resetscope: ${own}/all.pcapng cannot be written: you have no permission to make files in ${own} (EACCES); -w takes another place\n`,
    );
  });

  it('gets the analysis', () => {
    const own = mkdtempSync(join(folder, 'own-'));
    chownSync(own, NAMELESS, NAMELESS);
    expect(asNameless('cli/index.js', 'analyze', capture, '-o', join(own, 'report')).status).toBe(0);
    expect(readdirSync(own)).toEqual(['report']);
  });

  it('gets the loopback host, which says that it remembers nothing', async () => {
    mkdirSync(join(folder, 'dist/renderer'), { recursive: true });
    writeFileSync(join(folder, 'dist/renderer/index.html'), '<!doctype html>');
    const host = spawn('setpriv', nameless('server/index.js'), { env, cwd: folder });
    let told = '';
    for (const stream of [host.stdout, host.stderr])
      stream.on('data', (text: Buffer) => (told += text.toString()));
    await eventually(() => {
      expect(told).toMatch(/http:\/\/127\.0\.0\.1:\d+/u);
      expect(told).toMatch(/settings are not kept: .*RESETSCOPE_CONFIG_DIR names another folder/u);
    });
    host.kill('SIGTERM');
    expect((await once(host, 'exit'))[0]).toBe(0);
  });
});
