/** Where captures are made. */
export const PLACES = ['client', 'middle', 'server'] as const;
export type Place = (typeof PLACES)[number];
