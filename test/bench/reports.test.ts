/** What the bench makes of numbers, traces and profiles; nothing here is measured. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { FLOODS, writeFlood } from './floods.ts';

const load = async <Module>(name: string): Promise<Module> =>
  (await import(new URL(`../../scripts/bench/${name}`, import.meta.url).href)) as Module;

const { median, spread, table } = await load<{
  median(numbers: readonly number[]): number;
  spread(numbers: readonly number[], digits?: number): string;
  table(columns: readonly string[], rows: readonly (readonly (string | number)[])[]): string[];
}>('numbers.mjs');

const { readTraces, reasons, restless } = await load<{
  readTraces(text: string): Map<string, { optimised: number; onStack: number; deoptimised: string[] }>;
  restless(of: unknown): { name: string; optimised: number; deoptimised: string[] }[];
  reasons(texts: readonly string[]): string;
}>('v8-traces.mjs');

const { foldBySource, foldByStage } = await load<{
  foldBySource(
    profile: unknown,
    longestMicros: number,
    sourceOf: (url: string, line: number) => string,
  ): Map<string, number>;
  foldByStage(
    spent: Map<string, number>,
    stages: readonly (readonly [string, RegExp])[],
  ): Map<string, number>;
}>('cpu-profile.mjs');

const { packetsIn } = await load<{ packetsIn(path: string): number }>('captures.mjs');

const work = mkdtempSync(join(tmpdir(), 'resetscope-bench-test-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

it('takes the middle of an odd number of runs, and the mean of the two middle ones of an even number', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(spread([0.5, 0.25, 1])).toBe('0.25–1.00');
});

it('makes a table whose cells cannot break it', () => {
  expect(table(['-what', 'n'], [['a | b', 1]])).toEqual([
    '',
    '| what | n |',
    '| --- | ---: |',
    '| a \\| b | 1 |',
  ]);
});

/** Lines as Node 20 prints them. */
const TRACES = `
[marking 0x2cd <JSFunction track (sfi = 0x27)> for optimization to TURBOFAN, ConcurrencyMode::kConcurrent, reason: hot and stable]
[compiling method 0x2cd <JSFunction track (sfi = 0x27)> (target TURBOFAN), mode: ConcurrencyMode::kConcurrent]
[completed compiling 0x2cd <JSFunction track (sfi = 0x27)> (target TURBOFAN) - took 0.010, 5.657, 0.017 ms]
[completed optimizing 0x2cd <JSFunction track (sfi = 0x27)> (target TURBOFAN)]
[bailout (kind: deopt-eager, reason: wrong map): begin. deoptimizing 0x2cd <JSFunction track (sfi = 0x18)>, 0x28a <Code TURBOFAN>, opt id 9, bytecode offset 136, deopt exit 80, FP to SP delta 192, caller SP 0x7f, pc 0x7f]
[bailout end. took 0.021 ms]
[completed optimizing 0x2cd <JSFunction track (sfi = 0x27)> (target TURBOFAN)]
[completed optimizing 0x2de <JSFunction #grow (sfi = 0x32)> (target TURBOFAN) OSR]
[completed optimizing 0x148 <JSFunction (sfi = 0x20)> (target TURBOFAN)]
[completed optimizing 0x149 <JSFunction (sfi = 0x21)> (target TURBOFAN)]
a line of the report itself: [completed optimizing everything]
`;

it('counts what V8 optimised, on the stack or not, and why it left it', () => {
  const functions = readTraces(TRACES);
  expect(Object.fromEntries(functions)).toEqual({
    track: { optimised: 2, onStack: 0, deoptimised: ['wrong map'] },
    '#grow': { optimised: 0, onStack: 1, deoptimised: [] },
    '(anonymous)': { optimised: 2, onStack: 0, deoptimised: [] },
  });
  expect(restless(functions).map(({ name }) => name)).toEqual(['track']);
  expect(reasons(['overflow', 'wrong map', 'overflow'])).toBe('overflow (2); wrong map');
});

it('folds samples by the source of the function they fell into, then by stage', () => {
  const frame = (url: string, functionName: string, lineNumber = 0) => ({
    callFrame: { url, functionName, lineNumber, columnNumber: 0 },
  });
  const nodes = [
    { id: 1, ...frame('', '(idle)') },
    { id: 2, ...frame('', 'set') },
    { id: 3, ...frame('node:fs', 'read') },
    { id: 4, ...frame('file:///dist/a.js', 'track', 7) },
  ];
  const profile = { nodes, samples: [1, 4, 2, 4, 3, 4], timeDeltas: [100, 200, 200, 9000, 190, -5] };
  const spent = foldBySource(profile, 400, (url, line) => `main${new URL(url).pathname}:${line}`);
  expect(Object.fromEntries(spent)).toEqual({
    '(idle)': 100,
    'main/dist/a.js:7': 600,
    '(native)': 200,
    '(node)': 190,
  });
  const stages = [
    ['tracking', /^main\//],
    ['V8', /^\((idle|native)\)/],
  ] as const;
  expect(Object.fromEntries(foldByStage(spent, stages))).toEqual({ tracking: 600, V8: 300, rest: 190 });
});

it.each(FLOODS)('writes a flood of %s of which each packet is counted', (flood) => {
  const path = join(work, `${flood}.pcap`);
  const parts: Uint8Array[] = [];
  // More than the reader's buffer, so that records lie across two reads.
  writeFlood(flood, 70_000, (bytes) => parts.push(bytes.slice()));
  writeFileSync(path, Buffer.concat(parts));
  const packets = { syns: 70_000, 'resets-of-flows': 420_000, 'resets-of-one': 70_003, connection: 70_000 };
  expect(packetsIn(path)).toBe(packets[flood]);
});
