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
import { writePcapng, writeSimplePcapng } from '../support/capture-writer.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../support/conversation.ts';
import { ethernet, ipv4, udp } from '../support/packet-builder.ts';
import { SCENARIOS } from './scenarios.ts';

/** What is said of every reset and of how every connection ended, in the order of the files. */
function told(...captures: readonly Uint8Array[]): string[] {
  return toldOf(captures, false);
}

/** As `told`, of files that follow each other. */
function toldTogether(...captures: readonly Uint8Array[]): string[] {
  return toldOf(captures, true);
}

function toldOf(captures: readonly Uint8Array[], follow: boolean): string[] {
  const session = new Session();
  captures.forEach((capture, i) => {
    session.startFile(`${i}.pcap`, 'none', follow && i > 0);
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

/** A response with one question and one A record. */
function dnsAnswer(name: string, address: readonly number[]): Uint8Array {
  const labels = name.split('.').flatMap((label) => [label.length, ...Buffer.from(label)]);
  const question = [...labels, 0, 0, 1, 0, 1];
  const record = [0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address];
  return Uint8Array.from([0, 1, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0, ...question, ...record]);
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

  it('keeps its names, blocks of names and answers to DNS, to itself', () => {
    // A try at one of two addresses is refused while the other is reached: one service, if a name says so, else maybe a cluster.
    const client = (port: number) => ({ address: '10.0.0.1', port });
    const refused = new Conversation({ client: client(4000), server: { address: '10.0.0.80', port: 443 } });
    const reached = new Conversation({ client: client(4001), server: { address: '10.0.0.81', port: 443 } });
    refused.syn().refused();
    reached.handshake().exchange('hello', 100).closes();
    const bytes = writeSimplePcapng(interleave(refused, reached));
    const records = [80, 81].map((last) => ({ address: Uint8Array.of(10, 0, 0, last), names: ['a.test'] }));
    const interfaces = [{ tsresol: 9 }];
    const withNames = writePcapng({ sections: [{ interfaces, blocks: [{ kind: 'names', records }] }] });
    const answers = [10, 0, 0, 80, 10, 0, 0, 81];
    const withAnswers = writeSimplePcapng(
      [0, 4].map((at, i) => {
        const answer = udp({
          srcPort: 53,
          dstPort: 5000,
          payload: dnsAnswer('a.test', answers.slice(at, at + 4)),
        });
        const packet = ipv4({ src: '10.0.0.53', dst: '10.0.0.1' }, answer);
        return { timeNs: DEFAULT_START_NS + BigInt(i), data: ethernet({}, packet) };
      }),
    );
    const [alone] = told(bytes);
    for (const named of [withNames, withAnswers]) {
      // The names do count where they are of the capture.
      expect(toldTogether(named, bytes)).not.toContain(alone);
      expect(told(named, bytes)[1]).toBe(alone);
      expect(told(bytes, named)[0]).toBe(alone);
    }
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
