/** What keys are made of: bytes that every version and every host must agree upon. */
import { describe, expect, it } from 'vitest';
import { FleetKeys } from './keys.ts';

const asked: string[] = [];
const keys = new FleetKeys((label, data) => {
  asked.push(`${label} ${Array.from(data, (byte) => byte.toString(16).padStart(2, '0')).join('')}`);
  return 0n;
});

/** What is hashed for a key. */
function hashed(make: () => bigint): string {
  asked.length = 0;
  make();
  return asked.join();
}

const CLIENT = { words: Int32Array.of(0x0a00_0001, 0, 0, 0), port: 40_000 };
const SERVER = { words: Int32Array.of(0xc0a8_0102 | 0, 0, 0, 0), port: 443 };

describe('keys of a fleet', () => {
  it('are of both ends and the client’s number, IPv4 addresses mapped', () => {
    expect(hashed(() => keys.match(4, CLIENT, SERVER, -2))).toBe(
      'match 00000000000000000000ffff0a0000019c4000000000000000000000ffffc0a8010201bbfffffffe',
    );
  });

  it('are the same for an IPv4 address, however it is written', () => {
    const mapped = ({ words, port }: typeof CLIENT) => ({
      words: Int32Array.of(0, 0, 0xffff, words[0]),
      port,
    });
    expect(hashed(() => keys.match(6, mapped(CLIENT), mapped(SERVER), 7))).toBe(
      hashed(() => keys.match(4, CLIENT, SERVER, 7)),
    );
  });

  it('are of numbers as the wire has them, kinds kept apart', () => {
    expect(hashed(() => keys.isn(-1))).toBe('isn ffffffff');
    expect(hashed(() => keys.serverIsn(1))).toBe('server-isn 00000001');
    expect(hashed(() => keys.reset(1, 0x8000_0000 | 0))).toBe('reset 0180000000');
  });
});
