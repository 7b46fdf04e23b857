/**
 * Texts of a capture as comments of a program. Nothing that a packet says comes into a script in any other place, and here only as
 * printable ASCII on one line: no line break of any alphabet, no end of a comment, no quote that a language would care about.
 */
const TYPOGRAPHY: Readonly<Record<string, string>> = {
  '“': '"',
  '”': '"',
  '‘': "'",
  '’': "'",
  '–': '-',
  '—': '-',
  '−': '-',
  '…': '...',
  '→': '->',
  '\u00a0': ' ',
  '\u202f': ' ',
};

const WIDTH = 100;

/** The text with everything replaced that is not printable ASCII. */
export function asciiLine(text: string): string {
  return Array.from(text, (one) => TYPOGRAPHY[one] ?? (/^[\x20-\x7e]$/u.test(one) ? one : '?')).join('');
}

/** Lines of a comment, each with the mark in front. @param mark `//` or `#` */
export function commentLines(text: string, mark: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of asciiLine(text).split(' ')) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  return lines.map((one) => `${mark} ${one}`.trimEnd());
}
