// node server.mjs [HOST] [PORT] [--fixed]
// Takes no upload above 4096 bytes: says 413, and closes with the body unread, or reads on for a while.
import { createServer } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const REFUSAL =
  'HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 24\r\n\r\nat most 4096 bytes here\n';
const LINGER_MS = 2000;
/** Who wanted too much is noted before the close. */
const AUDIT_MS = 50;

// A paused socket of Node goes on reading until so many bytes lie in its buffer; the kernel keeps the rest.
const server = createServer({ highWaterMark: 1000 }, (socket) => {
  socket.once('data', () => {
    // Nothing is read while it is looked up how much this customer may upload.
    socket.pause();
    setTimeout(() => {
      if (fixed) {
        // The answer and FIN; what still comes is read and thrown away until the client closes.
        socket.end(REFUSAL, () => console.log('refused, reading on'));
        socket.resume();
        socket.setTimeout(LINGER_MS, () => socket.destroy());
      } else {
        // close() with unread data: RST, behind an answer that the client may never read.
        socket.write(REFUSAL);
        setTimeout(() => {
          socket.destroy();
          console.log('refused, closed');
        }, AUDIT_MS);
      }
    }, 100);
  });
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
