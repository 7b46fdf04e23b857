// node server.mjs [HOST] [PORT] [--fixed]
// Answers every client, once its morning report is done; a line on its input ends the report.
import { createServer } from 'node:net';
import { readSync } from 'node:fs';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  socket.once('data', () => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nwelcome\n');
    console.log('served');
  });
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

// How many finished handshakes may wait for accept().
const backlog = fixed ? 511 : 5;
server.listen({ port: Number(port), host, backlog }, () => {
  console.log(`listening on ${host} ${server.address().port}`);
  // While this blocks, nothing is accepted: one thread does all of it.
  readSync(0, Buffer.alloc(1));
  console.log('the report is done');
});
