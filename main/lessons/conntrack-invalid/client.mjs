// node client.mjs [HOST] [PORT]
// Asks for a report and waits for it until Enter is pressed.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const socket = connect(Number(port), host, () => {
  socket.write('GET /report HTTP/1.1\r\nHost: shop.example\r\n\r\n');
  console.log('asked: press Enter to give up');
});
const lines = createInterface({ input: process.stdin });
const end = (said) => {
  console.log(said);
  lines.close();
  socket.destroy();
  process.stdin.destroy();
};
lines.once('line', () => end('failed: no answer came'));
socket.once('data', () => end('done'));
socket.on('error', (error) => end(`failed: ${error.code}`));
