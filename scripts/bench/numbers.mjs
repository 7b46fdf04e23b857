/** Numbers of several runs, and how a report shows them. */

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The least and the most of them, as one text. */
export function spread(numbers, digits = 2) {
  return `${Math.min(...numbers).toFixed(digits)}–${Math.max(...numbers).toFixed(digits)}`;
}

export const count = (number) => number.toLocaleString('en');

/**
 * A table of Markdown.
 * @param {readonly string[]} columns a name that begins with a dash is of texts, all others of numbers
 * @param {readonly (readonly (string | number)[])[]} rows
 */
export function table(columns, rows) {
  const names = columns.map((column) => column.replace(/^-/, ''));
  const line = (cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [
    '',
    line(names),
    line(columns.map((column) => (column.startsWith('-') ? '---' : '---:'))),
    ...rows.map(line),
  ];
}
