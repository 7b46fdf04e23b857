/** How well a command is found by what was typed. Letters in order, as fuzzy searches take them, find nearly every sentence. */

/** @param texts the command's title first @returns 0 where a word that was typed is nowhere in it, 1 at best */
export function paletteScore(typed: string, texts: readonly string[]): number {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const title = (texts[0] ?? '').toLowerCase();
  const all = texts.join(' ').toLowerCase();
  let score = 1;
  for (const word of words) {
    if (!all.includes(word)) return 0;
    if (!title.startsWith(word))
      score *= startsWordOf(title, word) ? 0.9 : startsWordOf(all, word) ? 0.7 : 0.4;
  }
  return score;
}

function startsWordOf(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
  }
  return false;
}
