// node server.mjs [HOST] [PORT]
// Answers requests, and closes a connection on which nothing came for a second. Node.js itself waits for 5 s (keepAliveTimeout),
// nginx for 75 s (keepalive_timeout), Apache for 5 s (KeepAliveTimeout).
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const IDLE_MS = 1000;

const server = createServer((socket) => {
  socket.setTimeout(IDLE_MS, () => {
    socket.destroySoon();
    console.log('idle: closed');
  });
  socket.on('data', () => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nin stock'));
  socket.on('end', () => console.log('the client closed'));
  socket.on('error', () => undefined);
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
