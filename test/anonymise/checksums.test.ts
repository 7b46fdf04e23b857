/** tshark judges the checksums of an anonymised capture as it judged those of the original, packet by packet. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { corpusFolder, fieldFolder } from '../support/capture-fixture.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { anonymised, bytesOf } from './anonymise-file.ts';

const PATIENCE_MS = 1_200_000;
const LAB_SHARE = 24;
const PROTOCOLS = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'];

const scratch = mkdtempSync(join(tmpdir(), 'resetscope-sums-'));
afterAll(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** One line a packet: 0 bad, 1 good, 2 not verified (cut, fragments), 3 none, of each checksum in it. */
function statesOf(path: string): string[] {
  const checks = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'];
  const { stdout } = spawnSync(
    'tshark',
    [
      // Without putting fragments and streams together: the rest of what tshark finds there is gone on purpose.
      ...['-n', '-r', path, '-o', 'ip.defragment:FALSE', '-o', 'ipv6.defragment:FALSE'],
      ...['-o', 'tcp.desegment_tcp_streams:FALSE'],
      ...checks.flatMap((check) => ['-o', `${check}:TRUE`]),
      ...['-T', 'fields', ...PROTOCOLS.flatMap((name) => ['-e', `${name}.checksum.status`])],
    ],
    { encoding: 'latin1', maxBuffer: 1 << 28 },
  );
  return stdout.split('\n').slice(0, -1);
}

function otherwise(paths: readonly string[]): string[] {
  const wrong: string[] = [];
  let packets = 0;
  const seen = new Set<string>();
  for (const path of paths) {
    const copy = join(scratch, 'copy.pcapng');
    writeFileSync(copy, anonymised(bytesOf(path)));
    const before = statesOf(path);
    const after = statesOf(copy);
    packets += before.length;
    const name = path.split('/').slice(-2).join('/');
    if (before.length !== after.length) wrong.push(`${name}: ${before.length} packets, ${after.length}`);
    before.forEach((states, i) => {
      for (const state of states.split(/[\t,]/u)) seen.add(state);
      if (states !== after[i])
        wrong.push(
          `${name} frame ${i + 1}: ${states.replaceAll('\t', '|')} becomes ${(after[i] ?? '').replaceAll('\t', '|')}`,
        );
    });
  }
  console.log(`${paths.length} captures, ${packets} packets, states ${[...seen].sort().join(' ')}`);
  expect(packets).toBeGreaterThan(paths.length);
  return wrong;
}

const isCapture = (name: string): boolean => /\.(?:pcap|pcapng|trace|cap)(?:\.gz)?$/u.test(name);
const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .filter(isCapture)
    .map((name) => join(folder, name));

const lab = new URL('../fixtures/lab/', import.meta.url).pathname;
const fieldCases = fieldFolder();
const corpus = corpusFolder();

describe('checksums keep their state', () => {
  it(
    'in recorded scenarios',
    () => {
      const paths = SCENARIOS.map((scenario) => {
        const path = join(scratch, `${scenario.name}.${scenario.extension ?? 'pcap'}`);
        writeFileSync(path, scenario.capture());
        return path;
      });
      expect(otherwise(paths)).toEqual([]);
    },
    PATIENCE_MS,
  );

  it(
    'in a share of the lab',
    () => {
      const sets = readdirSync(lab).filter((_, i) => i % LAB_SHARE === 0);
      expect(otherwise(sets.flatMap((set) => filesOf(join(lab, set))))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(fieldCases === undefined)(
    'in field cases',
    () => {
      expect(otherwise(filesOf(join(fieldCases ?? '', 'cases')))).toEqual([]);
    },
    PATIENCE_MS,
  );

  it.skipIf(corpus === undefined)(
    'in the corpus',
    () => {
      expect(otherwise(filesOf(corpus ?? ''))).toEqual([]);
    },
    PATIENCE_MS,
  );
});
