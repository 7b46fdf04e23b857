// node server.mjs [HOST] [PORT] [--fixed]
// Sends a list of prices. In the middle of it comes one that it cannot print: it aborts, or leaves that one out.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8081'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const HALF = 'apples 2.40, pears 3.10, plums 4.00\n'.repeat(10);

const server = createServer((socket) => {
  socket.once('data', () => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${2 * HALF.length}\r\nConnection: close\r\n\r\n${HALF}`);
    setTimeout(() => {
      if (fixed) {
        socket.end(HALF);
        console.log('sent all of it');
      } else {
        // An exception that nobody handles: the framework throws the connection away.
        socket.resetAndDestroy();
        console.log('no price for quinces: aborted');
      }
    }, 100);
  });
  socket.on('error', (error) => console.log(`the other side is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
