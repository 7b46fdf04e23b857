import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, macText, parseAddress, parseMac } from './address.ts';

describe('addressText', () => {
  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['255.255.255.255', '255.255.255.255'],
    ['0.0.0.0', '0.0.0.0'],
    // RFC 5952 §2 and §4
    ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001', '2001:db8:aaaa:bbbb:cccc:dddd:eeee:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['::', '::'],
    ['::1', '::1'],
    ['fe80::', 'fe80::'],
    ['1:2:3:4:5:6:0:0', '1:2:3:4:5:6::'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['::ffff:c000:201', '::ffff:192.0.2.1'],
    ['[2001:db8::5]', '2001:db8::5'],
  ])('writes %s as %s', (text, expected) => {
    const parsed = parseAddress(text);
    expect(parsed && addressText(parsed.words, 0, parsed.family)).toBe(expected);
  });

  it('has no text without a family', () => {
    expect(addressText([1, 2, 3, 4], 0, 0)).toBe('');
  });

  it('reads words at an offset, signed or unsigned', () => {
    expect(addressText([7, 0xc0000201], 1, 4)).toBe('192.0.2.1');
    expect(addressText([7, 0xc0000201 | 0], 1, 4)).toBe('192.0.2.1');
  });
});

describe('parseAddress', () => {
  it.each([
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4.5',
    '[1.2.3.4]',
    ':',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'g::',
    '12345::',
    '1.2.3.4::',
    '::1.2.3.4:5',
    'fe80::1%eth0',
    '1:',
    ':1',
    'host',
  ])('refuses %j', (text) => {
    expect(parseAddress(text)).toBeUndefined();
  });

  it('reads back what addressText wrote', () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 0xffff, 0x10000, 0xffff0000), fc.integer());
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.constantFrom(4, 6), (words, family) => {
        const parsed = parseAddress(addressText(words, 0, family));
        const expected = family === 4 ? [words[0] | 0, 0, 0, 0] : words.map((value) => value | 0);
        expect(parsed?.family).toBe(family);
        expect([...(parsed?.words ?? [])]).toEqual(expected);
      }),
    );
  });
});

describe('MAC addresses', () => {
  it('go both ways', () => {
    expect(parseMac('00:1B:21:aa:bb:cc')).toEqual({ high: 0x001b, low: 0x21aabbcc });
    expect(macText(0x001b, 0x21aabbcc)).toBe('00:1b:21:aa:bb:cc');
    expect(macText(0xffff, -1)).toBe('ff:ff:ff:ff:ff:ff');
  });

  it('say when there is none', () => {
    expect(macText(-1, 0)).toBe('');
    expect(parseMac('00:1b:21:aa:bb')).toBeUndefined();
    expect(parseMac('00:1b-21:aa:bb:cc')).toBeUndefined();
  });
});
