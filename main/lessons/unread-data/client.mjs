// node client.mjs [HOST] [PORT]
// Uploads: first who it is, then the body. Reads the answer only when all is sent, as many libraries do.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const BODY = 'x'.repeat(2400);

// As other programs may, it sends on though the server has nothing more to say.
const socket = connect({ port: Number(port), host, allowHalfOpen: true }, async () => {
  socket.write(`PUT /photo HTTP/1.1\r\nHost: shop.example\r\nContent-Length: ${BODY.length}\r\n\r\n`);
  for (const [wait, from] of [
    [100, 0],
    [500, 1200],
  ]) {
    await sleep(wait);
    if (socket.writable) socket.write(BODY.slice(from, from + 1200), () => console.log('sent a part'));
  }
  if (socket.readableEnded) socket.end();
  else socket.once('end', () => socket.end());
});
socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
socket.on('end', () => console.log('done: the server closed'));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
