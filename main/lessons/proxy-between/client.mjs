// node client.mjs [HOST] [PORT]
// Fetches the list of prices, and says how much of it came.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

let bytes = 0;
const socket = connect(Number(port), host, () => {
  socket.write('GET /prices HTTP/1.1\r\nHost: prices.example\r\nConnection: close\r\n\r\n');
});
socket.on('data', (data) => (bytes += data.length));
socket.on('end', () => console.log(`done: ${bytes} bytes, then the end`));
socket.on('error', (error) => console.log(`failed: ${bytes} bytes, then ${error.code}`));
