/** Colours of the terminal (ECMA-48 SGR), the 16 that every theme defines. */

export interface Style {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
}

const PLAIN: Style = { bold: same, dim: same, red: same, yellow: same, green: same };

const COLOURED: Style = {
  bold: sgr(1, 22),
  dim: sgr(2, 22),
  red: sgr(31, 39),
  yellow: sgr(33, 39),
  green: sgr(32, 39),
};

/** NO_COLOR as no-color.org has it: any value but the empty one. */
export function makeStyle(
  isTerminal: boolean,
  wanted: boolean,
  env: Readonly<Record<string, string | undefined>>,
): Style {
  const forbidden = (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb';
  return isTerminal && wanted && !forbidden ? COLOURED : PLAIN;
}

function same(text: string): string {
  return text;
}

function sgr(on: number, off: number): (text: string) => string {
  return (text) => `\u001b[${on}m${text}\u001b[${off}m`;
}
