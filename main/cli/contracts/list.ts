/** All contracts, by whose command they are. */
import { ANALYSIS_CONTRACTS } from './analysis.ts';
import { CAPTURING_CONTRACTS } from './capturing.ts';
import type { Contract } from './contract.ts';
import { EXPORTING_CONTRACTS } from './exporting.ts';
import { FLEET_CONTRACTS } from './fleet.ts';
import { LESSON_CONTRACTS } from './lessons.ts';
import { MACHINE_CONTRACTS } from './machines.ts';
import { NOTES_CONTRACTS } from './notes.ts';
import { PACKETS_CONTRACTS } from './packets.ts';

export const CONTRACTS: readonly Contract[] = [
  ...ANALYSIS_CONTRACTS,
  ...PACKETS_CONTRACTS,
  ...CAPTURING_CONTRACTS,
  ...EXPORTING_CONTRACTS,
  ...NOTES_CONTRACTS,
  ...LESSON_CONTRACTS,
  ...FLEET_CONTRACTS,
  ...MACHINE_CONTRACTS,
];
