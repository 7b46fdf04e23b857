// node server.mjs [HOST] [PORT] [--fixed]
// Answers requests, and closes a connection that lies idle for 5 seconds, or 65. Here a second takes 100 ms.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8081'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const SECOND_MS = 100;
const KEEP_ALIVE_SECONDS = fixed ? 65 : 5;

const server = createServer((socket) => {
  let idle;
  const wait = () => {
    clearTimeout(idle);
    idle = setTimeout(() => {
      if (KEEP_ALIVE_SECONDS > 5) console.log('idle for 5 seconds: still open');
      else {
        socket.destroy();
        console.log('idle for 5 seconds: closed');
      }
    }, 5 * SECOND_MS);
  };
  socket.setTimeout(KEEP_ALIVE_SECONDS * SECOND_MS, () => socket.destroy());
  socket.on('data', () => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n');
    wait();
  });
  socket.on('close', () => clearTimeout(idle));
  socket.on('error', (error) => console.log(`the balancer is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
