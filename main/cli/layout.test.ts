/** The short ways of plain text lead where the libraries do. */
import measure from 'fast-string-truncated-width';
import { wrapAnsi } from 'fast-wrap-ansi';
import { describe, expect, it } from 'vitest';
import { cellWidth, wrapText } from './layout.ts';

const SIGNS = [...' aZ~–—‘’‚‛“”…'];
const TEXT =
  'One reset — “likely” sent by the server’s proxy… at 192.0.2.80:80, in-the-middle of a-very-long-word';

describe('plain text', () => {
  it('takes the cells that the library measures', () => {
    for (const sign of [...SIGNS, '日', 'é', '👍🏽']) expect(cellWidth(sign)).toBe(measure(sign).width);
    for (const text of [TEXT, 'Café', 'a 日本 b']) expect(cellWidth(text)).toBe(measure(text).width);
  });

  it('is broken where the library breaks it, words that are wider than a line among them', () => {
    for (const text of [TEXT, 'a', 'a b', 'abc def', `${TEXT} 日本`])
      for (let width = 1; width <= text.length + 1; width++)
        expect(wrapText(text, width)).toEqual(wrapAnsi(text, width).split('\n'));
  });
});
