import { describe, expect, it } from 'vitest';
import {
  alert,
  ascii,
  clientHello,
  concat,
  record,
  serverHello,
} from '../../../test/support/tls-messages.ts';
import type { Range } from './http-messages.ts';
import { findRecords } from './tls-records.ts';

const DATA = 23;
const HANDSHAKE = 22;
const CHANGE_CIPHER = 20;
const find = (bytes: Uint8Array, gaps: readonly Range[] = []) => findRecords({ bytes, gaps, isWhole: true });
const told = (bytes: Uint8Array, gaps?: readonly Range[]): string[] =>
  find(bytes, gaps).entries.map(({ record: kind, title, records }) =>
    [kind, title, records > 1 ? `×${records}` : ''].filter((part) => part !== '').join(' '),
  );

describe('records of TLS', () => {
  it('name the hellos with what they ask for', () => {
    const [hello] = find(record(HANDSHAKE, clientHello({ serverName: 'api.example', alpn: ['h2'] }))).entries;
    expect(hello.title).toBe('ClientHello');
    expect(hello.details).toEqual(
      expect.arrayContaining([
        ['server name', 'api.example'],
        ['ALPN', 'h2'],
      ]),
    );
    expect(told(record(HANDSHAKE, serverHello()))).toEqual(['Handshake ServerHello']);
  });

  it('put a message together that spans records, and take apart a record with several', () => {
    const hello = clientHello({ serverName: 'api.example' });
    const split = concat(record(HANDSHAKE, hello.subarray(0, 40)), record(HANDSHAKE, hello.subarray(40)));
    expect(find(split).entries).toMatchObject([{ title: 'ClientHello', complete: true }]);
    const done = Uint8Array.of(14, 0, 0, 0);
    expect(told(record(HANDSHAKE, concat(serverHello(), done)))).toEqual([
      'Handshake ServerHello',
      'Handshake ServerHelloDone',
    ]);
  });

  it('say alerts in words, and count data that follows each other', () => {
    const bytes = concat(
      record(CHANGE_CIPHER, Uint8Array.of(1)),
      record(HANDSHAKE, new Uint8Array(40)),
      record(DATA, new Uint8Array(100)),
      record(DATA, new Uint8Array(200)),
      alert(2, 48),
    );
    expect(told(bytes)).toEqual([
      'ChangeCipherSpec',
      'Handshake encrypted',
      'Application data ×2',
      'Alert unknown_ca (fatal)',
    ]);
    expect(find(bytes).entries[2].bytes).toBe(300);
  });

  it('are found behind a greeting in clear, and behind a gap', () => {
    const hello = record(HANDSHAKE, clientHello());
    const greeted = find(concat(ascii('EHLO x\r\nSTARTTLS\r\n'), hello));
    expect(greeted.entries[0].title).toBe('ClientHello');
    expect(greeted.trouble).toContain('STARTTLS');
    const holed = concat(hello, new Uint8Array(50), record(DATA, new Uint8Array(9)));
    const gap = { from: hello.length, to: hello.length + 50 };
    expect(told(holed, [gap])).toEqual(['Handshake ClientHello', 'Application data']);
  });

  it('end where there are none', () => {
    expect(find(ascii('no TLS at all')).entries).toEqual([]);
    const cut = record(DATA, new Uint8Array(100)).subarray(0, 50);
    expect(find(cut).entries).toMatchObject([{ complete: false }]);
  });
});
