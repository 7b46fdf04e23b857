/** The list of failures, sorted and filtered. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../test/support/analyze.ts';
import { Conversation, interleave } from '../../test/support/conversation.ts';
import type { FlowId } from '../../shared/base/units.ts';
import type { FailureColumn, SortDirection } from '../../shared/contract/methods.ts';
import { ListCache } from './lists.ts';

const STARTED_NS = 1_700_000_000_000_000_000n;
const { signal } = new AbortController();

function talk(place: number, port: number): Conversation {
  return new Conversation({
    startNs: STARTED_NS + BigInt(place) * 1_000_000_000n,
    client: { address: `10.0.0.${place + 2}`, port: 40_000 + place },
    server: { address: '192.0.2.9', port, hops: 5, delay: 0.02 },
  });
}

function unanswered(place: number, port: number, tries: number): Conversation {
  const told = talk(place, port).syn();
  for (let i = 1; i < tries; i++) told.retransmit('client', { after: 2 ** (i - 1) });
  return told;
}

const session = analyzePackets(
  interleave(
    unanswered(8, 443, 4),
    unanswered(1, 80, 3),
    talk(2, 8080).handshake().clientSends('GET / HTTP/1.1\r\n\r\n').serverAcks().closes('server'),
    talk(3, 8081).handshake().exchange(100, 100).wait(90).exchange(100, 100).closes(),
  ),
);

async function clients(column: FailureColumn, direction: SortDirection, filter = ''): Promise<string[]> {
  const ids = await new ListCache(session).failures(column, direction, filter, signal);
  return Array.from(ids, (id) => session.failures.row(id as FlowId)?.client ?? 'none');
}

describe('the list of failures', () => {
  it('begins with what matters, in the order of time', async () => {
    expect(await clients('importance', 'ascending')).toEqual([
      '10.0.0.3:40001',
      '10.0.0.4:40002',
      '10.0.0.10:40008',
    ]);
  });

  it('sorts addresses as numbers', async () => {
    expect(await clients('client', 'descending')).toEqual([
      '10.0.0.10:40008',
      '10.0.0.4:40002',
      '10.0.0.3:40001',
    ]);
  });

  it('sorts by tries, length and kind', async () => {
    expect((await clients('tries', 'descending'))[0]).toBe('10.0.0.10:40008');
    expect((await clients('seconds', 'ascending'))[0]).toBe('10.0.0.4:40002');
    expect((await clients('kind', 'descending'))[0]).toBe('10.0.0.4:40002');
  });

  it('filters', async () => {
    expect(await clients('importance', 'ascending', 'ending:no-answer port:80')).toEqual(['10.0.0.3:40001']);
    expect(await clients('time', 'descending', 'ending:no-answer')).toEqual([
      '10.0.0.10:40008',
      '10.0.0.3:40001',
    ]);
  });

  it('says what is wrong with a filter', async () => {
    await expect(clients('time', 'ascending', 'ending:nonsense')).rejects.toMatchObject({
      code: 'bad-request',
    });
  });
});
