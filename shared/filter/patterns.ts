/** The regular expressions of a filter. */
import type { FilterError, FilterNode, MatchesNode } from './ast.ts';
import type { RegexEngine } from './evaluate.ts';

export function patternsOf(node: FilterNode): readonly MatchesNode[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.parts.flatMap((part) => patternsOf(part));
    case 'not':
      return patternsOf(node.part);
    case 'matches':
      return [node];
    default:
      return [];
  }
}

/** The first expression that cannot be read; null where all can. */
export function patternError(node: FilterNode, regex: RegexEngine): FilterError | null {
  for (const { pattern, span } of patternsOf(node)) {
    const compiled = regex.compile(pattern);
    if (!compiled.ok) {
      return {
        message: `the regular expression cannot be read: ${compiled.error}`,
        ...span,
        suggestion: null,
      };
    }
  }
  return null;
}
