/**
 * tshark as the oracle: the same frames, streams, resets, round trips and analysis marks, on captures made by code,
 * on the generated mix of the bench, and on the corpus of real captures. Differences must be explained.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generate } from '../bench/generate.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { writePcap } from '../support/capture-writer.ts';
import { SAME_PORTS, samePortsPackets } from '../support/same-ports.ts';
import type { Difference } from './compare.ts';
import { differences, grouped } from './compare.ts';
import { observeWithEngine } from './engine.ts';
import { EXPLANATIONS } from './explained.ts';
import { hasTshark, observeWithTshark } from './tshark.ts';

const corpus =
  process.env.RESETSCOPE_CORPUS ?? new URL('../../../shared/corpus/zeek', import.meta.url).pathname;
const captures = existsSync(corpus)
  ? readdirSync(corpus).filter((name) => /\.(?:pcap|pcapng|cap)(?:\.gz)?$/u.test(name))
  : [];
const tshark = hasTshark();

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-oracle-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

const used = new Map<string, number>();

async function unexplained(path: string): Promise<string> {
  const [theirs, ours] = await Promise.all([observeWithTshark(path), observeWithEngine(path)]);
  expect(ours.frames.length).toBeGreaterThan(1);
  const left: { file: string; difference: Difference }[] = [];
  for (const difference of differences(theirs, ours)) {
    const explanation = EXPLANATIONS.find((one) => one.explains(difference, theirs, ours));
    if (explanation === undefined) left.push({ file: path.replace(/.*\//u, ''), difference });
    else used.set(explanation.name, (used.get(explanation.name) ?? 0) + 1);
  }
  return grouped(left);
}

describe.skipIf(!tshark).concurrent('tshark agrees', () => {
  it.each(SCENARIOS)('about the scenario $name', async ({ name, extension, capture }) => {
    const path = join(dir, `${name}.${extension ?? 'pcap'}`);
    writeFileSync(path, capture());
    expect(await unexplained(path)).toBe('');
  });

  it.each(SAME_PORTS)('about the same ports: $name', async (scenario) => {
    const path = join(dir, `${scenario.name.replace(/\W/gu, '-')}.pcap`);
    writeFileSync(path, writePcap({ packets: samePortsPackets(scenario) }));
    expect(await unexplained(path)).toBe('');
  });

  it.each([1, 2, 3])('about 40,000 generated packets of seed %d', async (seed) => {
    const path = join(dir, `mix-${seed}.pcap`);
    const chunks: Uint8Array[] = [];
    generate({ packets: 40_000, seed, concurrent: 120 }, (bytes) => chunks.push(bytes.slice()));
    writeFileSync(path, Buffer.concat(chunks));
    expect(await unexplained(path)).toBe('');
  });

  it.skipIf(captures.length === 0).each(captures.length === 0 ? ['the corpus'] : captures)(
    'about %s',
    async (name) => {
      expect(await unexplained(join(corpus, name))).toBe('');
    },
  );
});

it.skipIf(!tshark || captures.length === 0)('needs every explanation', () => {
  const needless = EXPLANATIONS.map(({ name }) => name).filter((name) => !used.has(name));
  expect(needless).toEqual([]);
});
