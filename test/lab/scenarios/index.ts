import type { Scenario } from '../scenario.ts';
import { APPS } from './apps.ts';
import { BASIC } from './basic.ts';
import { DEVICES } from './devices.ts';
import { FAILURES } from './failures.ts';
import { FIELD } from './field.ts';
import { FIREWALLS } from './firewalls.ts';
import { FORWARDER } from './forwarder.ts';
import { HOSTS } from './hosts.ts';
import { NETWORK } from './network.ts';
import { PROBES } from './probes.ts';
import { PROXIES } from './proxies.ts';
import { TRANSLATION } from './translation.ts';

/** The longest come first, so that the others run beside them. */
export const SCENARIOS: readonly Scenario[] = [
  ...FAILURES,
  ...FIELD,
  ...DEVICES.toReversed(),
  ...HOSTS,
  ...APPS,
  ...PROXIES,
  ...FIREWALLS,
  ...FORWARDER,
  ...TRANSLATION,
  ...NETWORK,
  ...PROBES,
  ...BASIC,
];
