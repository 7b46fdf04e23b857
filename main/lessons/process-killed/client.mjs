// node client.mjs [HOST] [PORT]
// Orders three reports, on a connection each, and waits for them.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

for (const name of ['sales', 'stock', 'wages']) {
  const socket = connect(Number(port), host);
  socket.once('data', () => {
    socket.write(`REPORT ${name} of November, with all of its pages\n`, () => console.log(`${name}: waits`));
    socket.on('data', (data) => console.log(`${name}: ${data.toString().trim()}`));
  });
  socket.on('end', () => console.log(`${name} is over: the server closed`));
  socket.on('error', (error) => console.log(`${name} is over: ${error.code}`));
}
