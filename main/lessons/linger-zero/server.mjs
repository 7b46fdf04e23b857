// node server.mjs [HOST] [PORT] [--fixed]
// Sends the first part of a list, cannot get the rest, and hangs up: with a reset, or as it should.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.once('data', async () => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\n\r\n');
    socket.write('a\r\norder;sum\n\r\n');
    await sleep(100); // The database, which fails.
    if (fixed) {
      // A last line that the client knows, then the end of the answer and of the connection.
      socket.end('1c\r\nerror;the rest is not there\n\r\n0\r\n\r\n');
      console.log('the list failed: said so, closed');
    } else {
      // As SO_LINGER with a time of 0: the kernel sends RST, not FIN.
      socket.resetAndDestroy();
      console.log('the list failed: aborted');
    }
  });
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
