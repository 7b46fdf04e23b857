// node client.mjs [HOST] [PORT] [--fixed]
// Keeps one connection to the database and asks over it, once more when Enter is pressed. --fixed: asks TCP to test it when it
// is idle (after a second here), and makes a new one when it broke.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

let kept;
let isWaiting = false;

function ask() {
  kept ??= open();
  isWaiting = true;
  kept.write('SELECT count(*) FROM orders WHERE day = today AND state = open AND town = 17\n');
}

function open() {
  const socket = connect({ port: Number(port), host, keepAlive: fixed, keepAliveInitialDelay: 1000 });
  socket.on('data', (data) => {
    isWaiting = false;
    console.log(`answered: ${data.toString().trim()}`);
  });
  socket.on('error', (error) => {
    console.log(`${isWaiting ? 'failed' : 'idle connection lost'}: ${error.code}`);
    kept = undefined;
  });
  return socket;
}

createInterface({ input: process.stdin }).on('line', ask);
ask();
