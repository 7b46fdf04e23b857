import { DEED, defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { KEEP_ALIVE_OF_SERVERS } from './settings/keep-alive-of-servers.ts';
import { SESSION_TIMERS } from './settings/session-timers.ts';
import { POOLS } from './settings/pools.ts';

export const idleTimeout = defineCause({
  code: 'idle-timeout',
  title: 'Idle timeout',
  what: 'The connection was silent for as long as a timer allows, and whoever keeps that timer ended it with a reset. Load balancers, firewalls and application servers all have such timers.',
  seen: `Both sides may see ${RESET_ERROR}; often only at the next use, so that the first request after a pause fails.`,
  fatal: 'Fatal for the idle connection, usually not for any work: whoever reuses it must open a new one.',
  unlike:
    'Many timers close with FIN, or drop the flow in silence so that the next packet runs into a timeout; this one says so with a reset.',
  dataLoss:
    'As a rule none was under way. The next request on this connection fails, and can be repeated if it is safe to repeat.',
  client: [
    'Keep idle connections for less time than the shortest timer on the way (connection pool: maxIdleTime, idleTimeout, pool_recycle; Node agentkeepalive freeSocketTimeout; Go IdleConnTimeout).',
    'Or send keep-alives: SO_KEEPALIVE with TCP_KEEPIDLE below that timer; ss -to shows the timers that run.',
    'Repeat the first request after a pause if it is safe to repeat.',
  ],
  server: [
    'Compare the idle timeouts along the path: load balancer, proxy, firewall, application; each one nearer to the server should be longer. Node, Apache, uvicorn and gunicorn ship with 5 s and less, too short behind any load balancer.',
    'The silence before the reset, held against the defaults below, names candidates; a timer that was changed is found only in the configuration.',
  ],
  confirm: 'The same silence, to the second, stands before other resets of this service.',
  settings: [...KEEP_ALIVE_OF_SERVERS, ...SESSION_TIMERS, ...POOLS],
  harmless: false,
  mechanisms: DEED,
});
