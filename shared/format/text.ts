/**
 * Makes text out of packets and files safe to show: one line, no character that hides, reorders or fakes
 * other characters. What is taken out stays visible as an escape, so that nothing vanishes.
 */

/**
 * Controls, line and paragraph separators, lone surrogates, bidirectional controls, characters that draw nothing
 * (zero-width, fillers, tags; variation selectors may stay, emoji need them), interlinear annotation and
 * noncharacters. See Unicode TR 36 and TR 9; CVE-2021-42574 shows what the bidirectional ones do.
 */
const UNSAFE = String.raw`(?![\ufe00-\ufe0f])[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\ufff9-\ufffb]`;
/** Printable ASCII and the letters, dashes, quotes and signs that texts of ours have besides: none of them is unsafe, and testing for them costs a tenth. */
const PLAIN = /^[\x20-\x7e\xa1-\xac\xae-\xff\u2010-\u2027\u2190-\u22ff]*$/;
/** The same for a whole document. */
const PLAIN_LINES = /^[\x20-\x7e\n\xa1-\xac\xae-\xff\u2010-\u2027\u2190-\u22ff]*$/;
/** Made when they are needed: properties of Unicode take longer to look up than a small report to write. */
let unsafe: RegExp | undefined;
let unsafeInJson: RegExp | undefined;

const LEFT_OUT = '…';

/**
 * @param maxCharacters UTF-16 units of the result at most, the closing `…` of a cut text included
 * @returns text of one line; unsafe characters read `\x0a`, `\u202e` or `\u{e0041}`
 */
export function sanitiseText(text: string, maxCharacters: number): string {
  // Escapes only lengthen a text, so what lies behind the bound cannot come back into it.
  const head = text.length > maxCharacters + 1 ? text.slice(0, maxCharacters + 1) : text;
  if (PLAIN.test(head)) return cutText(head, maxCharacters);
  unsafe ??= new RegExp(UNSAFE, 'gu');
  return cutText(head.replace(unsafe, escapeCharacter), maxCharacters);
}

/**
 * JSON as JSON.stringify makes it, and as a terminal can show it: what hides or reorders is written as an escape, which
 * every reader of JSON takes back.
 */
export function jsonText(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  // Line breaks are those of the indentation: JSON.stringify escapes controls of texts.
  if (PLAIN_LINES.test(json)) return json;
  unsafeInJson ??= new RegExp(`(?!\\n)${UNSAFE}`, 'gu');
  return json.replace(unsafeInJson, escapeUnits);
}

/** Text of several lines, each made safe by itself. */
export function sanitiseLines(text: string): string {
  return text
    .split('\n')
    .map((line) => sanitiseText(line, Infinity))
    .join('\n');
}

/** Cuts to at most `maxCharacters` UTF-16 units, never through a surrogate pair; a cut text ends in `…`. */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  if (maxCharacters < 1) return '';
  let end = maxCharacters - 1;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return text.slice(0, end) + LEFT_OUT;
}

/** The text as it stands at the beginning of a sentence. */
export function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The text as it stands inside of a sentence. Abbreviations stay as they are: "TLS handshake failed". */
export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

/** As JSON has it: each UTF-16 unit by itself. */
function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`;
  }).join('');
}
