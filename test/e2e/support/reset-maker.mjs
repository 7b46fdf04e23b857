// The process whose connections are reset: started by ResetMaker, asked and answering over its channel.
import { createServer, connect } from 'node:net';

const HOST = '127.0.0.1';
const REQUEST = 'GET /report HTTP/1.1\r\nHost: www.example.net\r\n\r\n';

/** Ends of connections that nobody reads from, so that closing one resets it. */
const accepted = new Map();
const server = createServer({ pauseOnConnect: true }, (socket) => {
  socket.on('error', () => undefined);
  accepted.set(socket.remotePort, socket);
});
server.listen(0, HOST, () => process.send({ port: server.address().port }));

process.on('message', ({ id, kind, port, holdMs }) => {
  const socket = connect({ host: HOST, port: kind === 'refused' ? port : server.address().port });
  socket.on('connect', () => {
    socket.write(REQUEST);
    // The data has to be there before the end that does not read it closes.
    setTimeout(() => accepted.get(socket.localPort).destroy(), holdMs);
  });
  socket.on('error', ({ code }) => {
    accepted.delete(socket.localPort);
    process.send({ id, code, atMs: Date.now(), localPort: socket.localPort });
  });
});
process.on('disconnect', () => process.exit(0));
