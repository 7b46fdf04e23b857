/** Another connection at the same moment: the other half of one attempt, or no business of it. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import type { ConversationPacket, PeerOptions } from '../../../test/support/conversation.ts';
import { Conversation, DEFAULT_START_NS, interleave } from '../../../test/support/conversation.ts';
import { ethernet, ip, udp } from '../../../test/support/packet-builder.ts';
import { ascii, clientHello, concat, record } from '../../../test/support/tls-messages.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';

const DEAD = '192.0.2.80';
const ALIVE = '192.0.2.81';
const V6 = { client: '2001:db8::1', server: '2001:db8:1::80' };

/** An answer of DNS that gives DEAD the name. */
function named(name: string): { readonly packets: readonly ConversationPacket[] } {
  const labels = name.split('.').map((label) => concat(Uint8Array.of(label.length), ascii(label)));
  const question = concat(...labels, Uint8Array.of(0, 0, 1, 0, 1));
  const answer = Uint8Array.of(0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...DEAD.split('.').map(Number));
  const payload = concat(Uint8Array.of(0, 7, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0), question, answer);
  const packet = ip(
    { src: '10.0.0.53', dst: '10.0.0.1', ttl: 60 },
    udp({ srcPort: 53, dstPort: 5353, payload }),
  );
  return { packets: [{ timeNs: DEFAULT_START_NS - 1_000_000n, data: ethernet({}, packet) }] };
}

function dead(client: PeerOptions = {}, address = DEAD): Conversation {
  const talk = new Conversation({ client, server: { address, port: 443, hops: 5 } }).syn();
  return talk.retransmit('client', { after: 1 }).retransmit('client', { after: 2 });
}

/** A connection that is made shortly after, to a server with that name. */
function made(name: string, client: PeerOptions = {}, address = ALIVE): Conversation {
  const server = { address, port: 443, hops: 5, delay: 0.02 };
  return new Conversation({ client: { port: 50_000, ...client }, server })
    .wait(0.3)
    .handshake()
    .exchange(record(22, clientHello({ serverName: name })), 200)
    .exchange(100, 100)
    .wait(6)
    .closes();
}

function failureOf(...talks: readonly { readonly packets: readonly ConversationPacket[] }[]): FailureRow {
  const rows = [...analyzePackets(interleave(...talks)).failures.eachRow()];
  const row = rows.find(({ kind }) => kind === 'no-answer');
  expect(row).toBeDefined();
  return row as FailureRow;
}

describe('a connection that was made at the same moment', () => {
  it('is the other half where the client asks another address of the name', () => {
    const failure = failureOf(named('shop.example'), dead(), made('shop.example'));
    expect(failure).toMatchObject({ recovered: true, matters: false });
  });

  it('is none where it has another name', () => {
    const failure = failureOf(named('shop.example'), dead(), made('img.example'));
    expect(failure).toMatchObject({ recovered: false, matters: true });
  });

  it('is none where another client made it', () => {
    const other = made('shop.example', { address: '10.0.0.9' });
    const failure = failureOf(named('shop.example'), dead(), other);
    expect(failure).toMatchObject({ recovered: false, matters: true });
  });

  it('is the other half over the other IP version, of the same machine only', () => {
    const v6 = (): Conversation => dead({ address: V6.client }, V6.server);
    expect(failureOf(v6(), made('shop.example'))).toMatchObject({ recovered: true });
    const other = made('shop.example', { mac: '02:00:00:00:00:77' });
    expect(failureOf(v6(), other)).toMatchObject({ recovered: false, matters: true });
  });

  it('is none over the other IP version where both names are known and differ', () => {
    const v6 = made('img.example', { address: V6.client }, V6.server);
    expect(failureOf(named('shop.example'), dead(), v6)).toMatchObject({ recovered: false, matters: true });
  });
});
