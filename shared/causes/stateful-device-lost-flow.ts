import { defineCause } from './cause.ts';
import { RESET_ERROR } from './errors.ts';
import { SESSION_TIMERS } from './settings/session-timers.ts';
import { TCP_KEEP_ALIVE } from './settings/tcp-keep-alive.ts';

export const statefulDeviceLostFlow = defineCause({
  code: 'stateful-device-lost-flow',
  title: 'Stateful device does not know the connection',
  what: 'A firewall or load balancer on the path had no entry for this connection, after an idle timeout, a fail-over or a change of route, and refused its packets with resets.',
  seen: `The side that sent sees ${RESET_ERROR}; the other side still believes in the connection.`,
  fatal: 'Fatal for this connection; a new one works at once.',
  unlike:
    'Devices that drop instead leave the sender to a timeout of minutes; a polite close would have shown FINs before the pause.',
  dataLoss: 'What was sent after the pause is lost: at least the segment that was answered.',
  client: [
    'Send keep-alives more often than the device’s idle timeout, or do not use connections again after a long pause.',
  ],
  server: [
    'On the device: session table, idle timeout and fail-over log (PAN-OS show session info, FortiGate diagnose sys session list, ASA show conn detail, F5 tmsh show sys connection, conntrack -L).',
    'F5 BIG-IP says why it resets with tmsh modify sys db tm.rstcause.log value enable.',
    'Check for asymmetric routes: both directions must pass the same device.',
  ],
  confirm:
    'A capture behind the device lacks this reset, and the other host goes on as if nothing had happened.',
  settings: [...SESSION_TIMERS, ...TCP_KEEP_ALIVE],
  harmless: false,
  mechanisms: [],
});
