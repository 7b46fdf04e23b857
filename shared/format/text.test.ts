import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText, jsonText, lowerFirst, sanitiseText, upperFirst } from './text.ts';

describe('sanitiseText', () => {
  it('leaves ordinary text alone, in any script', () => {
    for (const text of ['', 'GET /index.html', 'Zürich', '日本語', 'שלום', '👩', '❤️', 'a  b']) {
      expect(sanitiseText(text, 100)).toBe(text);
    }
  });

  it.each([
    ['a\nb', 'a\\x0ab'],
    ['a\0b', 'a\\x00b'],
    ['\u001b[31mred', '\\x1b[31mred'],
    ['\u0085', '\\x85'],
    ['user\u202egnp.exe', 'user\\u202egnp.exe'],
    ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['exa\u200bmple', 'exa\\u200bmple'],
    ['\ufefftext', '\\ufefftext'],
    ['\u2028', '\\u2028'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800', '\\ud800'],
    ['soft\u00adhyphen', 'soft\\xadhyphen'],
  ])('escapes %j', (text, safe) => {
    expect(sanitiseText(text, 100)).toBe(safe);
  });

  it('bounds the length and says that it cut', () => {
    expect(sanitiseText('abcdef', 6)).toBe('abcdef');
    expect(sanitiseText('abcdefg', 6)).toBe('abcde…');
    expect(sanitiseText('\n'.repeat(50), 10)).toBe('\\x0a\\x0a\\…');
  });

  it('holds its promises for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(40), (text, max) => {
        const safe = sanitiseText(text, max);
        expect(safe.length).toBeLessThanOrEqual(max);
        expect(safe).not.toMatch(
          /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\u200b-\u200f\u2060-\u206f\ufeff]/u,
        );
        expect(sanitiseText(safe, max)).toBe(safe);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});

describe('jsonText', () => {
  it('hides nothing and loses nothing', () => {
    const value = { path: 'a\u009b2J\u202e\u{e0041}\u007f日本\n', list: [1, null] };
    const text = jsonText(value, 2);
    expect(text).toContain('"a\\u009b2J\\u202e\\udb40\\udc41\\u007f日本\\n"');
    expect(JSON.parse(text)).toEqual(value);
    expect(jsonText([1, 'a'])).toBe('[1,"a"]');
  });

  it('escapes each character of the first planes that is unsafe, and no other', () => {
    const isUnsafe = (character: string): boolean => sanitiseText(character, Infinity) !== character;
    for (let code = 0x7f; code < 0x3000; code++) {
      const character = String.fromCharCode(code);
      const written = isUnsafe(character) ? `\\u${code.toString(16).padStart(4, '0')}` : character;
      expect(jsonText(character)).toBe(`"${written}"`);
    }
  });
});

describe('cutText', () => {
  it('does not cut a surrogate pair', () => {
    expect(cutText('ab👩cd', 4)).toBe('ab…');
    expect(cutText('ab👩cd', 5)).toBe('ab👩…');
    expect(cutText('abc', 0)).toBe('');
  });
});

describe('the first letter', () => {
  it('is large at the beginning of a sentence', () => {
    expect(upperFirst('a device')).toBe('A device');
    expect(upperFirst('')).toBe('');
  });

  it('is small inside of one, but for abbreviations', () => {
    expect(lowerFirst('Connection refused')).toBe('connection refused');
    expect(lowerFirst('TLS handshake failed')).toBe('TLS handshake failed');
    expect(lowerFirst('A')).toBe('A');
    expect(lowerFirst('')).toBe('');
  });
});
