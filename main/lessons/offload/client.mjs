// node client.mjs [HOST] [PORT]
// Uploads in one piece, and reads the answer.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const BODY = 'x'.repeat(10_000);

const socket = connect(Number(port), host, () => {
  socket.write(`PUT /scan HTTP/1.1\r\nHost: shop.example\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
});
socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
socket.on('end', () => console.log('done: the server closed'));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
