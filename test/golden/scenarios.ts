import type { Scenario } from './scenario.ts';
import { CAPTURE_SCENARIOS } from './scenarios/captures.ts';
import { CAUSE_SCENARIOS } from './scenarios/causes.ts';
import { DEVICE_SCENARIOS } from './scenarios/devices.ts';
import { KERNEL_SCENARIOS } from './scenarios/kernel.ts';
import { ENDPOINT_SCENARIOS } from './scenarios/endpoints.ts';

export const SCENARIOS: readonly Scenario[] = [
  ...ENDPOINT_SCENARIOS,
  ...CAUSE_SCENARIOS,
  ...DEVICE_SCENARIOS,
  ...CAPTURE_SCENARIOS,
  ...KERNEL_SCENARIOS,
];
