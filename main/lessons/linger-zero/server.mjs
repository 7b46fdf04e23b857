// node server.mjs [HOST] [PORT] [--fixed]
// Answers with a short list, then hangs up: with a reset, or as it should.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.once('data', async () => {
    socket.write(
      'HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 20\r\nConnection: close\r\n\r\n',
    );
    socket.write('order;sum\n4711;9.99\n');
    await sleep(100); // Time enough for the answer to arrive, on most days.
    // As SO_LINGER with a time of 0: the kernel sends RST, not FIN.
    if (fixed) socket.end();
    else socket.resetAndDestroy();
    console.log(fixed ? 'answered, closed' : 'answered, aborted');
  });
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
