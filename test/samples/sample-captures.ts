/** The captures that come with the program. Their stories are in shared/model/sample.ts. */
import type { SampleName } from '../../shared/model/sample.ts';
import { between, ordinary, pcapOf } from '../golden/scenario.ts';
import { SCENARIOS } from '../golden/scenarios.ts';
import { DEFAULT_START_NS, interleave } from '../support/conversation.ts';

/** How long a server keeps a connection that nobody uses, as Node.js does. */
const IDLE_SECONDS = 5;
const ANSWER = 1200;
const SERVER_SEQ = 50_000_000;
const BODY = JSON.stringify({
  basket: 7,
  items: Array.from({ length: 24 }, (_, item) => ({ item, count: 1 })),
});
const REQUEST = `POST /orders HTTP/1.1\r\nHost: shop.example.net\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`;

export const SAMPLE_CAPTURES: Readonly<Record<SampleName, () => Uint8Array>> = {
  'forged-resets': () => scenario('injected-burst'),
  'refused-port': () => scenario('refused'),
  'keep-alive-race': () =>
    pcapOf(
      interleave(
        ...[0, 1, 2].map((earlier) =>
          between({
            startNs: DEFAULT_START_NS - BigInt(3 - earlier) * 20_000_000_000n,
            client: { port: 41_000 + earlier, initialSeq: 88_000_000 * (earlier + 1) },
          })
            .handshake()
            .exchange(REQUEST, ANSWER)
            .wait(IDLE_SECONDS)
            .closes('server'),
        ),
        between({ server: { initialSeq: SERVER_SEQ } })
          .handshake()
          .exchange(REQUEST, ANSWER)
          .wait(IDLE_SECONDS)
          .serverCloses()
          // It was under way when the server closed: its ACK knows nothing of the FIN.
          .clientSends(REQUEST, { after: 0.000_4, ack: SERVER_SEQ + 1 + ANSWER })
          .rst({ from: 'server', style: 'reply' }),
      ),
    ),
  'silent-firewall': () =>
    pcapOf(
      interleave(
        ...ordinary(4),
        ...[0, 1, 2].map((try_) => {
          const talk = between({
            startNs: DEFAULT_START_NS + BigInt(try_) * 20_000_000_000n,
            client: { port: 42_100 + try_ },
            server: { port: 8443 },
          }).syn();
          for (const after of [1, 2, 4, 8]) talk.retransmit('client', { after });
          return talk;
        }),
        // The other port of the same server answers all the while.
        ...ordinary(2, { startNs: DEFAULT_START_NS + 65_000_000_000n }),
      ),
    ),
};

function scenario(name: string): Uint8Array {
  const found = SCENARIOS.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no scenario ${name}`);
  return found.capture();
}
