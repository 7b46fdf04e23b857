/**
 * What a report says, as people will read it: its Markdown drawn as elements. The page may not turn text into markup, by its own policy,
 * and so shows no HTML that was made of packets.
 */
import { createElement, useMemo } from 'react';
import type { MarkdownBlock, MarkdownLine } from '../../shared/report/markdown-blocks.ts';
import { markdownBlocks } from '../../shared/report/markdown-blocks.ts';
import './report-text.css';

export function ReportText({ markdown }: { readonly markdown: string }) {
  const blocks = useMemo(() => markdownBlocks(markdown), [markdown]);
  return (
    <article className="report-text" tabIndex={0}>
      {blocks.map((block, index) => (
        <Block key={index} block={block} />
      ))}
    </article>
  );
}

function Block({ block }: { readonly block: MarkdownBlock }) {
  switch (block.kind) {
    case 'heading':
      // The dialog's own title is of the second level.
      return createElement(`h${Math.min(6, block.level + 2)}`, null, <Line line={block.line} />);
    case 'paragraph':
      return (
        <p>
          <Line line={block.line} />
        </p>
      );
    case 'list':
      return (
        <ul>
          {block.items.map((item, index) => (
            <li key={index}>
              <Line line={item} />
            </li>
          ))}
        </ul>
      );
    case 'code':
      return <pre>{block.text}</pre>;
    case 'table':
      return (
        <table>
          <thead>
            <tr>
              {block.head.map((cell, index) => (
                <th key={index} scope="col">
                  <Line line={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {block.rows.map((row, index) => (
              <tr key={index}>
                {row.map((cell, column) => (
                  <td key={column}>
                    <Line line={cell} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      );
  }
}

const LOOKS = { plain: 'span', strong: 'strong', code: 'code' } as const;

function Line({ line }: { readonly line: MarkdownLine }) {
  return line.map(({ look, text }, index) => createElement(LOOKS[look], { key: index }, text));
}
