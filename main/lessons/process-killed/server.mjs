// node server.mjs [HOST] [PORT] [--fixed]
// Answers the first request of each connection at once; for the second it works, and does not read meanwhile.
// --fixed: when asked to end (SIGTERM), it answers what is under way, closes, and only then ends.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n';
const open = new Set();

const server = createServer((socket) => {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.once('data', () => {
    socket.pause();
    socket.write(ANSWER, () => console.log('at work'));
  });
});

if (fixed)
  process.on('SIGTERM', () => {
    console.log('asked to end');
    server.close(() => console.log('ended in order'));
    for (const socket of open) {
      socket.on('data', () => socket.end(ANSWER));
      socket.resume();
    }
  });

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
