/** The user's names in the texts of a report. */
import type { NamedPlace } from '../names/named.ts';
import { namedRuns } from '../texts/named-text.ts';
import type { Naming } from './words.ts';

export function namingOf(names: readonly NamedPlace[]): Naming {
  const byKey = new Map(names.map(({ key, name }) => [key, name]));
  return {
    device: (key) => (key === '' ? '' : (byKey.get(key) ?? '')),
    text(text) {
      let depth = 0;
      return namedRuns(text, byKey)
        .map((run) => {
          if (run.name === '') {
            for (const character of run.text)
              depth = Math.max(0, depth + (character === '(' ? 1 : character === ')' ? -1 : 0));
            return run.text;
          }
          // Brackets in brackets are hard to read.
          return depth > 0 ? `${run.name}, ${run.text}` : `${run.name} (${run.text})`;
        })
        .join('');
    },
  };
}
