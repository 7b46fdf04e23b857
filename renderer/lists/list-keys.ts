/** Where the cursor of a list goes, by the keys of the ARIA grid pattern. */

/**
 * @param cursor row of the cursor, −1 for none yet
 * @param total rows in the list
 * @param page rows on a screen
 * @returns the new row, or undefined where the key does not move
 */
export function moveCursor(key: string, cursor: number, total: number, page: number): number | undefined {
  if (total === 0) return undefined;
  const last = total - 1;
  const step = Math.max(1, page - 1);
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return clamp(cursor + 1, last);
    case 'ArrowUp':
    case 'k':
      return clamp(cursor < 0 ? 0 : cursor - 1, last);
    case 'PageDown':
      return clamp(Math.max(0, cursor) + step, last);
    case 'PageUp':
      return clamp(cursor - step, last);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}

function clamp(row: number, last: number): number {
  return Math.min(last, Math.max(0, row));
}
