/** Totals by address and by pair of addresses. */
import { describe, expect, it } from 'vitest';
import type { EndpointRow } from '../../../shared/model/rows.ts';
import type { EndpointGroup } from '../../../shared/contract/methods.ts';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { Conversation, interleave } from '../../../test/support/conversation.ts';
import { EndpointTotals } from './endpoints.ts';

const CLIENT = '10.0.0.1';
const A = '192.0.2.7';
const B = '192.0.2.9';

async function totals(of: EndpointGroup): Promise<EndpointRow[]> {
  const toA = new Conversation({
    client: { address: CLIENT, port: 40_001 },
    server: { address: A, port: 443 },
  })
    .handshake()
    .exchange(100, 5000)
    .segment('server', { flags: 'R' });
  const again = new Conversation({
    client: { address: A, port: 50_000 },
    server: { address: CLIENT, port: 22 },
  })
    .handshake()
    .exchange(10, 20);
  const toB = new Conversation({
    client: { address: CLIENT, port: 40_002 },
    server: { address: B, port: 443 },
  })
    .handshake()
    .closes();
  const session = analyzePackets(interleave(toA, again, toB));
  const made = await EndpointTotals.of(session, of, session.liveFlows(), () => Promise.resolve());
  return Array.from({ length: made.size }, (_, row) => made.row(row));
}

describe('totals', () => {
  it('add up what each address sent and was sent', async () => {
    const rows = await totals('address');
    const of = (address: string) => rows.find((row) => row.address === address);
    expect(rows).toHaveLength(3);
    expect(of(CLIENT)).toMatchObject({ flows: 3, sentBytes: 120, receivedBytes: 5010, resets: 1, other: '' });
    expect(of(A)).toMatchObject({ flows: 2, sentBytes: 5010, receivedBytes: 120, resets: 1 });
    expect(of(B)).toMatchObject({ flows: 1, sentBytes: 0, receivedBytes: 0, resets: 0 });
  });

  it('keep the sides of a pair apart, whoever opens the connection', async () => {
    const rows = await totals('pair');
    expect(rows).toHaveLength(2);
    const pair = rows.find((row) => row.address === A || row.other === A);
    expect(pair?.flows).toBe(2);
    const [sent, received] =
      pair?.address === CLIENT
        ? [pair.sentBytes, pair.receivedBytes]
        : [pair?.receivedBytes, pair?.sentBytes];
    expect([sent, received]).toEqual([120, 5010]);
    expect((pair?.byEndpoint ?? 0) + (pair?.byMiddlebox ?? 0) + (pair?.byUnknown ?? 0)).toBe(1);
  });
});
