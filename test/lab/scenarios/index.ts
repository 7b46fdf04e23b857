import type { Scenario } from '../scenario.ts';
import { BASIC } from './basic.ts';

export const SCENARIOS: readonly Scenario[] = [...BASIC];
