import { defineCause } from './cause.ts';
import { PORTS_OF_CLIENTS } from './settings/ports.ts';

export const timeWait = defineCause({
  code: 'time-wait',
  title: 'Old connection in TIME-WAIT',
  what: 'A new SYN met the remains of a connection just closed. The old state answered with its last acknowledgement, and the client cleared it with a reset.',
  seen: 'Nobody sees an error; the connect takes about a second longer.',
  fatal:
    'Not as a rule: the new connection begins with the next SYN. Where the server goes on answering for the old one, the attempt fails.',
  unlike:
    'The old connection did end politely, by FINs of both sides; the reset only clears its remains. Without it the SYN would be retried until a timeout.',
  dataLoss: 'None.',
  client: [
    'If it happens often, the client runs out of ports: keep connections open, or widen net.ipv4.ip_local_port_range.',
    'TCP timestamps let the new connection begin at once: sysctl net.ipv4.tcp_timestamps.',
  ],
  server: ['ss -tan state time-wait | wc -l; let the client close first where possible.'],
  confirm:
    'The connection before, with the same ports, ended with FINs of both sides less than a few minutes earlier.',
  settings: PORTS_OF_CLIENTS,
  harmless: true,
  isNoise: true,
  mechanisms: ['time-wait'],
});
