// node client.mjs [HOST] [PORT]
// Asks for one order, then for the list of all, on one connection with keep-alive probes of TCP after a second of silence.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const PATHS = ['/orders/4711', '/orders.csv'];
let asked = 0;
let answer = '';
const socket = connect(Number(port), host, () => {
  socket.setKeepAlive(true, 1000);
  ask();
});

function ask() {
  answer = '';
  socket.write(`GET ${PATHS[asked++]} HTTP/1.1\r\nHost: shop.example\r\n\r\n`);
}

socket.on('data', (data) => {
  answer += data;
  const [head, body] = answer.split('\r\n\r\n');
  if (body === undefined || body.length < Number(/Content-Length: (\d+)/u.exec(head)[1])) return;
  console.log(`read ${body.length} bytes`);
  if (asked < PATHS.length) ask();
  else socket.end();
});
socket.on('error', (error) => console.log(`failed: ${error.code}`));
socket.on('close', (failed) => {
  if (!failed) console.log('done');
});
