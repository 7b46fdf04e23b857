// node client.mjs [HOST] [PORT]
// Asks once, and again when Enter is pressed, each time over a new connection.
import { once } from 'node:events';
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

async function ask() {
  const socket = connect(Number(port), host, () => {
    socket.write(
      'GET /basket HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: browser\r\nAccept: text/html\r\n\r\n',
    );
  });
  socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
  socket.on('error', (error) => console.log(`failed: ${error.code}`));
  await once(socket, 'close');
}

await ask();
console.log('press Enter to ask again');
await once(process.stdin, 'data');
await ask();
console.log('done');
process.exit();
