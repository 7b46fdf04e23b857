/** How often balancers look whether a server is well. */
import type { Setting } from './setting.ts';
import { HAPROXY } from './sources.ts';

export const HEALTH_CHECKS: readonly Setting[] = [
  { system: 'HAProxy', setting: 'inter', default: '2,000 ms', source: `${HAPROXY}#5.2-inter` },
  {
    system: 'HAProxy',
    setting: 'option httpchk',
    default: 'off: only the handshake is tried, then reset',
    source: `${HAPROXY}#4.2-option%20httpchk`,
  },
];
