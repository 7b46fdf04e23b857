import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellText, tabSeparated } from './spreadsheet.ts';

describe('cellText', () => {
  it.each([
    ['example.org', 'example.org'],
    ['10.0.0.1:443', '10.0.0.1:443'],
    ['a-b=c', 'a-b=c'],
    ['two\nlines', 'two\nlines'],
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\n=1', "'\n=1"],
    ['\r=1', "'\\x0d=1"],
    ['\r', "'\\x0d"],
    ['\u0000=1', "'\\x00=1"],
    ['  =1', "'  =1"],
    ['\u00a0@x', "'\u00a0@x"],
    ['\u3000+1', "'\u3000+1"],
    ['\u200b=1', "'\\u200b=1"],
    ['\ufeff-1', "'\\ufeff-1"],
    ['\u202e=1', "'\\u202e=1"],
    ['＝1', "'＝1"],
    ['＋1', "'＋1"],
    ['－1', "'－1"],
    ['＠x', "'＠x"],
    ['\u2212x', "'\u2212x"],
    ['a\u001b[31mb', 'a\\x1b[31mb'],
    ['gnp\u202epac', 'gnp\\u202epac'],
  ])('%j is written %j', (text, cell) => {
    expect(cellText(text)).toBe(cell);
  });

  it('begins no formula, whatever the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom('', ' ', '\t', '\r\n'),
        (text, before) => {
          for (const sign of ['', '=', '@', '＋']) {
            const cell = cellText(before + sign + text);
            expect(cell).not.toMatch(/^[\s\p{Cf}]*[=+\-@＝＋－＠]/u);

            expect(cell).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/u);
          }
        },
      ),
      { numRuns: 300, seed: 3 },
    );
  });
});

describe('tabSeparated', () => {
  it('keeps cells apart, numbers numbers, and text no formula', () => {
    expect(tabSeparated([1, -2, '-0.5', '=1', 'a\tb', 'c\nd'])).toBe("1\t-2\t-0.5\t'=1\ta\\x09b\tc\\x0ad");
  });
});
