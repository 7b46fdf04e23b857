// node server.mjs [HOST] [PORT] [--fixed]
// Refuses an upload as soon as it has seen who asks, and closes. What it did not read makes the kernel send a reset.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const ANSWER = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

const server = createServer((socket) => {
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.once('data', () => {
    if (fixed) {
      // Whatever still comes is read and dropped; the end is sent behind the answer.
      socket.resume();
      socket.end(ANSWER);
      console.log('refused; reads the rest');
    } else {
      socket.write(ANSWER);
      // It writes its log, and does nothing else meanwhile: the body comes in and is not read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      socket.destroy();
      console.log('refused; closed');
    }
  });
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
