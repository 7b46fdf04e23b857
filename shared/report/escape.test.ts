import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBlock, codeSpan, html, markdown } from './escape.ts';

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
    ['markup of pages', '<img src=x>', '&lt;img src=x&gt;'],
    ['several lines', 'a\n# b', 'a # b'],
  ])('escapes %s', (_what, text, escaped) => {
    expect(markdown(text)).toBe(escaped);
  });

  it('has no line break and no tag, whatever it was', () => {
    fc.assert(
      fc.property(fc.string(), (text) => !/[\n<>]|(?<!\\)`/u.test(markdown(text).replace(/\\\\/gu, ''))),
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
