/** tshark as the oracle of tunnels, tags and link types: it finds the same segment in each, or a reason says why it does not. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writePcap } from '../support/capture-writer.ts';
import { type Encapsulation, encapsulations, SEGMENT } from '../support/encapsulations.ts';
import { hasTshark } from './tshark.ts';

let dir = '';
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'resetscope-encapsulations-'));
});
afterAll(() => rmSync(dir, { recursive: true }));

/** Encapsulations that one run of tshark can take: of one link type, with the same options. */
function groups(): Map<string, Encapsulation[]> {
  const found = new Map<string, Encapsulation[]>();
  for (const one of [...encapsulations(4), ...encapsulations(6)]) {
    const key = `link type ${one.linkType ?? 1} ${(one.tshark ?? []).join(' ')}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** For each frame whether tshark sees the segment in it. */
function dissect(name: string, members: readonly Encapsulation[]): boolean[] {
  const path = join(dir, `${name.replaceAll(/\W+/gu, '-')}.pcap`);
  const packets = members.map(({ data }) => ({ data, timeNs: 0n }));
  writeFileSync(path, writePcap({ linkType: members[0].linkType ?? 1, packets }));
  const fields = ['tcp.srcport', 'tcp.seq_raw', 'tcp.len'];
  // It prints nothing where it does not know the link type.
  const { stdout } = spawnSync(
    'tshark',
    [
      '-n',
      '-r',
      path,
      ...(members[0].tshark ?? []),
      '-T',
      'fields',
      '-E',
      'occurrence=l',
      ...fields.flatMap((field) => ['-e', field]),
    ],
    { encoding: 'utf8' },
  );
  const expected = `${SEGMENT.srcPort}\t${SEGMENT.seq}\t${SEGMENT.payload.length}`;
  const lines = stdout.split('\n');
  return members.map((_, i) => lines[i] === expected);
}

describe.skipIf(!hasTshark())('tshark finds the segment', () => {
  it.each([...groups()])('in all of %s', (name, members) => {
    const found = dissect(name, members);
    const differing = members.filter(({ tsharkLacks }, i) => found[i] !== (tsharkLacks === undefined));
    expect(differing.map((one) => one.name)).toEqual([]);
  });
});
