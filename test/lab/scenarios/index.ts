import type { Scenario } from '../scenario.ts';
import { BASIC } from './basic.ts';
import { FIREWALLS } from './firewalls.ts';
import { HOSTS } from './hosts.ts';
import { PROBES } from './probes.ts';

export const SCENARIOS: readonly Scenario[] = [...BASIC, ...HOSTS, ...PROBES, ...FIREWALLS];
