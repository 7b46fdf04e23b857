/** What an attacker would like a reader of packets to show. */
import { between } from '../../golden/scenario.ts';
import { writePcapng } from '../../support/capture-writer.ts';
import type { Conversation } from '../../support/conversation.ts';
import { DEFAULT_START_NS } from '../../support/conversation.ts';
import { be16, concat } from '../../support/packets/bytes.ts';
import { ipv4 } from '../../support/packets/ip.ts';
import { ethernet } from '../../support/packets/link.ts';
import { udp } from '../../support/packets/transport.ts';
import { clientHello, record } from '../../support/tls-messages.ts';

export const SCRIPT = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>';
/** Right-to-left override: turns the order of what follows around. */
export const OVERRIDE = '\u202e';
export const LONG = 'very-long-'.repeat(600);

export function hostileTalks(): Conversation[] {
  const names = [
    new TextEncoder().encode(`bank.example${OVERRIDE}moc.elpmaxe`),
    new TextEncoder().encode(SCRIPT),
    new TextEncoder().encode(LONG),
  ];
  const requests = [
    `GET /${SCRIPT} HTTP/1.1\r\nHost: ${SCRIPT}\r\nUser-Agent: ${OVERRIDE}${LONG}\r\n\r\n`,
    `GET /${LONG} HTTP/1.1\r\nHost: ${LONG}\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: a${OVERRIDE}b\u0007\u0000c.example\r\n\r\n`,
  ];
  const talks = [
    ...names.map((serverName) => record(22, clientHello({ serverName }))),
    ...requests.map((request) => new TextEncoder().encode(request)),
  ];
  return talks.map((data, i) =>
    between({ client: { port: 41_000 + i }, server: { port: i < names.length ? 443 : 80 } })
      .handshake()
      .clientSends(data)
      .serverAcks()
      .serverSends(`HTTP/1.1 400 ${SCRIPT}\r\nServer: ${SCRIPT}\r\n\r\n${SCRIPT}`)
      .clientAcks()
      .rst({ from: 'server', payload: SCRIPT }),
  );
}

/** The same in the notes of a capture file: comments, names of interfaces and of addresses; and in names that are asked for. */
export function hostileNotes(): Uint8Array<ArrayBuffer> {
  const note = `${SCRIPT}${OVERRIDE}`;
  const [client, server] = ['10.0.0.9', '203.0.113.53'];
  const questions = [SCRIPT, `a${OVERRIDE}b`, 'long-label-'.repeat(5)].map((label, id) =>
    ethernet(
      {},
      ipv4(
        { src: client, dst: server },
        udp({ srcPort: 40_000 + id, dstPort: 53, payload: question(id, label) }),
      ),
    ),
  );
  return writePcapng({
    sections: [
      {
        comment: note,
        interfaces: [{ tsresol: 9, name: note, description: LONG }],
        blocks: [
          {
            kind: 'names',
            records: [{ address: Uint8Array.from([203, 0, 113, 53]), names: [note] }],
          },
          ...questions.map((data, i) => ({
            kind: 'packet' as const,
            timeNs: DEFAULT_START_NS + BigInt(i) * 1_000_000n,
            data,
            comments: [note, LONG],
          })),
        ],
      },
    ],
  });
}

/** A question for the address of that label in a top-level domain. */
function question(id: number, label: string): Uint8Array {
  // A label has 63 bytes at most.
  const bytes = new TextEncoder().encode(label).subarray(0, 63);
  return concat(be16(id), be16(0x0100), be16(1), be16(0), be16(0), be16(0), [bytes.length], bytes, [
    ...[4, 0x74, 0x65, 0x73, 0x74, 0],
    ...be16(1),
    ...be16(1),
  ]);
}
