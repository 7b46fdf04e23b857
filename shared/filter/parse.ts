/** The way from a filter's text to its meaning: as words (`origin:middlebox -port:443 acme`), or in Wireshark's syntax. */
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { fieldNamed } from '../fields/catalogue.ts';
import type { FilterError, FilterNode } from './ast.ts';
import { checkTest } from './check.ts';
import { asDisplayFilter } from './capture-syntax.ts';
import { failed, FilterProblem, writing } from './errors.ts';
import { parseWritten } from './parser.ts';
import type { RawTerm } from './quick/lexer.ts';
import { lexTerms, MAX_FILTER_LENGTH } from './quick/lexer.ts';
import { areWords } from './quick/recognise.ts';
import { compileTerm } from './quick/terms.ts';

export function parseFilter(text: string): Result<FilterNode, FilterError> {
  if (text.length > MAX_FILTER_LENGTH) {
    return failed(`a filter has at most ${MAX_FILTER_LENGTH} characters`, {
      from: MAX_FILTER_LENGTH,
      to: text.length,
    });
  }
  const lexed = lexTerms(text);
  if (areWords(lexed, text)) {
    if (lexed.error !== null) return { ok: false, error: lexed.error };
    return conjunction(lexed.terms, text);
  }
  try {
    const written = parseWritten(text);
    return ok(written === null ? everything(text) : checkTest(written, text));
  } catch (problem) {
    if (!(problem instanceof FilterProblem)) throw problem;
    const display = asDisplayFilter(text);
    const suggestion =
      display === null ? problem.error.suggestion : { text: display, about: writing(display) };
    return { ok: false, error: { ...problem.error, suggestion } };
  }
}

function everything(text: string): FilterNode {
  return { kind: 'everything', span: { from: 0, to: text.length } };
}

/** Terms beside each other must all hold. A word that is a field or a protocol asks for packets that have it. */
function conjunction(terms: readonly RawTerm[], text: string): Result<FilterNode, FilterError> {
  const parts: FilterNode[] = [];
  for (const term of terms) {
    const isBare = term.name === undefined && !term.values[0].quoted;
    const field = isBare ? fieldNamed(term.source.replace(/^\./u, '')) : undefined;
    if (field !== undefined) {
      const span = { from: term.at, to: term.at + term.length };
      parts.push({
        kind: 'exists',
        field: { kind: 'field', field, layers: null, selected: false, span },
        span,
      });
      continue;
    }
    const part = compileTerm(term, text);
    if (!part.ok) return part;
    parts.push(part.value);
  }
  if (parts.length < 2) return ok(parts.at(0) ?? everything(text));
  const flat = parts.flatMap((part) => (part.kind === 'and' ? part.parts : [part]));
  return ok({
    kind: 'and',
    parts: flat,
    span: { from: parts[0].span.from, to: parts[parts.length - 1].span.to },
  });
}
