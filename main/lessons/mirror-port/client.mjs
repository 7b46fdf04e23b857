// node client.mjs [HOST] [PORT]
// Asks for a report, and reads until the server has closed.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const socket = connect(Number(port), host, () => {
  socket.write('GET /report.csv HTTP/1.1\r\nHost: shop.example\r\n\r\n');
});
socket.on('data', (data) => console.log(`read ${data.length} bytes`));
socket.on('end', () => console.log('done: the server closed'));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
