// node client.mjs [HOST] [PORT] [--fixed]
// A meter: connects from port 5000, always, and says what it has counted. --fixed: from any port that is free.
import { connect } from 'node:net';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const socket = connect({ port: Number(port), host, localPort: fixed ? undefined : 5000 }, () => {
  socket.write('meter 12 counted 4711 kWh\n');
});
socket.on('data', (data) => console.log(`answered: ${data.toString().trim()}`));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
// Enter ends it, as it should.
process.stdin.once('data', () => {
  socket.end(() => process.exit());
});
