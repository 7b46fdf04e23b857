/** What to write instead of a filter that can be read, and hardly means what it says. */
import type { FilterNode, Suggestion } from './ast.ts';
import { asDisplayFilter } from './capture-syntax.ts';
import { withCommas } from './commas.ts';
import { replaced } from './errors.ts';

/** @param node what the text means, as parseFilter reads it */
export function adviceOn(text: string, node: FilterNode): Suggestion | null {
  return withCommas(text) ?? captureAdvice(text) ?? flagAdvice(text, node);
}

/** As words of a text, `host` and `port` are looked for in names: hardly anybody means that. */
function captureAdvice(text: string): Suggestion | null {
  const display = asDisplayFilter(text);
  return display === null
    ? null
    : { text: display, about: `write “${display}”: this is the syntax of capture filters` };
}

/** A flag is a field of every packet of its protocol, set or not. Wireshark asks whether it is there, too, and says nothing of it. */
function flagAdvice(text: string, node: FilterNode): Suggestion | null {
  const flags = flagsAlone(node).sort((a, b) => b.span.from - a.span.from);
  const [last] = flags;
  if (flags.length === 0) return null;
  const mended = flags.reduce((all, { span, name }) => replaced(all, span, `${name} == 1`), text);
  return {
    text: mended,
    about: `write “${last.name} == 1”: the field alone is in every packet, set or not`,
  };
}

interface FlagAlone {
  readonly name: string;
  readonly span: FilterNode['span'];
}

function flagsAlone(node: FilterNode): FlagAlone[] {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.parts.flatMap(flagsAlone);
    case 'not':
      return flagsAlone(node.part);
    case 'exists': {
      const { field } = node.field;
      const isPlain = !node.field.selected && node.field.layers === null;
      return isPlain && /^(?:tcp|ip|ipv6)\.flags\./u.test(field.name) && field.type === 'boolean'
        ? [{ name: field.name, span: node.span }]
        : [];
    }
    default:
      return [];
  }
}
