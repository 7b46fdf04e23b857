/**
 * Files that do not follow each other are no evidence for each other: every scenario comes out of an analysis of many files as it
 * comes out alone. Most of all where one is a second capture of the same event, which people are asked to make.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Session } from '../../main/engine/session.ts';
import type { Milliseconds, PacketNumber } from '../../shared/base/units.ts';
import { corpusFolder, faultsFolder } from '../support/capture-fixture.ts';
import { SCENARIOS } from './scenarios.ts';

/** What is said of every reset and of how every connection ended, in the order of the files. */
function told(...captures: readonly Uint8Array[]): string[] {
  const session = new Session();
  captures.forEach((capture, i) => {
    session.startFile(`${i}.pcap`, 'none', false);
    session.feed(capture);
    session.endFile(true);
  });
  while (!session.judgeFor(Number.POSITIVE_INFINITY as Milliseconds, () => 0 as Milliseconds));
  const endings: string[][] = captures.map(() => []);
  for (const flow of session.liveFlows()) {
    const first = session.flowPackets(flow as never)[0] as PacketNumber;
    endings[session.packets.file(first)].push(session.flowRow(flow as never).ending);
  }
  const verdicts: string[][] = captures.map(() => []);
  for (let id = 0; id < session.resets.count; id++) {
    const { row, verdict } = session.resetDetail(id);
    const { origin, cause, obeyed, evidence } = verdict;
    const codes = evidence.map(({ code, weight }) => `${code} ${weight}`);
    verdicts[row.file].push(JSON.stringify([row.frame, row.matters, origin, cause, obeyed, codes]));
  }
  return captures.map((_, i) => [...verdicts[i], ...endings[i]].join('\n'));
}

const other = SCENARIOS[0].capture();

describe('a capture beside others that do not follow it', () => {
  it.each(SCENARIOS)('$name is told as alone', ({ capture }) => {
    const bytes = capture();
    const [alone] = told(bytes);
    const [first, between, second] = told(bytes, other, bytes);
    expect(first).toBe(alone);
    expect(second).toBe(alone);
    expect(between).toBe(told(other)[0]);
  });

  const files = [corpusFolder(), faultsFolder()].flatMap((folder) =>
    folder === undefined || !existsSync(folder)
      ? []
      : readdirSync(folder)
          .filter((name) => /\.(?:pcap|pcapng)$/u.test(name))
          .map((name) => join(folder, name)),
  );
  it.skipIf(files.length === 0).each(files.length === 0 ? ['a real one'] : files)(
    '%s is told as alone',
    (path) => {
      const bytes = new Uint8Array(readFileSync(path));
      const [alone] = told(bytes);
      expect(told(bytes, bytes)).toEqual([alone, alone]);
    },
  );
});
