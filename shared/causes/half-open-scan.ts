import { defineCause } from './cause.ts';

export const halfOpenScan = defineCause({
  code: 'half-open-scan',
  title: 'Half-open scan',
  what: 'Somebody tested whether the port is open: SYN, SYN-ACK, then a reset instead of the third step, as nmap and other scanners do.',
  seen: 'The server program sees nothing: no connection came to be.',
  fatal: 'No.',
  unlike:
    'A client that means it would send ACK and a request; one that vanished would leave the SYN-ACK to be repeated.',
  dataLoss: 'None.',
  client: ['Nothing to do, unless this host should not scan: ss -tnp and the process list tell who does.'],
  server: [
    'Nothing to do. See who scans, and whether the port should be open to them: nft list ruleset, firewall logs.',
    'nstat -az TcpAttemptFails: counts handshakes that did not end in a connection.',
  ],
  confirm: 'One source tries many ports or hosts in a short time.',
  harmless: true,
  isNoise: true,
  mechanisms: ['no-connection', 'unfit-segment'],
});
