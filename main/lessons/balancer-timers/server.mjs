// node server.mjs [HOST] [PORT] [--fixed]
// Answers requests, and closes a connection that lies idle for 5 seconds, or 65. Here a second takes 100 ms.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8081'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const SECOND_MS = 100;
const KEEP_ALIVE_SECONDS = fixed ? 65 : 5;

const server = createServer((socket) => {
  let timer;
  const after = (seconds, what) => {
    clearTimeout(timer);
    timer = setTimeout(what, seconds * SECOND_MS);
  };
  const close = () => socket.destroy();
  socket.on('data', () => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n');
    after(5, () => {
      if (fixed) after(KEEP_ALIVE_SECONDS - 5, close);
      else close();
      console.log(`idle for 5 seconds: ${fixed ? 'still open' : 'closed'}`);
    });
  });
  socket.on('close', () => clearTimeout(timer));
  socket.on('error', (error) => console.log(`the balancer is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
