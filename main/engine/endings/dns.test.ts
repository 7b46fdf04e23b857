/** Questions over UDP: which had an answer, and from whom. */
import { describe, expect, it } from 'vitest';
import { analyzePackets } from '../../../test/support/analyze.ts';
import { DEFAULT_START_NS, type ConversationPacket } from '../../../test/support/conversation.ts';
import { ethernet, ip, udp } from '../../../test/support/packet-builder.ts';
import { ascii, concat } from '../../../test/support/tls-messages.ts';
import type { FailureRow } from '../../../shared/model/failure.ts';
import type { Session } from '../session.ts';

const A = 1;
const AAAA = 28;
const CLIENT = '10.0.0.1';
const SERVER = '10.0.0.53';
const V6 = { client: '2001:db8::1', server: '2001:db8::53' };

interface Message {
  readonly at: number;
  readonly name?: string;
  readonly type?: number;
  readonly id?: number;
  readonly port?: number;
  readonly server?: string;
  readonly client?: string;
  /** An answer with that RCODE. */
  readonly rcode?: number;
  readonly ipId?: number;
  readonly ttl?: number;
}

function question(name: string, type: number): Uint8Array {
  const labels = name.split('.').map((label) => concat(Uint8Array.of(label.length), ascii(label)));
  return concat(...labels, Uint8Array.of(0, 0, type, 0, 1));
}

function message({
  at,
  name = 'www.example',
  type = A,
  id = 7,
  port = 40_000,
  ...rest
}: Message): ConversationPacket {
  const { server = SERVER, client = CLIENT, rcode, ipId, ttl = 64 } = rest;
  const isAnswer = rcode !== undefined;
  const flags = isAnswer ? [0x81, 0x80 | rcode] : [0x01, 0x00];
  const header = Uint8Array.of(id >> 8, id & 0xff, ...flags, 0, 1, 0, 0, 0, 0, 0, 0);
  const payload = concat(header, question(name, type));
  const [src, dst] = isAnswer ? [server, client] : [client, server];
  const [srcPort, dstPort] = isAnswer ? [53, port] : [port, 53];
  const number = ipId ?? Math.round(at * 1000) % 60_000;
  const packet = ip({ src, dst, ttl, id: number }, udp({ srcPort, dstPort, payload }));
  return { timeNs: DEFAULT_START_NS + BigInt(Math.round(at * 1e9)), data: ethernet({}, packet) };
}

/** @param messages in the order of time, and one more of another client long after them */
function asked(...messages: readonly Message[]): Session {
  const late: Message = { at: 60, client: '10.0.0.2', name: 'late.example' };
  return analyzePackets([...messages, late, { ...late, at: 60.1, rcode: 0 }].map(message));
}

function failuresOf(...messages: readonly Message[]): FailureRow[] {
  return asked(...messages).failures.rows(0, 99);
}

const thrice = (more: Partial<Message> = {}): Message[] => [0, 1, 3].map((at) => ({ at, ...more }));

describe('a DNS question', () => {
  it('that nobody answers has failed', () => {
    for (const more of [{}, V6]) {
      const [failure, ...others] = failuresOf(...thrice(more));
      expect(others).toEqual([]);
      expect(failure).toMatchObject({
        kind: 'no-answer',
        protocol: 'udp',
        tries: 3,
        seconds: 3,
        matters: true,
      });
      expect(failure.next).toContain('dig @');
    }
  });

  it('is answered by any answer, of an error or a name that is not there, too', () => {
    for (const rcode of [0, 2, 3, 5]) expect(failuresOf({ at: 0 }, { at: 0.1, rcode })).toEqual([]);
  });

  it('is answered where a later try of it is', () => {
    expect(failuresOf(...thrice(), { at: 3.1, rcode: 0 })).toEqual([]);
  });

  it('is told apart from others of its socket, in whatever case its letters are', () => {
    const answered: Message[] = [
      { at: 0 },
      { at: 0.0001, type: AAAA, id: 8 },
      { at: 0.1, name: 'wWw.EXAMPLE', rcode: 0 },
    ];
    const [failure] = failuresOf(...answered, { at: 5, type: AAAA, id: 8 });
    expect(failure).toMatchObject({ kind: 'no-answer', tries: 2, matters: true });
    expect(failuresOf(...answered, { at: 0.2, type: AAAA, id: 8, rcode: 0 })).toEqual([]);
  });

  it('does not matter where another server, or the same from another port, answers it soon', () => {
    const [other] = failuresOf(
      { at: 0 },
      { at: 5, server: '10.0.0.54', port: 40_001 },
      { at: 5.1, server: '10.0.0.54', port: 40_001, rcode: 0 },
    );
    expect(other).toMatchObject({ recovered: true, matters: false });
    expect(other.next).toContain('take it out of /etc/resolv.conf');
    const [same] = failuresOf({ at: 0 }, { at: 5, port: 40_001 }, { at: 5.1, port: 40_001, rcode: 0 });
    expect(same).toMatchObject({ recovered: true, matters: false });
    expect(same.next).not.toContain('resolv.conf');
  });

  it('matters where what was answered is another question, however long', () => {
    const [failure] = failuresOf(
      ...thrice(),
      { at: 3.5, name: 'ftp.example', port: 40_001 },
      { at: 3.6, name: 'ftp.example', port: 40_001, rcode: 0 },
    );
    expect(failure).toMatchObject({ recovered: false, matters: true });
    expect(failure.next).toContain('It answers others here');
  });

  it('is counted once where each packet was captured twice', () => {
    for (const addresses of [{}, V6]) {
      const copies = thrice(addresses).flatMap((one) => [
        { ...one, ipId: 100 + one.at },
        { ...one, at: one.at + 0.001, ipId: 100 + one.at, ttl: 63 },
      ]);
      expect(failuresOf(...copies)).toMatchObject([{ tries: 3 }]);
    }
  });

  it('is open right before the capture ends', () => {
    const session = analyzePackets([message({ at: 0 }), message({ at: 1, id: 8 })]);
    expect(session.failures.report()).toMatchObject({ failures: 0, counts: { open: 1 } });
  });

  it('is no question of a client whose answers pass elsewhere', () => {
    const [failure] = failuresOf(...thrice());
    expect(failure.confidence).toBeLessThan(0.7);
    expect(failure.next).toContain('answers pass this point of capture');
  });

  it('is one sentence for many, that speaks of no SYN', () => {
    const many = Array.from({ length: 5 }, (_, i) => ({ at: i, name: `h${i}.example`, port: 41_000 + i }));
    const [group] = asked(...many).failures.report().groups;
    expect(group.sentence).toMatch(/^5 requests from 10\.0\.0\.1 to 10\.0\.0\.53:53 got no answer/u);
  });
});

describe('datagrams of other protocols', () => {
  it('are not judged: nobody can say whether an answer was due', () => {
    const session = analyzePackets(
      [0, 1, 2].map((at) => ({
        timeNs: DEFAULT_START_NS + BigInt(at) * 1_000_000_000n,
        data: ethernet(
          {},
          ip({ src: CLIENT, dst: SERVER, ttl: 64 }, udp({ srcPort: 40_000, dstPort: 123, payload: 48 })),
        ),
      })),
    );
    expect(session.failures.report()).toMatchObject({ connections: 0, failures: 0 });
  });
});
