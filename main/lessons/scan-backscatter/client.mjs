// node client.mjs [HOST] [PORT] [--from SOURCE PORT]
// Tries twelve ports, from PORT on, and says which are open.
import { connect } from 'node:net';
import { once } from 'node:events';

const args = process.argv.slice(2).filter((one) => one !== '--fixed');
const [host = '127.0.0.1', port = '8080'] = args;

for (let i = 0; i < 12; i++) {
  const socket = connect({ port: Number(port) + i, host, timeout: 300 });
  const state = await Promise.race([
    once(socket, 'connect').then(
      () => 'open',
      (error) => (error.code === 'ECONNREFUSED' ? 'closed' : error.code),
    ),
    once(socket, 'timeout').then(() => 'no answer'),
  ]);
  console.log(`port ${Number(port) + i}: ${state}`);
  socket.destroy();
}
console.log('done');
