import type { Scenario } from '../scenario.ts';
import { APPS } from './apps.ts';
import { BASIC } from './basic.ts';
import { DEVICES } from './devices.ts';
import { ENDED_EARLY } from './ended-early.ts';
import { FIELD } from './field.ts';
import { FIREWALLS } from './firewalls.ts';
import { FORWARDER } from './forwarder.ts';
import { HEALTHY } from './healthy.ts';
import { HOSTS } from './hosts.ts';
import { NETWORK } from './network.ts';
import { NO_CONNECTION } from './no-connection.ts';
import { PROBES } from './probes.ts';
import { PROXIES } from './proxies.ts';
import { SEVERAL_PLACES } from './several-places.ts';
import { SILENT } from './silent.ts';
import { TRANSLATION } from './translation.ts';

/** The longest come first, so that the others run beside them. */
export const SCENARIOS: readonly Scenario[] = [
  ...SILENT,
  ...NO_CONNECTION,
  ...SEVERAL_PLACES,
  ...HEALTHY,
  ...ENDED_EARLY,
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
