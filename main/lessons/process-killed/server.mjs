// node server.mjs [HOST] [PORT] [--fixed]
// Greets each connection, and has so much to do that it does not read what is asked there.
// --fixed: when asked to end (SIGTERM), it answers what is under way, closes, and only then ends.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const ANSWER = 'DONE 3 pages\n';
const open = new Set();

const server = createServer({ pauseOnConnect: true }, (socket) => {
  open.add(socket);
  socket.on('close', () => open.delete(socket));
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.write('READY\n');
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
