/** Notes across processes and formats: the built command line keeps them, other copies find them, tshark shows them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasTshark } from '../oracle/tshark.ts';
import { Conversation } from '../support/conversation.ts';
import { writePcap, writePcapng } from '../support/capture-writer.ts';

const root = new URL('../..', import.meta.url);
let folder: string;

beforeAll(async () => {
  const build = (await import(new URL('scripts/build.mjs', root).href)) as {
    ensureBuilt(options: { targets: string[] }): Promise<string[]>;
  };
  await build.ensureBuilt({ targets: ['programs'] });
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rst-notes-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function run(...argv: string[]) {
  const program = new URL('dist/cli/index.js', root).pathname;
  return spawnSync(process.execPath, [program, ...argv], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, RESETSCOPE_CASE_DIR: join(folder, 'cases') },
  });
}

/** Runs beside others. @returns its exit code, and what it complained of */
function ended(...argv: string[]): Promise<string> {
  const child = spawn(process.execPath, [new URL('dist/cli/index.js', root).pathname, ...argv], {
    cwd: folder,
    env: { ...process.env, RESETSCOPE_CASE_DIR: join(folder, 'cases') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(`${code ?? signal}${complaint}`);
    });
  });
}

/** A connection that its server resets in frame 8. */
const PACKETS = new Conversation().handshake().exchange(100, 100).rst({ from: 'server' }).packets;

const pcap = (): Uint8Array => writePcap({ packets: PACKETS.map(({ timeNs, data }) => ({ timeNs, data })) });
const pcapng = (comments: readonly string[] = []): Uint8Array =>
  writePcapng({
    sections: [
      {
        interfaces: [{ tsresol: 9 }],
        blocks: PACKETS.map(({ timeNs, data }, i) => ({
          kind: 'packet' as const,
          timeNs,
          data,
          comments: i === 1 ? comments : [],
        })),
      },
    ],
  });

function noted(
  name: string,
): readonly { about: unknown; text: string; marked: boolean; fromFile: boolean }[] {
  const { stdout, stderr } = run('notes', name, '--json');
  expect(stderr).toBe('');
  const { notes } = JSON.parse(stdout) as {
    notes: { about: unknown; text: string; marked: boolean; fromFile: boolean }[];
  };
  return notes.map(({ about, text, marked, fromFile }) => ({ about, text, marked, fromFile }));
}

function note(...argv: string[]): void {
  const { status, stderr } = run('note', ...argv);
  expect([status, stderr]).toEqual([0, '']);
}

it('other copies of a capture have its notes: renamed, compressed, and as pcapng', () => {
  writeFileSync(join(folder, 'a.pcap'), pcap());
  note('a.pcap', '--packet', '2', 'the answer');
  note('a.pcap', '--packet', '3', '--mark');
  note('a.pcap', '--flow', '0', 'of the shop');
  note('a.pcap', '--finding', '1', 'known');
  note('a.pcap', 'all of it');
  const before = noted('a.pcap');
  expect(before.map(({ text }) => text)).toEqual(['all of it', 'of the shop', 'the answer', '', 'known']);
  copyFileSync(join(folder, 'a.pcap'), join(folder, 'renamed'));
  writeFileSync(join(folder, 'b.pcap.gz'), gzipSync(pcap()));
  writeFileSync(join(folder, 'c.pcapng'), pcapng());
  for (const copy of ['renamed', 'b.pcap.gz', 'c.pcapng']) expect(noted(copy), copy).toEqual(before);
  // Another capture has not.
  writeFileSync(join(folder, 'other.pcap'), writePcap({ packets: PACKETS.slice(1) }));
  expect(noted('other.pcap')).toEqual([]);
});

it('a note is replaced and removed, and what is not there is told', () => {
  writeFileSync(join(folder, 'a.pcap'), pcap());
  note('a.pcap', '--packet', '2', 'one');
  note('a.pcap', '--packet', '2', 'two');
  expect(noted('a.pcap').map(({ text }) => text)).toEqual(['two']);
  note('a.pcap', '--packet', '2', '--remove');
  expect(noted('a.pcap')).toEqual([]);
  expect(run('note', 'a.pcap', '--packet', '999', 'x')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('there is no frame 999'),
  });
  expect(run('note', 'a.pcap', '--packet', '2', '--remove')).toMatchObject({ status: 1 });
});

describe('of several captures', () => {
  const OTHER = new Conversation({ client: { port: 40_001 } }).handshake().rst({ from: 'client' }).packets;
  const refused = (...argv: string[]): string => {
    const { status, stderr } = run('note', ...argv);
    expect(status, stderr).toBe(1);
    return stderr;
  };
  beforeEach(() => {
    writeFileSync(join(folder, 'a.pcap'), pcap());
    writeFileSync(join(folder, 'b.pcap'), writePcap({ packets: OTHER }));
  });

  it('a note is kept on the frame that FILE:FRAME names, and replaced and removed there alone', () => {
    note('a.pcap', 'b.pcap', '--packet', 'a.pcap:2', 'of a');
    note('a.pcap', 'b.pcap', '--packet', '1:2', 'of b');
    note('a.pcap', 'b.pcap', '--packet', 'b.pcap:2', 'of b, again');
    note('a.pcap', 'b.pcap', '--reset', 'b.pcap:4', '--mark');
    expect(noted('a.pcap').map(({ text }) => text)).toEqual(['of a']);
    expect(noted('b.pcap').map(({ text }) => text)).toEqual(['of b, again', '']);
    note('a.pcap', 'b.pcap', '--packet', 'a.pcap:2', '--remove');
    expect(noted('a.pcap')).toEqual([]);
    expect(noted('b.pcap')).toHaveLength(2);
  });

  it('connections and findings are numbered across them', () => {
    note('a.pcap', 'b.pcap', '--flow', '1', 'the second');
    note('a.pcap', 'b.pcap', '--finding', '2', 'the other one');
    expect(noted('b.pcap').map(({ text }) => text)).toContain('the second');
    expect([...noted('a.pcap'), ...noted('b.pcap')].map(({ text }) => text)).toContain('the other one');
  });

  it('what does not say which file is meant is refused, and names the way to say it', () => {
    expect(refused('a.pcap', 'b.pcap', '--packet', '2', 'x')).toContain('FILE:FRAME, such as a.pcap:2');
    expect(refused('a.pcap', 'b.pcap', '--packet', 'b.pcap:99', 'x')).toContain('no frame 99 in b.pcap');
    expect(refused('a.pcap', 'b.pcap', '--reset', 'a.pcap:2', 'x')).toContain('resets are in frames 8');
    expect(refused('a.pcap', 'b.pcap', 'x')).toContain('a note on a whole capture names one file');
  });

  it('a file is never taken for the text', () => {
    expect(refused('a.pcap', 'b.pcap', '--packet', 'a.pcap:2')).toContain('say what to note');
    expect(refused('a.pcap', '--packet', '2')).toContain('say what to note');
  });
});

it('comments of the file itself are notes that stay as they are', () => {
  writeFileSync(join(folder, 'c.pcapng'), pcapng(['from the field', 'and another']));
  expect(noted('c.pcapng').map(({ text, fromFile }) => [text, fromFile])).toEqual([
    ['from the field', true],
    ['and another', true],
  ]);
  expect(run('note', 'c.pcapng', '--packet', '2', '--remove')).toMatchObject({ status: 1 });
});

it('beside the capture they reach another user', () => {
  writeFileSync(join(folder, 'a.pcap'), pcap());
  note('a.pcap', '--packet', '2', 'for you');
  expect(run('notes', 'a.pcap', '--beside').status).toBe(0);
  rmSync(join(folder, 'cases'), { recursive: true });
  expect(noted('a.pcap').map(({ text }) => text)).toEqual(['for you']);
});

it('two processes that write notes of one capture at once lose none', async () => {
  const EACH = 5;
  const talk = new Conversation().handshake();
  for (let i = 0; i < EACH; i++) talk.exchange(10, 10);
  const { packets } = talk.rst({ from: 'server' });
  expect(packets.length).toBeGreaterThan(2 * EACH);
  const bytes = writePcap({ packets: packets.map(({ timeNs, data }) => ({ timeNs, data })) });
  writeFileSync(join(folder, 'a.pcap'), bytes);
  // By two copies, as two users of one machine might have them open.
  writeFileSync(join(folder, 'b.pcap.gz'), gzipSync(bytes));
  const writeAll = async (file: string, first: number): Promise<void> => {
    for (let i = 0; i < EACH; i++)
      expect(await ended('note', file, '--packet', String(first + 2 * i), `frame ${first + 2 * i}`)).toBe(
        '0',
      );
  };
  await Promise.all([writeAll('a.pcap', 1), writeAll('b.pcap.gz', 2)]);
  expect(noted('a.pcap').map(({ text }) => text)).toEqual(
    Array.from({ length: 2 * EACH }, (_, i) => `frame ${i + 1}`),
  );
});

describe('a copy with the notes in it', () => {
  const made = (name: string, bytes: Uint8Array): void => {
    writeFileSync(join(folder, name), bytes);
    note(name, '--packet', '2', 'Übersicht: the answer\nin two lines');
    note(name, '--reset', String(PACKETS.length), 'who did this?');
    note(name, '--flow', '0', 'of the shop');
    note(name, 'all of it');
    expect(run('notes', name, '--write', 'out.pcapng').status).toBe(0);
  };

  it.each([
    ['pcap', pcap],
    ['pcapng', pcapng],
  ])('of %s says them to whoever opens it elsewhere, and is the same capture', (_format, bytes) => {
    made('a', bytes());
    const here = noted('out.pcapng');
    expect(here).toEqual(noted('a'));
    rmSync(join(folder, 'cases'), { recursive: true });
    expect(noted('out.pcapng').map(({ text }) => text)).toEqual([
      'of the shop',
      'Übersicht: the answer\nin two lines',
      'who did this?',
    ]);
  });

  it('never takes the place of the capture', () => {
    made('c.pcapng', pcapng());
    const before = readFileSync(join(folder, 'c.pcapng'));
    expect(run('notes', 'c.pcapng', '--write', 'c.pcapng')).toMatchObject({ status: 1 });
    expect(readFileSync(join(folder, 'c.pcapng'))).toEqual(before);
  });

  it.skipIf(!hasTshark())('shows them in Wireshark', () => {
    made('c.pcapng', pcapng(['from the field']));
    const fields = ['-T', 'fields', '-e', 'frame.number', '-e', 'frame.comment', '-E', 'aggregator=|'];
    const told = execFileSync('tshark', ['-r', 'out.pcapng', '-Y', 'frame.comment', ...fields], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    expect(told.trim().split('\n')).toEqual([
      '1\tof the shop',
      expect.stringMatching(/^2\tÜbersicht: the answer.*in two lines\|from the field$/u),
      `${PACKETS.length}\twho did this?`,
    ]);
  });
});
