/** Text on a grid of terminal cells. */

/** Wide and full-width blocks of Unicode (UAX 11), coarse: names on the wire hardly ever hold any. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NO_WIDTH = /\p{Mn}|\p{Me}/u;

/** Terminal cells that a text without control characters takes. */
export function cellWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (character < '\u0300') width += 1;
    else if (!NO_WIDTH.test(character)) width += WIDE.test(character) ? 2 : 1;
  }
  return width;
}

/** Cuts to `width` cells, with `…` where something is missing. */
export function fitText(text: string, width: number): string {
  if (cellWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    const cells = cellWidth(character);
    if (used + cells > width - 1) break;
    kept += character;
    used += cells;
  }
  return width < 1 ? '' : `${kept}…`;
}

export function padText(text: string, width: number, right = false): string {
  const padding = ' '.repeat(Math.max(0, width - cellWidth(text)));
  return right ? padding + text : text + padding;
}

/** Breaks between words so that no line is wider; a longer word gets a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/u).filter(Boolean)) {
    if (line !== '' && cellWidth(line) + 1 + cellWidth(word) > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  if (line !== '') lines.push(line);
  return lines;
}
