/** The size of a pane as it was kept: a share of the room, which fits windows of any size. */

/** Beyond these one of the two would be out of reach. */
const LEAST = 10;
const MOST = 90;

/** Percent; undefined for what is none. */
export function percentIn(kept: string | null): number | undefined {
  if (kept === null || kept.trim() === '') return undefined;
  const percent = Number(kept);
  return percent >= LEAST && percent <= MOST ? percent : undefined;
}
