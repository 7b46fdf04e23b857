// node client.mjs [HOST] [PORT]
// Eight customers at the same moment.
import { connect } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const CUSTOMERS = 8;
let here = 0;

for (let i = 1; i <= CUSTOMERS; i++) {
  const socket = connect(Number(port), host, () => {
    socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n');
  });
  let isCounted = false;
  const count = () => {
    if (isCounted) return;
    isCounted = true;
    if (++here === CUSTOMERS) console.log('all have come');
  };
  socket.on('connect', () => {
    console.log(`customer ${i} is connected`);
    count();
  });
  socket.on('data', (data) => console.log(`customer ${i}: ${data.toString().split('\r\n')[0]}`));
  socket.on('error', (error) => {
    console.log(`customer ${i}: failed: ${error.code}`);
    count();
  });
}
process.on('exit', () => console.log('done'));
