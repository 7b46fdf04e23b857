/** Crypto-PAn against the vectors that were published with it, and the kinds of addresses. */
import { describe, expect, it } from 'vitest';
import { AddressBook } from '../../engine/anonymise/addresses.ts';
import { Counts } from '../../engine/anonymise/counts.ts';
import { CryptoPan } from '../../engine/anonymise/crypto-pan.ts';
import { createCaseCipher, parseCaseKey } from './case-cipher.ts';

/** The key of the sample program of the reference implementation (Jun Xu, Jinliang Fan, 2002). */
const SAMPLE_KEY = Uint8Array.from([
  21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16, 216, 152, 143, 131, 121, 121, 101, 39,
  98, 87, 76, 45, 42, 132, 34, 2,
]);

/** Of its sample trace, raw and sanitised. */
const SAMPLES: readonly (readonly [string, string])[] = [
  ['128.11.68.132', '135.242.180.132'],
  ['129.118.74.4', '134.136.186.123'],
  ['130.132.252.244', '133.68.164.234'],
  ['141.223.7.43', '141.167.8.160'],
  ['141.233.145.108', '141.129.237.235'],
  ['152.163.225.39', '151.140.114.167'],
  ['156.29.3.236', '147.225.12.42'],
  ['165.247.96.84', '162.9.99.234'],
  ['166.107.77.190', '160.132.178.185'],
  ['192.102.249.13', '252.138.62.131'],
  ['192.215.32.125', '252.43.47.189'],
  ['192.233.80.103', '252.25.108.8'],
  ['192.41.57.43', '252.222.221.184'],
  ['193.150.244.223', '253.169.52.216'],
  ['195.205.63.100', '255.186.223.5'],
  ['198.200.171.101', '249.199.68.213'],
  ['198.26.132.101', '249.36.123.202'],
  ['198.36.213.5', '249.7.21.132'],
  ['198.51.77.238', '249.18.186.254'],
  ['199.217.79.101', '248.38.184.213'],
  ['202.49.198.20', '245.206.7.234'],
];

/** Of implementations that extended it to IPv6 (Yawning Angel's in Go, and those after it), with the same key. */
const SAMPLES_6: readonly (readonly [string, string])[] = [
  ['::1', '78ff:f001:9fc0:20df:8380:b1f1:704:ed'],
  ['::2', '78ff:f001:9fc0:20df:8380:b1f1:704:ef'],
  ['::ffff', '78ff:f001:9fc0:20df:8380:b1f1:704:f838'],
  ['2001:db8::1', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1e'],
  ['2001:db8::2', '4401:2bc:603f:d91d:27f:ff8e:e6f1:dc1c'],
];

const ipv4 = (text: string): Uint8Array => Uint8Array.from(text.split('.').map(Number));

function ipv6(text: string): Uint8Array {
  const [head, tail] = text.split('::');
  const words = (part = ''): number[] =>
    part === '' ? [] : part.split(':').map((word) => parseInt(word, 16));
  const first = words(head);
  const last = words(tail);
  const all = [...first, ...new Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Uint8Array.from(all.flatMap((word) => [word >>> 8, word & 0xff]));
}

const wordsOf = (bytes: Uint8Array): string =>
  Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] << 8) | bytes[2 * i + 1]).toString(16)).join(':');

describe('Crypto-PAn', () => {
  it('gives what the reference gives', () => {
    const pan = new CryptoPan(createCaseCipher(SAMPLE_KEY));
    for (const [raw, sanitised] of SAMPLES) expect([...pan.anonymise(ipv4(raw))].join('.')).toBe(sanitised);
  });

  it('gives for IPv6 what others give', () => {
    const pan = new CryptoPan(createCaseCipher(SAMPLE_KEY));
    for (const [raw, sanitised] of SAMPLES_6) expect(wordsOf(pan.anonymise(ipv6(raw)))).toBe(sanitised);
  });
});

describe('addresses of a kind', () => {
  const book = (): AddressBook => new AddressBook(createCaseCipher(SAMPLE_KEY), new Counts());
  const of4 = (text: string, addresses = book()): string => {
    const made = new Uint8Array(4);
    addresses.ipv4(ipv4(text), 0, made);
    return [...made].join('.');
  };
  const of6 = (text: string): string => {
    const made = new Uint8Array(16);
    book().ipv6(ipv6(text), 0, made);
    return wordsOf(made);
  };

  it('stay of it', () => {
    for (const same of ['0.0.0.0', '127.0.0.1', '224.0.0.251', '239.255.255.250', '255.255.255.255']) {
      expect(of4(same)).toBe(same);
    }
    expect(of4('10.1.2.3')).toMatch(/^10\./u);
    expect(of4('192.168.1.2')).toMatch(/^192\.168\./u);
    expect(of4('172.20.1.2')).toMatch(/^172\.(1[6-9]|2\d|3[01])\./u);
    expect(of4('100.100.1.2')).toMatch(/^100\./u);
    expect(of4('169.254.7.7')).toMatch(/^169\.254\./u);
    expect(of4('203.0.113.9')).toMatch(/^203\.0\.113\./u);
    expect(of6('fe80::1234:5678:9abc:def0')).toMatch(/^fe80:0:0:0:/u);
    expect(of6('fd12:3456:789a::1')).toMatch(/^fd/u);
    expect(of6('ff02::fb')).toBe('ff02:0:0:0:0:0:0:fb');
    expect(of6('::1')).toBe('0:0:0:0:0:0:0:1');
    expect(of6('2001:db8::77')).toMatch(/^2001:db8:/u);
  });

  it('are changed all the same', () => {
    for (const changed of ['10.1.2.3', '192.168.1.2', '8.8.8.8', '93.184.216.34'])
      expect(of4(changed)).not.toBe(changed);
  });

  it('are what no other address becomes, and no two become one', () => {
    const addresses = book();
    const seen = new Set<string>();
    let asked = 0;
    for (let i = 0; i < 20_000; i++) {
      const n = Math.imul(i, 0x9e37_79b1) >>> 0;
      const raw = [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255].join('.');
      const made = of4(raw, addresses);
      seen.add(made);
      asked++;
      expect(kindOf(made), `${raw} → ${made}`).toBe(kindOf(raw));
    }
    expect(seen.size).toBe(asked);
  });

  it('embed the same IPv4 address', () => {
    const embedded = ipv4(of4('93.184.216.34'));
    const words = [0, 2].map((i) => ((embedded[i] << 8) | embedded[i + 1]).toString(16));
    expect(of6('64:ff9b::5db8:d822')).toBe(`64:ff9b:0:0:0:0:${words[0]}:${words[1]}`);
    expect(of6('::ffff:5db8:d822')).toBe(`0:0:0:0:0:ffff:${words[0]}:${words[1]}`);
    expect(of6('2002:5db8:d822::1')).toMatch(new RegExp(`^2002:${words[0]}:${words[1]}:`, 'u'));
  });
});

function kindOf(address: string): string {
  const [a, b] = address.split('.').map(Number);
  if (a === 10 || a === 127 || a === 0) return String(a);
  if (a === 172 && b >= 16 && b < 32) return '172.16';
  if ((a === 192 && b === 168) || (a === 169 && b === 254)) return `${a}.${b}`;
  if (a === 100 && b >= 64 && b < 128) return '100.64';
  if (a >= 240) return 'reserved';
  return a >= 224 ? 'multicast' : 'public';
}

describe('a case key', () => {
  it('is 64 hexadecimal digits', () => {
    expect(parseCaseKey('ab'.repeat(32))).toHaveLength(32);
    expect(parseCaseKey('ab'.repeat(31))).toBeNull();
    expect(parseCaseKey('xy'.repeat(32))).toBeNull();
  });
});
