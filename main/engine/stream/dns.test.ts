import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../test/support/byte-writer.ts';
import { ascii, concat } from '../../../test/support/tls-messages.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { HintCollector } from './hints.ts';

type Answer = readonly [owner: Uint8Array, type: number, data: Uint8Array, recordClass?: number];

function name(text: string): Uint8Array<ArrayBuffer> {
  const labels = text.split('.').map((label) => concat(Uint8Array.of(label.length), ascii(label)));
  return concat(...labels, Uint8Array.of(0));
}

const POINTER_TO_QUESTION = Uint8Array.of(0xc0, 12);
const A = 1;
const CNAME = 5;
const AAAA = 28;

function response(
  asked: string | undefined,
  answers: readonly Answer[],
  flags = 0x8180,
): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter(true)
    .u16(1)
    .u16(flags)
    .u16(asked === undefined ? 0 : 1)
    .u16(answers.length);
  out.u16(0).u16(0);
  if (asked !== undefined) out.raw(name(asked)).u16(A).u16(1);
  for (const [owner, type, data, recordClass] of answers) {
    out
      .raw(owner)
      .u16(type)
      .u16(recordClass ?? 1)
      .u32(60)
      .u16(data.length)
      .raw(data);
  }
  return out.finish();
}

function namesOf(...messages: readonly Uint8Array[]): Record<string, string> {
  const collector = new HintCollector(new LimitCounter());
  for (const message of messages) {
    const buffer = concat(Uint8Array.of(9, 9, 9), message, Uint8Array.of(1, 1));
    collector.sniffDns(buffer, 3, message.length);
  }
  return Object.fromEntries(collector.dnsNames());
}

describe('DNS answers', () => {
  it('gives addresses the name that was asked for, in small letters', () => {
    const message = response('wWw.ExamPle.com', [
      [POINTER_TO_QUESTION, A, Uint8Array.of(192, 0, 2, 1)],
      [POINTER_TO_QUESTION, AAAA, Uint8Array.of(0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)],
    ]);
    expect(namesOf(message)).toEqual({
      '192.0.2.1': 'www.example.com',
      '2001:db8::1': 'www.example.com',
    });
  });

  it('follows CNAMEs in any order', () => {
    const message = response('shop.example', [
      [name('c.cdn.example'), A, Uint8Array.of(192, 0, 2, 9)],
      [name('b.cdn.example'), CNAME, name('c.cdn.example')],
      [POINTER_TO_QUESTION, CNAME, name('b.cdn.example')],
    ]);
    expect(namesOf(message)).toEqual({ '192.0.2.9': 'shop.example' });
  });

  it('does not believe answers to other questions', () => {
    expect(namesOf(response('a.example', [[name('bank.example'), A, Uint8Array.of(1, 2, 3, 4)]]))).toEqual(
      {},
    );
  });

  it('takes the owner’s name in mDNS, whose class has its top bit in use', () => {
    const message = response(undefined, [[name('printer.local'), A, Uint8Array.of(10, 0, 0, 5), 0x8001]]);
    expect(namesOf(message)).toEqual({ '10.0.0.5': 'printer.local' });
  });

  it('keeps the newest name of an address', () => {
    const first = response('a.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(10, 0, 0, 5)]]);
    const second = response('b.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(10, 0, 0, 5)]]);
    expect(namesOf(first, second)).toEqual({ '10.0.0.5': 'b.example' });
  });

  it('escapes labels that would deceive', () => {
    const message = response('x', [[POINTER_TO_QUESTION, A, Uint8Array.of(10, 0, 0, 5)]]);
    message[13] = 0x2e; // the label 'x' becomes '.'
    expect(namesOf(message)).toEqual({ '10.0.0.5': '\\.' });
    message[13] = 0x0a;
    expect(namesOf(message)).toEqual({ '10.0.0.5': '\\x0a' });
  });

  it.each([
    ['a query', response('a.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(1, 2, 3, 4)]], 0x0100)],
    ['a failure', response('a.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(1, 2, 3, 4)]], 0x8183)],
    [
      'another operation',
      response('a.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(1, 2, 3, 4)]], 0xa800),
    ],
    ['an address of odd size', response('a.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(1, 2, 3)]])],
    ['a pointer to itself', response('a.example', [[Uint8Array.of(0xc0, 27), A, Uint8Array.of(1, 2, 3, 4)]])],
    ['a pointer ahead', response('a.example', [[Uint8Array.of(0xc0, 60), A, Uint8Array.of(1, 2, 3, 4)]])],
    [
      'a label of unknown kind',
      response('a.example', [[Uint8Array.of(0x80, 0), A, Uint8Array.of(1, 2, 3, 4)]]),
    ],
    ['nothing', new Uint8Array(0)],
    ['a header alone', response('a.example', []).subarray(0, 12)],
  ])('takes nothing from %s', (_what, message) => {
    expect(namesOf(message)).toEqual({});
  });

  it('reads what is there of a message that was cut', () => {
    const whole = response('a.example', [
      [POINTER_TO_QUESTION, A, Uint8Array.of(10, 0, 0, 1)],
      [POINTER_TO_QUESTION, A, Uint8Array.of(10, 0, 0, 2)],
    ]);
    for (let length = 0; length < whole.length; length++) {
      const names = Object.keys(namesOf(whole.subarray(0, length)));
      expect(names).toEqual(length >= whole.length - 16 ? ['10.0.0.1'] : []);
    }
  });

  it('bounds the records of a message and counts it', () => {
    const limits = new LimitCounter();
    const collector = new HintCollector(limits);
    const many = Array.from({ length: LIMITS.maxDnsRecords + 10 }, (_, i): Answer => [
      POINTER_TO_QUESTION,
      A,
      Uint8Array.of(10, 0, i >> 8, i & 255),
    ]);
    const message = response('a.example', many);
    collector.sniffDns(message, 0, message.length);
    expect(collector.dnsNames().size).toBe(LIMITS.maxDnsRecords);
    expect(limits.count('maxDnsRecords')).toBe(1);
  });

  it('bounds the names and counts what it refused, but goes on renaming', () => {
    const limits = new LimitCounter();
    const collector = new HintCollector(limits);
    const message = response('a.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(0, 0, 0, 0)]]);
    const put = (n: number): void => {
      new DataView(message.buffer).setUint32(message.length - 4, n);
      collector.sniffDns(message, 0, message.length);
    };
    for (let n = 0; n < LIMITS.maxNames + 2; n++) put(n);
    expect(collector.dnsNames().size).toBe(LIMITS.maxNames);
    expect(limits.count('maxNames')).toBe(2);
    message[13] = 0x62;
    put(0);
    expect(collector.dnsNames().get('0.0.0.0')).toBe('b.example');
  });

  it('reads DNS over TCP', () => {
    const message = response('tcp.example', [[POINTER_TO_QUESTION, A, Uint8Array.of(10, 0, 0, 5)]]);
    const framed = new ByteWriter(true).u16(message.length).raw(message).finish();
    const collector = new HintCollector(new LimitCounter());
    collector.sniff(3 as FlowRecord, 1, 0 as PacketNumber, framed, 0, framed.length, framed.length);
    expect(collector.hints(3 as FlowRecord)?.protocol).toBe('dns');
    expect(Object.fromEntries(collector.dnsNames())).toEqual({ '10.0.0.5': 'tcp.example' });
  });
});
