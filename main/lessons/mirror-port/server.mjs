// node server.mjs [HOST] [PORT]
// Begins a report, gives up when its time is over, and hangs up with a reset.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.once('data', async () => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 4000\r\n\r\norder;sum\n');
    await sleep(200); // The time that a report may take; this one takes longer.
    // As SO_LINGER with a time of 0: the kernel sends RST, not FIN.
    socket.resetAndDestroy();
    console.log('gave up: the report takes too long');
  });
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
