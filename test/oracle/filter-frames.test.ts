/**
 * sharkd as the oracle of what filters mean: each filter of the tables gives the same frames, on captures of every kind. What differs
 * must be explained.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Analysis } from '../../main/host/analysis.ts';
import { answerOpen, numbersOf } from '../../main/host/filter-scan.ts';
import { breather } from '../../main/host/lists.ts';
import { PacketBytes } from '../../main/host/packet-bytes.ts';
import { parseFilter } from '../../shared/filter/parse.ts';
import { FILTERS } from './filters.ts';
import { selectorOf } from '../../main/engine/select/selector.ts';

const shared = new URL('../../../shared/', import.meta.url).pathname;
const folders = [process.env.RESETSCOPE_CORPUS ?? join(shared, 'corpus/zeek'), join(shared, 'field/cases')];
/** Hundreds of filters over each capture: of small ones there are enough. */
const MAX_CAPTURE_BYTES = 60_000;
const captures = folders.filter(existsSync).flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).size < MAX_CAPTURE_BYTES),
);
const CAPTURE_TIMEOUT_MS = 120_000;

const own = readFileSync(new URL('frame-filters.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('# '));
const filters = [...new Set([...own, ...FILTERS])].filter((text) => parseFilter(text).ok);

const PREFERENCES = [
  ['tcp.desegment_tcp_streams', 'FALSE'],
  ['tcp.check_checksum', 'TRUE'],
  ['ip.check_checksum', 'TRUE'],
  ['udp.check_checksum', 'TRUE'],
];

/** Why some filters give other frames, by what they ask for. */
const EXPLAINED: readonly (readonly [asks: RegExp, why: string])[] = [
  [
    /tcp\.analysis\./u,
    'the analysis differs on purpose where packets were captured twice or may be forged: explained.ts holds each of its marks against tshark',
  ],
  [
    /\b(?:http|tls)\b/u,
    'we know HTTP and TLS by what they look like, Wireshark by ports and by what was agreed before, as after STARTTLS; and it calls the outer type of TLS 1.3 opaque once it saw the version',
  ],
  [/\bdns\b/u, 'Wireshark gives NetBIOS names, LLMNR and multicast DNS names of their own'],
];

/** The same for single captures. */
const EXPLAINED_OF_CAPTURE: readonly (readonly [capture: RegExp, asks: RegExp, why: string])[] = [
  [
    /Teredo/u,
    /./u,
    'sharkd cannot be told to look for Teredo beside its port, where we know it by its addresses',
  ],
  [
    /nat-session-mixup/u,
    /tcp\.(?:stream|time_)/u,
    'a SYN-ACK that acknowledges no SYN of the stream opens a connection of its own with us: explained.ts',
  ],
];

type Answers = ReadonlyMap<string, readonly number[]>;

/** Frames by filter; a filter that sharkd does not take is not there. */
async function bySharkd(path: string): Promise<Answers> {
  const sharkd = spawn('sharkd', ['-'], { stdio: ['pipe', 'pipe', 'ignore'] });
  // It takes no number below 1.
  const requests = [
    ...PREFERENCES.map(([name, value]) => ({ method: 'setconf', params: { name, value } })),
    { method: 'load', params: { file: path } },
    ...filters.map((filter) => ({ method: 'frames', params: { filter } })),
  ].map((request, i) => ({ jsonrpc: '2.0', id: i + 1, ...request }));
  const first = requests.length - filters.length + 1;
  sharkd.stdin.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  let output = '';
  for await (const chunk of sharkd.stdout.setEncoding('utf8')) output += String(chunk);
  const answers = new Map<string, readonly number[]>();
  for (const line of output.trim().split('\n')) {
    const { id, result } = JSON.parse(line) as { id: number; result?: { num: number }[] };
    const filter = id >= first ? filters[id - first] : undefined;
    if (filter !== undefined && Array.isArray(result)) {
      answers.set(
        filter,
        result.map(({ num }) => num),
      );
    }
  }
  return answers;
}

async function byUs(path: string): Promise<Answers> {
  const analysis = new Analysis();
  const answers = new Map<string, readonly number[]>();
  try {
    await analysis.run([path], {});
    const { session } = analysis;
    const bytes = new PacketBytes(analysis);
    const { signal } = new AbortController();
    for (const filter of filters) {
      const parsed = parseFilter(filter);
      if (!parsed.ok) continue;
      const selection = await selectorOf(session).select(filter, parsed.value, breather(signal));
      await answerOpen(session, bytes, selection, numbersOf(selection), signal);
      const frames = selection.yes.slice(0, session.packets.count);
      answers.set(
        filter,
        frames.map((packet) => session.packets.frame(packet)),
      );
    }
  } finally {
    await analysis.close();
  }
  return answers;
}

describe.skipIf(spawnSync('sharkd', ['-h']).error !== undefined || captures.length === 0)('filters', () => {
  it('are asked in every form', () => {
    expect(filters.length).toBeGreaterThan(300);
  });

  it.each(captures)('give the same frames of %s', { timeout: CAPTURE_TIMEOUT_MS }, async (path) => {
    const [theirs, ours] = await Promise.all([bySharkd(path), byUs(path)]);
    expect(theirs.size).toBeGreaterThan(300);
    const differing: string[] = [];
    for (const [filter, frames] of theirs) {
      const found = ours.get(filter) ?? [];
      if (frames.join() === found.join()) continue;
      if (EXPLAINED.some(([asks]) => asks.test(filter))) continue;
      if (EXPLAINED_OF_CAPTURE.some(([capture, asks]) => capture.test(path) && asks.test(filter))) continue;
      const missing = frames.filter((frame) => !found.includes(frame));
      const extra = found.filter((frame) => !frames.includes(frame));
      differing.push(
        `${filter}: lacks ${missing.slice(0, 5).join()}, has besides ${extra.slice(0, 5).join()}`,
      );
    }
    expect(differing).toEqual([]);
  });
});
