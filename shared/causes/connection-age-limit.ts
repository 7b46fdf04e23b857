import { DEED, defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { AGE } from './settings/age.ts';
import { SHUTDOWN } from './settings/shutdown.ts';

export const connectionAgeLimit = defineCause({
  code: 'connection-age-limit',
  title: 'Limit of the connection’s age',
  what: 'The connection was ended at an age that a setting allows, whether it was in use or not.',
  seen: `Both sides may see ${RESET_ERROR}, at the same age each time.`,
  fatal: 'Fatal for the connection and for what was under way on it.',
  unlike: 'An idle timeout counts from the last packet; this limit counts from the handshake.',
  dataLoss: 'Requests that were not answered when the limit came.',
  client: [
    'Let connections of the pool live for less than the limit (maxLifetime, MaxConnLifetime, PooledConnectionLifetime), and repeat what is safe to repeat.',
  ],
  server: [
    'Let the limit drain before it resets: Envoy max_connection_duration with drain, gRPC MAX_CONNECTION_AGE_GRACE, nginx keepalive_time, HAProxy hard-stop-after.',
  ],
  confirm: 'Other connections of the service end at the same age (ss -ti and the capture’s flow durations).',
  settings: [...AGE, ...SHUTDOWN],
  harmless: false,
  mechanisms: DEED,
});
