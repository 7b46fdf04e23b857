/** The known word nearest to a mistyped one. */

/** Mistakes forgiven: one in a short word, two in a longer one. */
function forgiven(word: string): number {
  return word.length <= 3 ? 1 : 2;
}

export function nearest(word: string, known: readonly string[]): string | undefined {
  const typed = word.slice(0, 40).toLowerCase();
  let best: string | undefined;
  let least = forgiven(typed) + 1;
  for (const candidate of known) {
    const distance = editDistance(typed, candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best ?? known.find((candidate) => typed.length >= 2 && candidate.startsWith(typed));
}

/** The words that begin most like it, and of those the least different; best first. */
export function closest(word: string, known: readonly string[], count: number): readonly string[] {
  const typed = word.slice(0, 40).toLowerCase();
  return known
    .map((candidate) => ({
      candidate,
      shared: sharedStart(typed, candidate),
      distance: editDistance(typed, candidate.toLowerCase()),
    }))
    .sort((a, b) => b.shared - a.shared || a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

function sharedStart(a: string, b: string): number {
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  return i;
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}
