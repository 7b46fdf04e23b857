/** The tokens of the style sheet for what is drawn by code, read anew when the theme changes. */
import { useMemo } from 'react';
import { useResolvedTheme } from './use-resolved-theme.ts';

export interface DrawingTheme {
  readonly name: string;
  colour(token: string): string;
  readonly sizes: { readonly small: number; readonly text: number };
  readonly fonts: { readonly sans: string; readonly mono: string };
}

export function useDrawingTheme(): DrawingTheme {
  const theme = useResolvedTheme();
  return useMemo(() => readTheme(theme), [theme]);
}

export function readTheme(name: string): DrawingTheme {
  const style = getComputedStyle(document.documentElement);
  const known = new Map<string, string>();
  const colour = (token: string): string => {
    let value = known.get(token);
    if (value === undefined) known.set(token, (value = style.getPropertyValue(`--${token}`).trim()));
    return value;
  };
  const px = (token: string, otherwise: number): number => Number.parseFloat(colour(token)) || otherwise;
  return {
    name,
    colour,
    sizes: { small: px('size-0', 10.5), text: px('size-1', 11.5) },
    fonts: { sans: colour('sans') || 'sans-serif', mono: colour('mono') || 'monospace' },
  };
}
