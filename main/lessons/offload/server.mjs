// node server.mjs [HOST] [PORT] [--fixed]
// Takes an upload whole and cannot store it. It has promised success by then, and hangs up; --fixed: it answers when it knows.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const PROMISE =
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 34\r\n\r\n{"received": true, ';
const FAILURE = 'HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\nConnection: close\r\n\r\n';

const server = createServer((socket) => {
  let upload = '';
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
  socket.setEncoding('latin1').on('data', async (data) => {
    upload += data;
    const body = upload.indexOf('\r\n\r\n') + 4;
    const length = Number(/Content-Length: (\d+)/.exec(upload)?.[1]);
    if (body < 4 || upload.length < body + length) return;
    if (!fixed) socket.write(PROMISE);
    await sleep(100); // It stores the upload, and finds that there is no room.
    if (fixed) {
      socket.end(FAILURE);
      console.log('refused: the store is full');
    } else {
      // As SO_LINGER with a time of 0: the kernel sends RST, not FIN.
      socket.resetAndDestroy();
      console.log('aborted: the store is full');
    }
  });
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
