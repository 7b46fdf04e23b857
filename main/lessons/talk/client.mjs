// node client.mjs [HOST] [PORT] [--requests N] [--fixed]
// Asks N times on one connection, each time when Enter is pressed but for the first, then closes. --fixed: with keep-alive probes
// of TCP, the first after a second of silence.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const fixed = process.argv.includes('--fixed');
const at = process.argv.indexOf('--requests');
const requests = at < 0 ? 1 : Number(process.argv[at + 1]);
const [host = '127.0.0.1', port = '8080'] = process.argv
  .slice(2)
  .filter((one, i) => !one.startsWith('--') && i + 2 !== at + 1);

let asked = 0;
const socket = connect(Number(port), host, () => {
  if (fixed) socket.setKeepAlive(true, 1000);
  ask();
});
const lines = createInterface({ input: process.stdin });
lines.on('line', ask);

function ask() {
  asked++;
  socket.write(`GET /stock/${asked} HTTP/1.1\r\nHost: shop.example\r\n\r\n`);
}

socket.on('data', (data) => {
  console.log(`answered: ${data.toString().split('\r\n')[0]}`);
  if (asked < requests) console.log('press Enter for the next request');
  else socket.end();
});
socket.on('error', (error) => console.log(`failed: ${error.code}`));
socket.on('close', (failed) => {
  if (!failed) console.log(asked < requests ? 'closed: the server hung up' : 'done');
  lines.close();
});
