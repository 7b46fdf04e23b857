/** The questions that people ask of the resets most: filters of the list, in the rail and the palette. */
import type { OriginKind } from '../../shared/model/verdict.ts';
import { ORIGIN, ORIGINS_LISTED } from '../../shared/texts/origin.ts';

export interface Preset {
  readonly id: 'all' | 'matters' | OriginKind;
  readonly title: string;
  readonly filter: string;
}

export const PRESETS: readonly Preset[] = [
  { id: 'all', title: 'All resets', filter: '' },
  { id: 'matters', title: 'What matters', filter: 'matters:yes' },
  ...ORIGINS_LISTED.map((kind): Preset => ({ id: kind, title: ORIGIN[kind].name, filter: `origin:${kind}` })),
];
