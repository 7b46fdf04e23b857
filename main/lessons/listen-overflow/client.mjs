// node client.mjs [HOST] [PORT]
// Five early customers, who wait; then, at a line on its input, five more at one moment, who also wait.
import { connect } from 'node:net';
import { once } from 'node:events';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

function customer(i) {
  const socket = connect(Number(port), host);
  const settled = new Promise((resolve) => {
    socket.on('data', (data) => {
      console.log(`customer ${i}: ${data.toString().split('\r\n')[0]}`);
      resolve('served');
    });
    socket.on('error', (error) => {
      console.log(`customer ${i}: failed: ${error.code}`);
      resolve('failed');
    });
  });
  socket.on('connect', () => {
    console.log(`customer ${i} is connected`);
    socket.write('GET / HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n');
  });
  return { connected: Promise.race([once(socket, 'connect'), settled]), settled };
}

const early = [1, 2, 3, 4, 5].map(customer);
await Promise.all(early.map((one) => one.connected));
console.log('the early ones are here');
await once(process.stdin, 'data');

const crowd = [6, 7, 8, 9, 10].map(customer);
await Promise.all(crowd.map((one) => one.connected));
console.log('all have come');
await Promise.all([...early, ...crowd].map((one) => one.settled));
console.log('done');
process.exit();
