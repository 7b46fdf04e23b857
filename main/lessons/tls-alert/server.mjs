// node server.mjs [HOST] [PORT]
// A bank: speaks TLS 1.3 only, tells others so by an alert, and hangs up.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:tls';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const pem = readFileSync(new URL('certificate.pem', import.meta.url));
const server = createServer({ key: pem, cert: pem, minVersion: 'TLSv1.3' }, (socket) => {
  socket.once('data', () =>
    socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 8\r\n\r\nwelcome\n'),
  );
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

/** The TCP connections under those of TLS, by the client's port. */
const under = new Map();
server.on('connection', (tcp) => {
  const { remotePort } = tcp;
  under.set(remotePort, tcp);
  tcp.on('close', () => under.delete(remotePort));
});
server.on('tlsClientError', (error, socket) => {
  // The alert is sent by then, and what follows it is no close but an abort.
  under.get(socket.remotePort)?.resetAndDestroy();
  console.log(`refused: ${error.code}`);
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
