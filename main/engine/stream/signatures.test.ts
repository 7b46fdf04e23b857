import type { FlowRecord, PacketNumber } from '../../../shared/base/units.ts';
import { describe, expect, it } from 'vitest';
import type { FlowHints } from '../../../shared/model/hints.ts';
import { ByteWriter } from '../../../test/support/byte-writer.ts';
import { ascii, concat } from '../../../test/support/tls-messages.ts';
import { LimitCounter } from '../limits.ts';
import { HintCollector } from './hints.ts';

type Message = readonly [direction: 0 | 1, payload: Uint8Array | string];

function hintsOf(...messages: readonly Message[]): FlowHints | undefined {
  const collector = new HintCollector(new LimitCounter());
  messages.forEach(([direction, payload], packet) => {
    const bytes = typeof payload === 'string' ? ascii(payload) : payload;
    collector.sniff(0 as FlowRecord, direction, packet as PacketNumber, bytes, 0, bytes.length, bytes.length);
  });
  return collector.hints(0 as FlowRecord);
}

function postgresMessage(code: number, body: string): Uint8Array {
  return new ByteWriter(true)
    .u32(8 + body.length)
    .u32(code)
    .raw(ascii(body))
    .finish();
}

function mysqlPacket(sequence: number, body: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(body.length, 0, 0, sequence), body);
}

function mongoMessage(operation: number, body: Uint8Array): Uint8Array {
  return new ByteWriter(false)
    .u32(16 + body.length)
    .u32(1)
    .u32(0)
    .u32(operation)
    .raw(body)
    .finish();
}

const MYSQL_GREETING = mysqlPacket(
  0,
  concat(ascii('\n8.0.36\0'), Uint8Array.of(9, 0, 0, 0), ascii('12345678\0'), new Uint8Array(30).fill(0xff)),
);

describe('recognising protocols', () => {
  it('SSH by its identification; the server’s is the banner', () => {
    expect(hintsOf([0, 'SSH-2.0-PuTTY\r\n'], [1, 'SSH-2.0-OpenSSH_9.6p1 Debian\r\nabc'])).toMatchObject({
      protocol: 'ssh',
      banner: 'SSH-2.0-OpenSSH_9.6p1 Debian',
    });
    expect(hintsOf([1, 'SSH-1.99-X'], [0, 'SSH-2.0-Y'])).toMatchObject({ banner: 'SSH-1.99-X' });
  });

  it('SMTP by a greeting that says so, and its errors', () => {
    expect(
      hintsOf(
        [1, '220-mx.example ESMTP\r\n220 go\r\n'],
        [0, 'MAIL FROM:<a@b>\r\n'],
        [1, '554 5.7.1 Rejected\r\n'],
      ),
    ).toMatchObject({
      protocol: 'smtp',
      banner: 'mx.example ESMTP',
      clientDirection: 0,
      error: { code: '554', text: '5.7.1 Rejected', direction: 1, packet: 2 },
    });
    expect(hintsOf([0, 'EHLO me.example\r\n'], [1, '250 ok\r\n'])).toMatchObject({
      protocol: 'smtp',
      error: null,
    });
    expect(hintsOf([1, '220 ftp.example FTP server ready\r\n'])).toBeUndefined();
  });

  it('does not take what the mail says for an error', () => {
    expect(hintsOf([0, 'EHLO me\r\n'], [0, '554 is my favourite number\r\n'])?.error).toBeNull();
  });

  it('PostgreSQL by its first message, and its errors', () => {
    const start = postgresMessage(0x0003_0000, 'user\0me\0database\0db\0\0');
    const error = 'SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0';
    const reply = concat(ascii('E'), new ByteWriter(true).u32(error.length + 4).finish(), ascii(error));
    expect(hintsOf([0, start], [1, reply])).toMatchObject({
      protocol: 'postgresql',
      clientDirection: 0,
      error: { code: '53300', text: 'FATAL: sorry, too many clients already' },
    });
    expect(hintsOf([0, postgresMessage(80_877_103, '')])?.protocol).toBe('postgresql');
    expect(hintsOf([0, postgresMessage(0x0003_0000, 'nobody\0')])).toBeUndefined();
    expect(hintsOf([0, postgresMessage(0x0002_0000, 'user\0me\0\0')])).toBeUndefined();
  });

  it('MySQL by its greeting, and its errors', () => {
    const denied = mysqlPacket(2, concat(Uint8Array.of(0xff, 0x15, 0x04), ascii('#28000Access denied')));
    expect(hintsOf([1, MYSQL_GREETING], [1, denied])).toMatchObject({
      protocol: 'mysql',
      banner: '8.0.36',
      clientDirection: 0,
      error: { code: '1045', text: 'Access denied', packet: 1 },
    });
    const refused = mysqlPacket(0, concat(Uint8Array.of(0xff, 0x10, 0x04), ascii('Too many connections')));
    expect(hintsOf([1, refused])).toMatchObject({
      protocol: 'mysql',
      banner: null,
      error: { code: '1040', text: 'Too many connections' },
    });
  });

  it('Redis by a command, and its errors', () => {
    expect(hintsOf([0, '*1\r\n$4\r\nPING\r\n'], [1, '-NOAUTH Authentication required.\r\n'])).toMatchObject({
      protocol: 'redis',
      error: { code: 'NOAUTH', text: 'Authentication required.' },
    });
    expect(hintsOf([0, '*1\r\n$4\r\nPING\r\n'], [1, '-1\r\n'])?.error).toBeNull();
    for (const other of [
      '*0\r\n',
      '*x\r\n$4\r\nPING',
      '*1\r\n4\r\n',
      '* OK IMAP ready\r\n',
      '*1\r\n$1\r\n\0\0',
    ]) {
      expect(hintsOf([0, other])).toBeUndefined();
    }
  });

  it('MongoDB by its first message', () => {
    const document = new ByteWriter(false).u32(0).u8(0).u32(20).raw(new Uint8Array(16)).finish();
    expect(hintsOf([0, mongoMessage(2013, document)])?.protocol).toBe('mongodb');
    const query = concat(new Uint8Array(4), ascii('admin.$cmd\0'), new Uint8Array(20));
    expect(hintsOf([0, mongoMessage(2004, query)])?.protocol).toBe('mongodb');
    expect(hintsOf([0, mongoMessage(2012, document)])).toBeUndefined();
  });

  it.each([
    ['http2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['mqtt', '\x10\x10\0\x04MQTT\x05\x02\0\x3c'],
    ['mqtt', '\x10\x90\x01\0\x06MQIsdp\x03\x02\0\x3c'],
    ['amqp', 'AMQP\0\0\x09\x01'],
    ['smb', '\0\0\0\x40\xfeSMB\0'],
    ['bittorrent', '\x13BitTorrent protocol\0\0\0\0'],
  ])('%s by its magic', (protocol, payload) => {
    expect(hintsOf([0, payload])?.protocol).toBe(protocol);
  });

  it('nothing by less than that', () => {
    for (const payload of [
      'AMQP',
      'AMQP of the day',
      '\x10\x10\0\x04MQTX',
      'PRI ',
      '\0\0\0\x10\xfeSMB',
      '\x13Bit',
      '',
    ]) {
      expect(hintsOf([0, payload])).toBeUndefined();
    }
  });

  it('needs whole messages: no prefix of one is taken for another protocol', () => {
    for (let length = 0; length < MYSQL_GREETING.length; length++) {
      expect(hintsOf([1, MYSQL_GREETING.subarray(0, length)])).toBeUndefined();
    }
  });
});
