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

/**
 * For a line of Markdown, as GitHub and Jira read it: what either of them takes for markup, a mention or a reference to something else is
 * set apart by a backslash or an entity. Line breaks become spaces.
 */
export function markdown(text: string): string {
  return (
    text
      .replace(/\s+/gu, ' ')
      .replace(/&/gu, '&amp;')
      .replace(/</gu, '&lt;')
      .replace(/>/gu, '&gt;')
      .replace(/[\\`*_{}[\]|~!^]/gu, String.raw`\$&`)
      // At the beginning of a line these begin a heading, list, rule or quote.
      .replace(
        /^(\s*)([#+=-]|\d+[.)])/u,
        (_, space: string, sign: string) => `${space}${sign.slice(0, -1)}\\${sign.slice(-1)}`,
      )
      // References to other tickets, and mentions of people: in this order, since entities hold the sign of the former.
      .replace(/#(?=\d)/gu, '&#35;')
      .replace(/@(?=\w)/gu, '&#64;')
      // Addresses of pages become links by themselves.
      .replace(/(https?|ftp|file|mailto):(?=\S)/giu, '$1&#58;')
      .replace(/www\./giu, 'www&#46;')
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
