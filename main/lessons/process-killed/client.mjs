// node client.mjs [HOST] [PORT]
// Keeps three connections and asks twice on each; the second answers are long in coming.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

for (const name of ['one', 'two', 'three']) {
  let asked = 0;
  const ask = () => {
    asked++;
    socket.write(`GET /report/${name}/${asked} HTTP/1.1\r\nHost: shop.example\r\n\r\n`);
  };
  const socket = connect(Number(port), host, ask);
  socket.on('data', () => {
    if (asked === 1) {
      ask();
      console.log(`${name}: waits for the second answer`);
    } else console.log(`${name}: answered`);
  });
  socket.on('end', () => console.log(`${name} is over: the server closed`));
  socket.on('error', (error) => console.log(`${name} is over: ${error.code}`));
}
