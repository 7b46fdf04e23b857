/** docs/security.md names places; a measure that moved or went must not be claimed any more. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../..', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

it('names files that are there', () => {
  const named = [...page.matchAll(/`((?:main|shared|native|test)\/[\w./-]+)`/gu)].map(([, path]) => path);
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it('quotes what stands in them', () => {
  // `text` in `file`, where several texts may share the file.
  const quotes = [...page.matchAll(/((?:`[^`\n]+`(?:, | and )?)+) in `([\w./-]+\.\w+)`/gu)].flatMap(
    ([, texts, path]) => [...texts.matchAll(/`([^`]+)`/gu)].map(([, text]) => ({ text, path })),
  );
  expect(quotes.length).toBeGreaterThan(15);
  expect(quotes.filter(({ text, path }) => !read(path).includes(text))).toEqual([]);
});
