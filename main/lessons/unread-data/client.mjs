// node client.mjs [HOST] [PORT]
// Uploads: first who it is, then the body. Reads the answer only when all is sent, as many libraries do.
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const BODY = 'x'.repeat(1200);

const socket = connect(Number(port), host, async () => {
  socket.write(`PUT /photo HTTP/1.1\r\nHost: shop.example\r\nContent-Length: ${BODY.length}\r\n\r\n`);
  await sleep(100);
  socket.write(BODY);
  console.log('sent');
});
socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
socket.on('end', () => console.log('done: the server closed'));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
