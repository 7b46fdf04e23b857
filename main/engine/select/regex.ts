/**
 * Regular expressions over what strangers sent: RE2's automata take time in proportion to the bytes, whatever the expression, where those
 * of the language itself take minutes for `^(a+)+$`. They cost some 29 µs on 568 bytes, so that a text that each match has to hold is
 * looked for first.
 */
import type { Result } from '../../../shared/base/result.ts';
import { err, ok } from '../../../shared/base/result.ts';
import { errorText } from '../../../shared/format/error.ts';
import type { FilterError, FilterNode } from '../../../shared/filter/ast.ts';
import type { RegexEngine } from '../../../shared/filter/evaluate.ts';
import { patternError, patternsOf } from '../../../shared/filter/patterns.ts';

let loaded: Promise<RegexEngine> | undefined;

/** Loaded when the first filter needs it. */
export function loadRegex(): Promise<RegexEngine> {
  loaded ??= import('re2js').then(({ RE2JS }) => ({
    compile: (pattern: string): Result<(text: string) => boolean> => {
      try {
        // Wireshark's `matches` looks at no case, and a dot stands for any byte but a line feed.
        const compiled = RE2JS.compile(withEnds(pattern), RE2JS.CASE_INSENSITIVE);
        const plain = plainLiteral(pattern);
        if (plain !== undefined) return ok(plain);
        const literal = requiredLiteral(pattern);
        return ok((text) => {
          if (literal !== '' && !text.toLowerCase().includes(literal)) return false;
          return compiled.matcher(text).find();
        });
      } catch (error) {
        return err(errorText(error));
      }
    },
  }));
  return loaded;
}

/** With `$` as PCRE has it: it holds at the end, and before a line feed that ends the text. Classes and escapes stay as they are. */
function withEnds(pattern: string): string {
  if (/\(\?\w*m/u.test(pattern)) return pattern;
  return pattern.replaceAll(/\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\$/gsu, (part) =>
    part === '$' ? '(?:\\n?\\z)' : part,
  );
}

/** What is wrong with a filter's regular expressions, of which only their engine can tell. */
export async function patternProblem(node: FilterNode): Promise<FilterError | undefined> {
  if (patternsOf(node).length === 0) return undefined;
  return patternError(node, await loadRegex()) ?? undefined;
}

/** Letters i, k and s are left out: characters beyond ASCII are theirs without regard to case, or become theirs in lower case. */
const PLAIN = /^(?<start>\^?)(?<text>(?:[A-HJL-RT-Za-hjl-rt-z0-9 _/:,"'=<>-]|\\[.*+?^$|()[\]{}/-])+)$/u;

/** How an expression is tested that is one text and nothing else, at the beginning or anywhere: most that people type for addresses are. */
function plainLiteral(pattern: string): ((text: string) => boolean) | undefined {
  const groups = PLAIN.exec(pattern)?.groups;
  if (groups === undefined) return undefined;
  const wanted = groups.text.replaceAll('\\', '').toLowerCase();
  if (groups.start === '') return (text) => text.toLowerCase().includes(wanted);
  return (text) => text.toLowerCase().startsWith(wanted);
}

/**
 * A text, in lower case, that whatever matches has to hold; empty where none is known. It is the longest run of plain ASCII letters,
 * digits and spaces that stands outside of groups and alternatives and that nothing behind it makes optional. Letters k and s are left
 * out, which match characters beyond ASCII without regard to case.
 */
export function requiredLiteral(pattern: string): string {
  if (/[|()[\]\\]/u.test(pattern)) return '';
  let best = '';
  // The numbers of a repetition are no text of their own.
  for (const run of pattern
    .replaceAll(/\{[^}]*\}/gu, '{')
    .matchAll(/[A-JL-RT-Za-jl-rt-z0-9 ]+(?<quantified>[?*{])?/gu)) {
    const text = run.groups?.quantified === undefined ? run[0] : run[0].slice(0, -2);
    if (text.length > best.length) best = text;
  }
  return best.toLowerCase();
}
