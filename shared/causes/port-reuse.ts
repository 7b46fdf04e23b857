import { defineCause } from './cause.ts';
import { PORTS_OF_CLIENTS } from './settings/ports.ts';

export const portReuse = defineCause({
  code: 'port-reuse',
  title: 'Half-open connection cleared',
  what: 'A client opened a connection from a port whose old connection the server still held. The server answered for the old one, the client reset that, and the new one could begin (RFC 9293 §3.5.1).',
  seen: 'Usually nobody sees anything: the connect only takes a second longer. The server program sees ECONNRESET on the old connection.',
  fatal:
    'Not as a rule: the new connection begins with the next SYN, and the old one was dead already. Where the server goes on answering for the old one, the attempt fails.',
  unlike: 'Without the reset the new SYN would go unanswered until the old connection timed out.',
  dataLoss: 'None for the new connection. The old one was already lost for the client.',
  client: [
    'Look why the old connection was forgotten: restart, or too few ports (sysctl net.ipv4.ip_local_port_range).',
  ],
  server: ['Use keep-alive or idle timeouts, so that connections of vanished clients do not stay for days.'],
  confirm: 'SYN, an acknowledgement with old numbers, the reset, then the SYN again and its SYN-ACK.',
  settings: PORTS_OF_CLIENTS,
  harmless: true,
  isNoise: true,
  mechanisms: ['no-connection', 'unfit-segment', 'time-wait'],
});
