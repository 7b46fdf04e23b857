/** Text into the languages that reports are written in: nothing of what a packet says becomes markup. */

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** For content and quoted attributes; ASCII, so that no encoding can be mistaken. */
export function html(text: string): string {
  return text
    .replace(/[&<>"']/gu, (character) => ENTITIES[character])
    .replace(/[^\x20-\x7e]/gu, (character) => `&#${character.codePointAt(0) ?? 0xfffd};`);
}

/** An IPv6 address as it stands before a port. It would be a link only with a target behind it, or defined where it begins a line. */
const BRACKETED_ADDRESS = /\[[\da-f.]*:[\da-f:.]*\](?![([])/u;
const SIGN = /[\\`*{}[\]|~!^]/u;
/** An underline within a word is none of those that set words apart. */
const UNDERLINE = /(?<![\p{L}\p{N}_])_+|_+(?![\p{L}\p{N}_])/u;
const MARKUP = new RegExp(`(${BRACKETED_ADDRESS.source})|${SIGN.source}|${UNDERLINE.source}`, 'gu');

/**
 * For the midst of a line of Markdown, as GitHub and Jira read it: what either of them takes for markup, a mention or a reference to
 * something else is set apart by a backslash or an entity, and nothing besides, since tickets are read as they are written, too. Line
 * breaks become spaces.
 */
export function markdownInline(text: string): string {
  return (
    text
      .replace(/\s+/gu, ' ')
      .replace(/&(?=#?\w+;)/gu, '&amp;')
      .replace(/</gu, '&lt;')
      .replace(MARKUP, (signs, address?: string) => address ?? signs.replace(/./gu, String.raw`\$&`))
      // References to other tickets, and mentions of people: in this order, since entities hold the sign of the former.
      .replace(/#(?=\d)/gu, '&#35;')
      .replace(/@(?=\w)/gu, '&#64;')
      // Addresses of pages become links by themselves.
      .replace(/(https?|ftp|file|mailto):(?=\S)/giu, '$1&#58;')
      .replace(/(www)\./giu, String.raw`$1\.`)
  );
}

/** For what may begin a line, where more signs are markup: those of headings, lists, rules and quotes. */
export function markdown(text: string): string {
  return markdownInline(text).replace(
    /^ ?(?:[#+=>[-]|\d+[.)](?= |$))/u,
    (sign) => `${sign.slice(0, -1)}\\${sign.slice(-1)}`,
  );
}

/** A piece of code in a line: fenced by more backticks than it holds. Line breaks become spaces. */
export function codeSpan(text: string): string {
  const line = text.replace(/\s+/gu, ' ');
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/gu), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** A block of code. */
export function codeBlock(text: string, language = ''): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/gu), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
