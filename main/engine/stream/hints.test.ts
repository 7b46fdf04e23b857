import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import {
  alert,
  ascii,
  clientHello,
  concat,
  record,
  serverHello,
} from '../../../test/support/tls-messages.ts';
import type { FlowHints, HintDirection } from '../../../shared/model/hints.ts';
import { LIMITS, LimitCounter } from '../limits.ts';
import { HintCollector } from './hints.ts';

const FLOW = 7 as FlowRecord;

/** Shows payloads of one flow to a collector, one packet each, as the pipeline would; packets count from 100. */
class Talk {
  readonly limits = new LimitCounter();
  readonly collector = new HintCollector(this.limits);
  readonly #sequence: [number, number] = [0xffff_ff00, 5000];
  #packet = 100;

  say(direction: HintDirection, payload: Uint8Array | string, options: { captured?: number } = {}): this {
    const bytes = typeof payload === 'string' ? ascii(payload) : payload;
    const seq = this.#sequence[direction];
    this.#sequence[direction] = (seq + bytes.length) >>> 0;
    return this.segment(direction, seq, bytes, options.captured ?? bytes.length);
  }

  /** With bytes around the payload, which must not be looked at. */
  segment(direction: HintDirection, seq: number, bytes: Uint8Array, captured = bytes.length): this {
    const buffer = concat(ascii('GET '), bytes.subarray(0, captured), ascii(' HTTP/1.1\r\n\r\n'));
    this.collector.sniff(
      FLOW,
      direction,
      this.#packet++ as PacketNumber,
      buffer,
      4,
      captured,
      bytes.length,
      seq,
    );
    return this;
  }

  get hints(): FlowHints {
    return this.collector.hints(FLOW)!;
  }
}

describe('TLS', () => {
  const hello = record(22, clientHello({ serverName: 'Example.COM', alpn: ['h2', 'http/1.1'] }), 0x0301);

  it('reads name, protocols and version of a handshake', () => {
    const { hints } = new Talk()
      .say(0, hello)
      .say(1, record(22, serverHello({ alpn: ['h2'], legacyVersion: 0x0303 })));
    expect(hints).toMatchObject({
      protocol: 'tls',
      serverName: 'example.com',
      alpnOffered: ['h2', 'http/1.1'],
      alpnSelected: 'h2',
      tlsVersion: 'TLS 1.2',
      clientHelloPacket: 100,
      serverHelloSeen: true,
      clientDirection: 0,
      encryptedClientHello: false,
    });
  });

  it.each([
    [{ legacyVersion: 0x0300 }, 'SSL 3.0'],
    [{ legacyVersion: 0x0301 }, 'TLS 1.0'],
    [{ version: 0x0304 }, 'TLS 1.3'],
    [{ version: 0x7f17 }, 'TLS 1.3 draft 23'],
    [{ legacyVersion: 0x7f12 }, 'TLS 1.3 draft 18'],
  ])('names the version of %j', (options, name) => {
    const { hints } = new Talk().say(1, record(22, serverHello(options)));
    expect(hints).toMatchObject({ tlsVersion: name, serverHelloSeen: true, clientHelloPacket: null });
  });

  it('learns from the hellos who the client is, even against the flow table', () => {
    expect(new Talk().say(1, hello).hints.clientDirection).toBe(1);
    expect(new Talk().say(0, record(22, serverHello())).hints.clientDirection).toBe(1);
  });

  it('takes no address for a name', () => {
    const { hints } = new Talk().say(0, record(22, clientHello({ serverName: '127.0.0.1' })));
    expect(hints).toMatchObject({ clientHelloPacket: 100, serverName: null });
  });

  it('says that the name may be only the public one', () => {
    const ech = record(22, clientHello({ serverName: 'public.example', encryptedClientHello: true }));
    expect(new Talk().say(0, ech).hints).toMatchObject({
      serverName: 'public.example',
      encryptedClientHello: true,
    });
  });

  const large = record(22, clientHello({ padding: 1700, serverName: 'pq.example', alpn: ['h2'] }));

  it.each([1, 2, 5, 6, 9, 43, 1460])('joins a hello that is split after %i bytes', (cut) => {
    const talk = new Talk().say(0, large.subarray(0, cut)).say(0, large.subarray(cut));
    expect(talk.hints).toMatchObject({
      serverName: 'pq.example',
      alpnOffered: ['h2'],
      clientHelloPacket: 100,
    });
    expect(talk.limits.entries()).toEqual([]);
  });

  it('joins a hello of many segments that repeat and overlap', () => {
    const talk = new Talk();
    for (let at = 0; at < large.length; at += 100) {
      talk.segment(0, at, large.subarray(at, at + 130));
      talk.segment(0, at, large.subarray(at, at + 130));
      talk.segment(0, 0, large.subarray(0, 300));
    }
    expect(talk.hints).toMatchObject({ serverName: 'pq.example', clientHelloPacket: 100 });
  });

  it('joins across the wrap of the sequence numbers', () => {
    const talk = new Talk();
    talk.segment(0, 0xffff_ff00, large.subarray(0, 1400)).segment(0, 0x478, large.subarray(1400));
    expect(talk.hints.serverName).toBe('pq.example');
  });

  it('joins in order of arrival where no sequence number is given', () => {
    const collector = new HintCollector(new LimitCounter());
    const show = (from: number, to: number, packet: number): void => {
      collector.sniff(FLOW, 0, packet as PacketNumber, large, from, to - from, to - from);
    };
    show(0, 1460, 1);
    show(0, 1460, 2); // sent again
    show(1460, large.length, 3);
    expect(collector.hints(FLOW)?.serverName).toBe('pq.example');
  });

  it('joins a hello over several records', () => {
    const message = clientHello({ padding: 300, serverName: 'records.example' });
    const records: Uint8Array[] = [];
    for (let at = 0; at < message.length; at += 90) records.push(record(22, message.subarray(at, at + 90)));
    expect(new Talk().say(0, concat(...records)).hints.serverName).toBe('records.example');
    const talk = new Talk();
    for (const one of records) talk.say(0, one);
    expect(talk.hints.serverName).toBe('records.example');
  });

  it('does not wait for the rest of a hello that the snaplen cut', () => {
    const small = record(22, clientHello({ serverName: 'cut.example', padding: 500 }));
    const talk = new Talk().say(0, small, { captured: 200 }).say(0, 'GET / HTTP/1.1\r\n\r\n');
    expect(talk.hints).toMatchObject({ protocol: 'tls', serverName: null, clientHelloPacket: 100 });
    const named = record(22, clientHello({ serverName: 'early.example', alpn: ['h2', 'x'.repeat(200)] }));
    expect(new Talk().say(0, named, { captured: 150 }).hints.serverName).toBe('early.example');
  });

  it('wants the rest of a hello beyond the first packets, and nothing more after it', () => {
    const talk = new Talk();
    const rest = large.subarray(700);
    talk.say(0, large.subarray(0, 700));
    expect(talk.collector.wants(FLOW, rest[0], rest.length)).toBe(true);
    talk.say(0, rest);
    expect(talk.collector.wants(FLOW, rest[0], rest.length)).toBe(false);
  });

  it('keeps few unfinished hellos at once, counts the others and still knows their start', () => {
    const limits = new LimitCounter();
    const collector = new HintCollector(limits);
    for (let flow = 0; flow < LIMITS.maxPendingHellos + 3; flow++) {
      collector.sniff(flow as FlowRecord, 0, flow as PacketNumber, large, 0, 1000, 1000, 0);
    }
    expect(limits.count('maxPendingHellos')).toBe(3);
    expect(collector.wants(0 as FlowRecord, 0x99, 700)).toBe(false);
    expect(collector.wants(3 as FlowRecord, 0x99, 700)).toBe(true);
    collector.sniff(
      0 as FlowRecord,
      0,
      900 as PacketNumber,
      large,
      1000,
      large.length - 1000,
      large.length - 1000,
      1000,
    );
    collector.sniff(
      3 as FlowRecord,
      0,
      901 as PacketNumber,
      large,
      1000,
      large.length - 1000,
      large.length - 1000,
      1000,
    );
    expect(collector.hints(0 as FlowRecord)).toMatchObject({ protocol: 'tls', serverName: null });
    expect(collector.hints(3 as FlowRecord)).toMatchObject({ serverName: 'pq.example' });
  });

  it('gives up on a hello beyond the bound', () => {
    const huge = record(22, clientHello({ padding: 40_000, serverName: 'late.example' }));
    const talk = new Talk();
    for (let at = 0; at < huge.length; at += 1460) talk.say(0, huge.subarray(at, at + 1460));
    expect(talk.limits.count('maxHelloBytes')).toBe(1);
    expect(talk.hints).toMatchObject({ protocol: 'tls', serverName: null });
  });

  it('sanitises the name', () => {
    const name = concat(ascii('evil\n'), Uint8Array.of(0xe2, 0x80, 0xae), ascii('moc'));
    const { hints } = new Talk().say(0, record(22, clientHello({ serverName: name })));
    expect(hints.serverName).toBe('evil\\x0a\\u202emoc');
    const long = record(22, clientHello({ serverName: 'a'.repeat(3000) }));
    expect(new Talk().say(0, long).hints.serverName).toHaveLength(LIMITS.maxHintText);
  });

  it('reads alerts in clear', () => {
    const talk = new Talk().say(0, hello).say(1, alert(2, 40));
    expect(talk.hints.lastTlsAlert).toEqual({
      level: 'fatal',
      description: 'handshake_failure',
      direction: 1,
      packet: 101,
      encrypted: false,
    });
    expect(talk.hints.closeNotify).toEqual({ client: 'none', server: 'none' });
    talk.say(0, alert(1, 0));
    expect(talk.hints.lastTlsAlert).toMatchObject({ level: 'warning', description: 'close_notify' });
    expect(talk.hints.closeNotify).toEqual({ client: 'seen', server: 'none' });
    expect(talk.say(1, alert(1, 200)).hints.lastTlsAlert?.description).toBe('alert_200');
  });

  it('tells an encrypted alert by its type and calls close_notify only likely', () => {
    const talk = new Talk().say(0, hello).say(1, record(21, new Uint8Array(26).fill(0xa5)));
    expect(talk.hints.lastTlsAlert).toEqual({
      level: null,
      description: null,
      direction: 1,
      packet: 101,
      encrypted: true,
    });
    expect(talk.hints.closeNotify).toEqual({ client: 'none', server: 'likely' });
  });

  it('finds the alert behind other records of a packet', () => {
    const data = record(23, new Uint8Array(50).fill(1));
    expect(new Talk().say(1, concat(data, alert(2, 48))).hints.lastTlsAlert).toMatchObject({
      description: 'unknown_ca',
    });
  });

  it('takes a record of an alert’s size for one in TLS 1.3 only', () => {
    const small = record(23, new Uint8Array(19).fill(0xa5));
    const old = new Talk().say(0, hello).say(1, record(22, serverHello()));
    expect(old.collector.wants(FLOW, 23, 24)).toBe(false);
    expect(old.say(0, small).hints.closeNotify.client).toBe('none');
    const talk = new Talk().say(0, hello).say(1, record(22, serverHello({ version: 0x0304 })));
    expect(talk.collector.wants(FLOW, 23, 24)).toBe(true);
    expect(talk.collector.wants(FLOW, 23, 25)).toBe(false);
    expect(talk.say(0, small).hints).toMatchObject({
      closeNotify: { client: 'likely', server: 'none' },
      lastTlsAlert: null,
    });
  });

  it('does not take any bytes that begin with 21 for an alert', () => {
    for (const bytes of [
      [21, 3, 3, 0, 2, 1], // cut on the wire
      [21, 3, 3, 0, 2, 9, 0], // no such level
      [21, 3, 3, 0, 5, 1, 1, 1, 1, 1], // no such size
      [21, 3, 3, 0, 2, 1, 0, 66, 66, 66, 66, 66], // followed by no record
      [21, 5, 3, 0, 2, 1, 0],
    ]) {
      const talk = new Talk().say(0, hello).say(1, Uint8Array.from(bytes));
      expect(talk.hints.lastTlsAlert).toBeNull();
    }
  });

  it('recognises TLS in the middle of a session', () => {
    expect(new Talk().say(1, record(23, new Uint8Array(400))).hints).toMatchObject({
      protocol: 'tls',
      clientDirection: null,
      clientHelloPacket: null,
    });
  });

  it('recognises the hello in SSL 2.0 form', () => {
    const body = concat(
      Uint8Array.of(1, 3, 1, 0, 6, 0, 0, 0, 16),
      new Uint8Array(6).fill(4),
      new Uint8Array(16).fill(7),
    );
    const { hints } = new Talk().say(0, concat(Uint8Array.of(0x80, body.length), body));
    expect(hints).toMatchObject({ protocol: 'tls', clientHelloPacket: 100, clientDirection: 0 });
  });

  it('keeps SMTP as the protocol when STARTTLS goes on with TLS', () => {
    const { hints } = new Talk()
      .say(1, '220 mx.example ESMTP Postfix\r\n')
      .say(0, 'EHLO me\r\n')
      .say(0, hello);
    expect(hints).toMatchObject({
      protocol: 'smtp',
      banner: 'mx.example ESMTP Postfix',
      serverName: 'example.com',
      clientHelloPacket: 102,
    });
  });
});

describe('what later packets are wanted', () => {
  it('alerts and status lines of every flow, nothing else of unknown ones', () => {
    const { collector } = new Talk();
    expect(collector.wants(1 as FlowRecord, 0x15, 7)).toBe(true);
    expect(collector.wants(1 as FlowRecord, 0x15, 6)).toBe(false);
    expect(collector.wants(1 as FlowRecord, 0x48, 12)).toBe(true);
    expect(collector.wants(1 as FlowRecord, 0x48, 11)).toBe(false);
    for (let byte = 0; byte < 256; byte++) {
      if (byte !== 0x15 && byte !== 0x48) expect(collector.wants(1e6 as FlowRecord, byte, 24)).toBe(false);
    }
  });

  it.each([
    ['http', 0, 'GET / HTTP/1.1\r\n\r\n', 'P'],
    ['smtp', 0, 'EHLO me\r\n', '5'],
    ['redis', 0, '*1\r\n$4\r\nPING\r\n', '-'],
  ] as const)('of %s also what may explain a reset', (protocol, direction, payload, first) => {
    const talk = new Talk().say(direction, payload);
    expect(talk.hints.protocol).toBe(protocol);
    expect(talk.collector.wants(FLOW, first.charCodeAt(0), 100)).toBe(true);
    expect(talk.collector.wants((FLOW + 1) as FlowRecord, first.charCodeAt(0), 100)).toBe(false);
    expect(talk.collector.wants(FLOW, 0x20, 100)).toBe(false);
  });
});

it('keeps no object for what is not recognised', () => {
  const talk = new Talk()
    .say(0, 'gibberish')
    .say(1, Uint8Array.of(0, 1, 2, 3))
    .say(0, '');
  expect(talk.collector.hints(FLOW)).toBeUndefined();
});
