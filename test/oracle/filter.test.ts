/** sharkd and tshark as the oracle of the filter language: the same filters are accepted, and errors are at the same places. */
import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileFilter } from '../../shared/filter/filter.ts';
import { encapsulations } from '../support/encapsulations.ts';
import { writePcap } from '../support/capture-writer.ts';
import { DIFFERENT, ELSEWHERE, FILTERS } from './filters.ts';
import { hasTshark } from './tshark.ts';

const tshark = hasTshark();
const FILTER_TIMEOUT_MS = 300_000;
/** tshark runs at a time. */
const AT_ONCE = 2;

let dir = '';
let capture = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-filters-'));
  capture = join(dir, 'one.pcap');
  const [first] = encapsulations(4);
  writeFileSync(
    capture,
    writePcap({ packets: [{ timeNs: 1n, data: first.data }], linkType: first.linkType }),
  );
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Whether sharkd accepts each. */
async function accepted(filters: readonly string[]): Promise<readonly boolean[]> {
  const sharkd = spawn('sharkd', ['-'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const requests = [
    { jsonrpc: '2.0', id: 0, method: 'load', params: { file: capture } },
    ...filters.map((filter, i) => ({ jsonrpc: '2.0', id: i + 1, method: 'check', params: { filter } })),
  ];
  sharkd.stdin.end(requests.map((request) => `${JSON.stringify(request)}\n`).join(''));
  let output = '';
  for await (const chunk of sharkd.stdout.setEncoding('utf8')) output += String(chunk);
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: number; result?: unknown });
  const byId = new Map(answers.map((answer) => [answer.id, answer]));
  return filters.map((_, i) => byId.get(i + 1)?.result !== undefined);
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** Where tshark's caret stands; undefined where it draws none. */
function placeOf(filter: string): Promise<Place | undefined> {
  return new Promise((resolve) => {
    execFile('tshark', ['-r', capture, '-Y', filter], (_error, _stdout, stderr) => {
      const line = stderr.split('\n').find((one) => /^ {4} *\^~*$/u.test(one));
      if (line === undefined) resolve(undefined);
      else resolve({ from: line.indexOf('^') - 4, to: line.length - 4 });
    });
  });
}

describe.skipIf(!tshark || spawnSync('sharkd', ['-h']).error !== undefined)('Wireshark', () => {
  it('accepts and rejects the same filters', { timeout: FILTER_TIMEOUT_MS }, async () => {
    const theirs = await accepted(FILTERS);
    const differing = FILTERS.filter((text, i) => compileFilter(text).ok !== theirs[i]);
    expect(differing.toSorted()).toEqual([...DIFFERENT.keys()].toSorted());
    expect(theirs.filter((one) => one).length).toBeGreaterThan(250);
    expect(theirs.filter((one) => !one).length).toBeGreaterThan(200);
  });

  it('points at the same places', { timeout: FILTER_TIMEOUT_MS }, async () => {
    const wrong = FILTERS.filter((text) => !compileFilter(text).ok && !DIFFERENT.has(text));
    const differing: string[] = [];
    const left = [...wrong];
    const work = async (): Promise<void> => {
      for (let text = left.pop(); text !== undefined; text = left.pop()) {
        const theirs = await placeOf(text);
        const ours = compileFilter(text);
        if (theirs === undefined || ours.ok) continue;
        if (ours.error.from !== theirs.from || ours.error.to !== theirs.to) differing.push(text);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    expect(differing.toSorted()).toEqual([...ELSEWHERE.keys()].toSorted());
  });
});

it('the table has hundreds of filters, each once', () => {
  expect(new Set(FILTERS).size).toBe(FILTERS.length);
  expect(FILTERS.length).toBeGreaterThan(500);
});

it('a suggestion is a filter that can be read', () => {
  for (const text of FILTERS) {
    const compiled = compileFilter(text);
    const suggestion = compiled.ok ? null : compiled.error.suggestion;
    if (suggestion === null) continue;
    // One mistake is mended at a time: what is left is at another place.
    const mended = compileFilter(suggestion.text);
    if (!mended.ok && !compiled.ok) expect(mended.error.from, text).not.toBe(compiled.error.from);
  }
});
