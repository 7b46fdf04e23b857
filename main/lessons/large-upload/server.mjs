// node server.mjs [HOST] [PORT] [--fixed]
// Takes uploads of who has a valid token: says 401 to others, and closes with the body unread, or reads it first.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8081'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const REFUSAL =
  'HTTP/1.1 401 Unauthorized\r\nConnection: close\r\nContent-Length: 22\r\n\r\nyour token is too old\n';

// A paused socket of Node goes on reading until so many bytes lie in its buffer; the kernel keeps the rest.
const server = createServer({ highWaterMark: 1000 }, (socket) => {
  socket.once('data', () => {
    socket.pause();
    // The token is looked up, which takes a while.
    setTimeout(() => {
      if (fixed) {
        socket.end(REFUSAL);
        socket.resume();
      } else {
        socket.write(REFUSAL, () => socket.destroy());
      }
      console.log('401, the token is too old');
    }, 150);
  });
  socket.on('error', (error) => console.log(`the proxy is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
