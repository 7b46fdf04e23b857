/** docs/security.md names places; a measure that moved or went must not be claimed any more. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../..', import.meta.url);
const page = readFileSync(new URL('docs/security.md', root), 'utf8');
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

it('names files that are there', () => {
  const named = [...page.matchAll(/`((?:main|shared|native|test)\/[\w./-]+)(?::[\d,]+)?`/gu)].map(
    ([, path]) => path,
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
});

it('quotes what stands in the lines that it names', () => {
  // `text` in `file:line`; several texts may share the file, and have a line each.
  const told = [...page.matchAll(/((?:`[^`\n]+`(?:, | and )?)+) in `([\w./-]+\.\w+):([\d,]+)`/gu)].flatMap(
    ([, texts, path, lines]) => {
      const quoted = [...texts.matchAll(/`([^`]+)`/gu)].map(([, text]) => text);
      return quoted.map((text, i) => ({ text, place: `${path}:${lines.split(',')[i]}` }));
    },
  );
  expect(told.length).toBeGreaterThan(15);
  const found = told.map(({ text, place }) => {
    const [path] = place.split(':');
    const line = read(path)
      .split('\n')
      .findIndex((one) => one.includes(text));
    return { text, place: `${path}:${line + 1}` };
  });
  expect(told).toEqual(found);
});
