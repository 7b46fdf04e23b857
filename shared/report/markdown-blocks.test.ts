import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeBlock, codeSpan, markdown, markdownInline } from './escape.ts';
import { markdownBlocks, markdownLine } from './markdown-blocks.ts';

/** Signs of Markdown are more likely than others. */
const words = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'#*_`|\\[]()<>&;:.@-+=!~^ 1aws/\n'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
});

function textOf(line: ReturnType<typeof markdownLine>): string {
  return line.map(({ text }) => text).join('');
}

describe('a report’s Markdown, read', () => {
  it('has headings, paragraphs, lists, tables and code', () => {
    const plain = (text: string) => [{ look: 'plain', text }];
    expect(
      markdownBlocks(
        '# A\n\nb `c`\n\n- **d:** e\n- f\n\n| g | h |\n| --- | --- |\n| i\\|j |  |\n\n```sh\n# k\n\nl\n```\n',
      ),
    ).toEqual([
      { kind: 'heading', level: 1, line: plain('A') },
      { kind: 'paragraph', line: [...plain('b '), { look: 'code', text: 'c' }] },
      { kind: 'list', items: [[{ look: 'strong', text: 'd:' }, ...plain(' e')], plain('f')] },
      { kind: 'table', head: [plain('g'), plain('h')], rows: [[plain('i|j'), []]] },
      { kind: 'code', text: '# k\n\nl' },
    ]);
  });

  it('says what was written, whatever that was', () => {
    fc.assert(
      fc.property(words, (text) => {
        const shown = text.replace(/\s+/gu, ' ');
        expect(textOf(markdownLine(markdown(text)))).toBe(shown);
        expect(textOf(markdownLine(`**${markdownInline(text)}:** end`))).toBe(`${shown}: end`);
      }),
    );
  });

  it('keeps foreign text in its place', () => {
    fc.assert(
      fc.property(words, (text) => {
        const shown = text.replace(/\s+/gu, ' ').trim();
        fc.pre(shown !== '');
        const cell = markdownInline(text);
        const document = [
          markdown(shown),
          `- ${markdown(shown)}`,
          `| ${cell} | end |\n| --- | --- |\n| ${cell} | end |`,
          codeBlock(text),
          `${codeSpan('a')} end`,
        ].join('\n\n');
        const [paragraph, list, table, code, last, ...others] = markdownBlocks(document);
        expect(others).toEqual([]);
        const plain = [{ look: 'plain', text: shown }];
        const row = [plain, [{ look: 'plain', text: 'end' }]];
        expect([paragraph, list, table]).toEqual([
          { kind: 'paragraph', line: plain },
          { kind: 'list', items: [plain] },
          { kind: 'table', head: row, rows: [row] },
        ]);
        expect(code).toEqual({ kind: 'code', text });
        expect(last.kind).toBe('paragraph');
      }),
    );
  });
});
