/** Sets whose values stand beside each other without a comma: read here, and an error in Wireshark. */
import type { Suggestion } from './ast.ts';
import { tokenize } from './tokens.ts';

/** The filter as Wireshark reads it, too; null where it does already. The filter itself can be read. */
export function withCommas(text: string): Suggestion | null {
  const tokens = tokenize(text);
  let mended = '';
  let at = 0;
  let isSet = false;
  tokens.forEach((token, i) => {
    const before = tokens.at(i - 1);
    if (token.kind === 'sign' && token.name === '{') isSet = before?.kind === 'sign' && before.name === 'in';
    if (token.kind === 'sign' && token.name === '}') isSet = false;
    if (!isSet || i === 0 || before === undefined || token.kind === 'sign' || before.kind === 'sign') return;
    mended += `${text.slice(at, before.span.to)}, `;
    at = token.span.from;
  });
  if (at === 0) return null;
  return { text: mended + text.slice(at), about: 'write it with commas, as Wireshark wants them' };
}
