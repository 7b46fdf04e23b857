/** The shells that completion is made for; apart from it, so that the usage can name them without loading it. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];
