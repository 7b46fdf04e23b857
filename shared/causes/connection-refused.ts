import { defineCause } from './cause.ts';
import { REFUSED_ERROR } from './errors.ts';
import { LISTEN_ADDRESSES } from './settings/listen-addresses.ts';

export const connectionRefused = defineCause({
  code: 'connection-refused',
  title: 'Connection refused',
  what: 'Nothing listens on this port at this address, so the host refused the connection. The answer came at once, which a timeout would not.',
  seen: `The client’s connect fails with ${REFUSED_ERROR}. The server program sees nothing.`,
  fatal: 'Fatal for this attempt; harmless where a client tries several addresses in turn.',
  unlike:
    'A timeout (ETIMEDOUT) means that nothing answered at all: host down or a firewall that drops. A FIN cannot come, since no connection was made.',
  dataLoss: 'None: no connection came to be.',
  client: ['Check address and port, and what the name resolves to: getent ahosts NAME; nc -vz HOST PORT.'],
  server: [
    'ss -ltnp: does the service listen on this port, and on this address rather than only on 127.0.0.1?',
    'macOS: lsof -nP -iTCP -sTCP:LISTEN; Windows: netstat -ano | findstr LISTENING. systemctl status SERVICE; in containers check the published port.',
    'In Kubernetes: kubectl get endpointslices. A Service without a ready endpoint is refused by kube-proxy itself.',
    'nft list ruleset | grep reject (or iptables -S | grep REJECT): a reject rule of the host looks the same.',
  ],
  confirm: 'ss -ltn on the server shows no listener; nstat -az TcpOutRsts grows with each attempt.',
  settings: LISTEN_ADDRESSES,
  harmless: false,
  mechanisms: ['no-connection'],
});
