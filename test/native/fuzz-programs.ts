/**
 * The fuzzers of the helper's parts (test/native/fuzz), which run many inputs in one process under its sanitizers: arguments, filters, the
 * parent's blocks, trace text, what is written of it all, and the files of a folder while disk and reader fail.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BlockWriter } from '../../main/capture/live/blocks/pcapng-blocks.ts';
import { type SocketEnd, writeSocketOwner } from '../../main/capture/live/blocks/witness-block.ts';
import { Random } from '../fuzz/mutate.ts';
import { ARGUMENTS, FILTERS, TRACE_LINES } from './fuzz-targets.ts';
import { FUZZ, SANITIZER_ENV } from './support/programs.ts';

export interface FuzzProgram {
  readonly name: string;
  /**
   * Starts from the seeds, and from what earlier runs left in the folder; throws where an input was not treated as it must be.
   * @returns how many inputs were checked
   */
  run(
    folder: string,
    seed: number,
    limit: { readonly seconds: number } | { readonly inputs: number },
  ): number;
}

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');
/** Each byte of these decides something. */
const noise = Array.from({ length: 8 }, (_, i) => {
  const random = new Random(i + 1);
  return Buffer.from(Array.from({ length: 900 }, () => random.below(256)));
});

/** A block of the parent. */
function ownerBlock(): Uint8Array {
  const out = new BlockWriter(false);
  const end = (last: number, port: number): SocketEnd => ({ address: Uint8Array.of(10, 0, 0, last), port });
  const owner = { local: end(1, 80), remote: end(2, 4000), pid: 7, name: 'nginx', cgroup: '/system.slice' };
  writeSocketOwner(out, owner, 1_700_000_000_000_000_000n);
  return out.take();
}

/** Longer than any block may be. */
function longBlock(): Uint8Array {
  const block = Buffer.alloc(17_000);
  block.set(ownerBlock().subarray(0, 4));
  for (const at of [4, block.length - 4]) block.writeUInt32LE(block.length, at);
  return block;
}

const SEEDS: Readonly<Record<string, readonly Buffer[]>> = {
  options: [...ARGUMENTS, `check --filter ${'x'.repeat(16_500)}`].map((text) =>
    bytesOf(text.replaceAll(' ', '\0')),
  ),
  filter: FILTERS.map((text, i) => Buffer.concat([Buffer.from([i]), bytesOf(text)])),
  // A byte says how much comes at once.
  inlet: [ownerBlock(), longBlock()].flatMap((block) =>
    [0, 0xff].map((piece) => Buffer.concat([Buffer.from([piece]), block])),
  ),
  witness: TRACE_LINES.map((text) => Buffer.concat([Buffer.from([0xff]), bytesOf(text)])),
  pcapng: noise,
  files: noise,
};

export const FUZZ_PROGRAMS: readonly FuzzProgram[] = Object.entries(SEEDS).map(([target, seeds]) => ({
  name: `helper-${target}`,
  run(folder, seed, limit) {
    const longest = Math.max(4096, ...seeds.map(({ length }) => length + 64));
    mkdirSync(folder, { recursive: true });
    for (const [i, bytes] of seeds.entries()) writeFileSync(join(folder, `seed-${i}`), bytes);
    const bound = 'inputs' in limit ? `-runs=${limit.inputs}` : `-max_total_time=${Math.ceil(limit.seconds)}`;
    const options = [bound, `-seed=${seed}`, '-timeout=60', '-print_final_stats=1', `-max_len=${longest}`];
    const { status, stderr } = spawnSync(FUZZ, [...options, `-artifact_prefix=${folder}-`, folder], {
      encoding: 'utf8',
      env: { ...SANITIZER_ENV, FUZZ_HELPER: target },
      maxBuffer: 64 << 20,
    });
    const inputs = Number(/^stat::number_of_executed_units: (\d+)$/m.exec(stderr)?.[1]);
    if (status !== 0 || !Number.isFinite(inputs))
      throw new Error(`${target}: seed ${seed}: exit code ${status}: ${stderr.slice(-4000)}`);
    return inputs;
  },
}));
