/**
 * Reads a report's Markdown, so that it can be shown as text with headings and tables and never as markup. It knows what markdown.ts
 * writes and no more: whatever else stands in it is shown as it stands.
 */

/** A piece of a line. */
export interface MarkdownRun {
  readonly look: 'plain' | 'strong' | 'code';
  readonly text: string;
}
export type MarkdownLine = readonly MarkdownRun[];

export type MarkdownBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly line: MarkdownLine }
  | { readonly kind: 'paragraph'; readonly line: MarkdownLine }
  | { readonly kind: 'list'; readonly items: readonly MarkdownLine[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly MarkdownLine[];
      readonly rows: readonly (readonly MarkdownLine[])[];
    };

export function markdownBlocks(text: string): MarkdownBlock[] {
  const lines = text.split('\n');
  const blocks: MarkdownBlock[] = [];
  let at = 0;
  /** Lines from here on while they are of the same block. */
  const run = (belongs: (line: string) => boolean): string[] => {
    const from = at;
    while (at < lines.length && belongs(lines[at])) at++;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const fence = /^`{3,}/u.exec(line)?.[0];
    const heading = /^(#{1,6}) (.*)$/u.exec(line);
    if (line === '') at++;
    else if (fence !== undefined) {
      at++;
      blocks.push({ kind: 'code', text: run((one) => one !== fence).join('\n') });
      at++;
    } else if (heading !== null) {
      at++;
      blocks.push({ kind: 'heading', level: heading[1].length, line: markdownLine(heading[2]) });
    } else if (line.startsWith('| ')) {
      const [head = [], , ...rows] = run((one) => one.startsWith('| ')).map(cells);
      blocks.push({ kind: 'table', head, rows });
    } else if (line.startsWith('- ')) {
      const items = run((one) => one.startsWith('- '));
      blocks.push({ kind: 'list', items: items.map((item) => markdownLine(item.slice(2))) });
    } else {
      at++;
      blocks.push({ kind: 'paragraph', line: markdownLine(line) });
    }
  }
  return blocks;
}

/** Cells are parted by pipes that no backslash stands before. */
function cells(row: string): MarkdownLine[] {
  return (row.match(/(?:\\.|[^\\|])+/gu) ?? []).map((cell) => markdownLine(cell.trim()));
}

const TOKEN = /\\([!-/:-@[-`{-~])|&(#\d{1,7}|amp|lt);|\*\*|`+|[^\\&*`]+|[\\&*]/gu;

/** What a line says, without the signs that set words apart. */
export function markdownLine(line: string): MarkdownLine {
  const runs: MarkdownRun[] = [];
  let text = '';
  let look = 'plain' as MarkdownRun['look'];
  const end = (next: MarkdownRun['look']): void => {
    if (text !== '') runs.push({ look, text });
    text = '';
    look = next;
  };
  let codeEnd = 0;
  for (const { 0: token, 1: escaped, 2: entity, index } of line.matchAll(TOKEN)) {
    if (index < codeEnd) continue;
    if (escaped !== undefined) text += escaped;
    else if (entity !== undefined) text += decoded(entity);
    else if (token === '**') end(look === 'strong' ? 'plain' : 'strong');
    else if (token.startsWith('`')) {
      const close = line.indexOf(token, index + token.length);
      if (close < 0) {
        text += token;
        continue;
      }
      end('code');
      text = line.slice(index + token.length, close).trim();
      end('plain');
      codeEnd = close + token.length;
    } else text += token;
  }
  end('plain');
  return runs;
}

function decoded(entity: string): string {
  if (entity === 'amp') return '&';
  if (entity === 'lt') return '<';
  const code = Number(entity.slice(1));
  return code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
}
