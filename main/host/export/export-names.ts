/** What the files of an export are called: one has the name as it is, several have numbers. */
const ENDING = '.pcapng';

/**
 * Numbers stand before the ending, where they make no rotated capture of files that are of several places.
 * @param base with or without its ending
 */
export function exportNames(base: string, count: number): string[] {
  const stem = base.toLowerCase().endsWith(ENDING) ? base.slice(0, -ENDING.length) : base;
  if (count <= 1) return [`${stem}${ENDING}`];
  return Array.from({ length: count }, (_, i) => `${stem}-${i + 1}${ENDING}`);
}
