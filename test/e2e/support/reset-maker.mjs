// The process whose connections are reset: started by ResetMaker, asked and answering over its channel.
import { readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';

const HOST = '127.0.0.1';
const REQUEST = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';
const POLL_MS = 10;

/** Ends of connections that nobody reads from, so that closing one resets it. */
const accepted = new Map();
const server = createServer({ pauseOnConnect: true }, (socket) => {
  socket.on('error', () => undefined);
  accepted.set(socket.remotePort, socket);
});
server.listen(0, HOST, () => process.send({ port: server.address().port }));

process.on('message', ({ id, kind, port }) => {
  const socket = connect({ host: HOST, port: kind === 'refused' ? port : server.address().port });
  socket.on('connect', () => {
    socket.write(REQUEST);
    closeUnread(socket.localPort);
  });
  socket.on('error', ({ code }) => {
    process.send({ id, code, atMs: Date.now(), localPort: socket.localPort });
  });
});
process.on('disconnect', () => process.exit(0));

/** Closes the end that does not read once the kernel holds the whole request for it, and has acknowledged it. */
function closeUnread(clientPort) {
  const isThere = accepted.has(clientPort) && isDelivered(clientPort, server.address().port);
  if (!isThere) {
    setTimeout(() => closeUnread(clientPort), POLL_MS);
    return;
  }
  accepted.get(clientPort).destroy();
  // The next connection from this port must not find the end of this one.
  accepted.delete(clientPort);
}

function isDelivered(clientPort, serverPort) {
  // Ports are in hexadecimal, and so are the bytes that wait to be acknowledged and those that wait to be read.
  const port = (number) => number.toString(16).toUpperCase().padStart(4, '0');
  const sockets = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => /:([0-9A-F]{4}) \S+:([0-9A-F]{4}) \S+ (\w+):(\w+)/.exec(line) ?? []);
  const find = (from, to) =>
    sockets.find(([, local, remote]) => local === port(from) && remote === port(to)) ?? [];
  const [, , , unacknowledged] = find(clientPort, serverPort);
  const [, , , , unread] = find(serverPort, clientPort);
  return parseInt(unacknowledged, 16) === 0 && parseInt(unread, 16) === REQUEST.length;
}
