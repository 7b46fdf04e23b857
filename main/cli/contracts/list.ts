/** All contracts, by whose command they are. */
import { ANALYSIS_CONTRACTS } from './analysis.ts';
import { CAPTURING_CONTRACTS } from './capturing.ts';
import type { Contract } from './contract.ts';
import { MACHINE_CONTRACTS } from './machines.ts';
import { PACKETS_CONTRACTS } from './packets.ts';

export const CONTRACTS: readonly Contract[] = [
  ...ANALYSIS_CONTRACTS,
  ...PACKETS_CONTRACTS,
  ...CAPTURING_CONTRACTS,
  ...MACHINE_CONTRACTS,
];
