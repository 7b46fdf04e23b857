// node client.mjs [HOST] [PORT] [--fixed]
// Sends an order, and closes: all of the connection, or only its own half of it.
import { connect } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const socket = connect(Number(port), host, () => {
  if (fixed) {
    // shutdown(SHUT_WR): FIN says that the order is whole, and we read on.
    socket.end('twelve boxes of apples\n');
  } else {
    // close(): FIN says the same, but whatever comes back meets nobody.
    socket.write('twelve boxes of apples\n', () => socket.destroy());
  }
});
socket.on('data', (data) => console.log(`received: ${data.toString().trim()}`));
socket.on('close', () => console.log('done'));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
