import { describe, expect, it } from 'vitest';
import { analyzeBytes } from '../../../../test/support/analyze.ts';
import { writePcapng } from '../../../../test/support/capture-writer.ts';
import { Conversation } from '../../../../test/support/conversation.ts';
import { kernelEvent } from '../../../../test/support/kernel-blocks.ts';
import { judge } from '../../../../test/support/capture-fixture.ts';

const START_NS = 1_700_000_000_000_000_000n;
const PROXY = { address: '10.0.0.7' };

/** A connection that its client aborts after a request, half a second after the capture's begin and `late` seconds. */
function aborted(
  client: string,
  port: number,
  server: string,
  serverPort: number,
  late: number,
): Conversation {
  const talk = new Conversation({
    client: { address: client, port },
    server: { address: server, port: serverPort },
    startNs: START_NS + BigInt(Math.round(late * 1e9)),
  });
  return talk.handshake().clientSends(50).serverAcks().rst({ from: 'client', after: 0.5 });
}

const causes = (verdicts: readonly { readonly cause: { readonly code: string } | null }[]): unknown =>
  verdicts.map(({ cause }) => cause?.code);

describe('two connections that are reset in one moment', () => {
  it('are the legs of a proxy where one host is server of one and client of the other', () => {
    const front = aborted('10.0.0.1', 50_001, PROXY.address, 8000, 0);
    const back = aborted(PROXY.address, 50_002, '10.0.0.9', 9000, 0.03);
    expect(causes(judge(front, back))).toEqual(['aborted', 'proxy-reset']);
  });

  it.each([
    ['127.0.0.1', 'the loopback address'],
    ['10.0.0.7', 'an address of a card'],
    ['::1', 'IPv6'],
  ])('are two on %s (%s), where every host is both', (host) => {
    const front = aborted(host, 50_001, host, 8000, 0);
    for (const late of [0.0005, 0.03]) {
      const back = aborted(host, 50_002, host, 9000, late);
      expect(causes(judge(front, back))).toEqual(['aborted', 'aborted']);
    }
  });

  it.each([
    [700, 'proxy-reset'],
    [701, 'aborted'],
  ])('are told by the owners of their sockets on loopback: process 700 and %d', (pid, cause) => {
    const front = aborted('127.0.0.1', 50_001, '127.0.0.1', 8000, 0);
    const back = aborted('127.0.0.1', 50_002, '127.0.0.1', 9000, 0.0005);
    const packets = [...front.packets, ...back.packets];
    packets.sort((a, b) => Number(a.timeNs - b.timeNs));
    const owner = (local: string, remote: string, owning: number) =>
      kernelEvent({ kind: 'owner', timeNs: START_NS, local, remote, pid: owning, comm: 'proxy' });
    const session = analyzeBytes(
      writePcapng({
        sections: [
          {
            interfaces: [{ tsresol: 9 }],
            blocks: [
              owner('127.0.0.1:8000', '127.0.0.1:50001', 700),
              owner('127.0.0.1:50002', '127.0.0.1:9000', pid),
              ...packets.map((packet) => ({ kind: 'packet' as const, ...packet })),
            ],
          },
        ],
      }),
    );
    expect(causes([0, 1].map((id) => session.resetDetail(id).verdict))).toEqual(['aborted', cause]);
  });
});
