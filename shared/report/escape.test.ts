import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBlock, codeSpan, html, markdown, markdownInline } from './escape.ts';

describe('text in a page', () => {
  it('is text', () => {
    expect(html('<script>"a" & \'b\'</script>')).toBe(
      '&lt;script&gt;&quot;a&quot; &amp; &#39;b&#39;&lt;/script&gt;',
    );
    expect(html('\u201cé\u202e')).toBe('&#8220;&#233;&#8238;');
  });

  it('never is markup, and always ASCII', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[<>"']|[^\x20-\x7e]/u.test(html(text))));
  });
});

describe('text in a ticket', () => {
  it.each([
    ['a line that would be a heading', '# a', String.raw`\# a`],
    ['a numbered list', '1. a', String.raw`1\. a`],
    ['a link', '[a](http://b)', String.raw`\[a\](http&#58;//b)`],
    ['a cell', 'a | b', String.raw`a \| b`],
    ['a mention', '@all', '&#64;all'],
    ['another ticket', 'see #12', 'see &#35;12'],
    ['markup of pages', '<img src=x>', '&lt;img src=x>'],
    ['a quote', '> a', String.raw`\> a`],
    ['an entity', '&#60;b> & more', '&amp;&#35;60;b> & more'],
    ['a page that links itself', 'www.a.example', String.raw`www\.a.example`],
    ['words set apart', '_a_ *b*', String.raw`\_a\_ \*b\*`],
    ['a definition', '[fd00::1]: a', String.raw`\[fd00::1]: a`],
    ['several lines', 'a\n# b', 'a # b'],
  ])('escapes %s', (_what, text, escaped) => {
    expect(markdown(text)).toBe(escaped);
  });

  it.each([
    '10.1.0.9:43210 asked 192.0.2.20:3000',
    'net.ipv4.tcp_keepalive_time & TCP_KEEPIDLE',
    'more than >99.9%, client -> server',
    'connected to [2001:db8::1]:443 (api.example)',
    'the file a-b_c.pcap #x',
  ])('leaves what is no markup: %s', (text) => {
    expect(markdown(text)).toBe(text);
  });

  it('leaves addresses in brackets at the beginning of a cell, where nothing is defined', () => {
    expect(markdownInline('[2001:db8::1]:443')).toBe('[2001:db8::1]:443');
  });

  it('has no line break, tag or code, and nothing that links by itself, whatever it was', () => {
    const words = fc.string({
      unit: fc.oneof(
        fc.constantFrom(...'[]()!\\`<>&;:/.@#1a\n', 'http', 'www', 'lt'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(words, (text) => {
        // What a backslash stands before, and entities, are text.
        const told = markdown(text).replace(/\\[!-/:-@[-`{-~]|&(?:#\d+|amp|lt);/gu, '\u0000');
        expect(told).not.toMatch(/[\n<`]|\]\(|!\[|https?:|www\.|@\w|#\d/iu);
      }),
    );
  });

  it('leaves a block of code only at its end', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const [fence] = codeBlock(text).split('\n');
        return !text.includes(fence);
      }),
    );
    expect(codeSpan('a`b')).toBe('`` a`b ``');
  });
});
