/** The examples of docs/filter.md: blocks of lines, each a filter, two spaces or more, and what it passes. */
import { readFileSync } from 'node:fs';

const page = readFileSync(new URL('../../docs/filter.md', import.meta.url), 'utf8');

/** @param language what stands behind the fence: `wireshark` where Wireshark reads it as well */
export function filterExamples(language: 'wireshark' | 'resetscope' | 'rejected'): readonly string[] {
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gmsu)].filter(([, named]) => named === language);
  return blocks.flatMap(([, , lines]) =>
    lines
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/u)[0]),
  );
}
