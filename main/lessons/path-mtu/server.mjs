// node server.mjs [HOST] [PORT]
// Answers with one order or with a list of all; hangs up on a client that takes nothing of an answer for 4 seconds.
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const PATIENCE_MS = 4000;
const ORDER = '4711;9.99\n';

const server = createServer((socket) => {
  socket.on('data', (data) => {
    const body = data.includes('/orders.csv') ? ORDER.repeat(600) : ORDER;
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    console.log(`answered with ${body.length} bytes`);
  });
  // As nginx does with reset_timedout_connection: RST, so that nothing is left of a connection that does not move.
  socket.setTimeout(PATIENCE_MS, () => {
    socket.resetAndDestroy();
    console.log('gave up: nothing moves');
  });
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
