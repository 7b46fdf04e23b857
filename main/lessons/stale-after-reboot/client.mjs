// node client.mjs [HOST] [PORT] [--fixed]
// Keeps one connection to the database and asks over it, once more when Enter is pressed. --fixed: closes it when it has been idle
// for half a second, and makes a new one when it is needed.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

let kept;

function ask() {
  kept ??= open();
  kept.write('SELECT count(*) FROM orders WHERE day = today AND state = open AND town = 17\n');
}

function open() {
  const socket = connect(Number(port), host);
  socket.on('data', (data) => console.log(`answered: ${data.toString().trim()}`));
  socket.on('error', (error) => console.log(`failed: ${error.code}`));
  if (fixed)
    socket.setTimeout(500, () => {
      kept = undefined;
      socket.end();
    });
  socket.on('close', (failed) => {
    if (!failed) console.log('the idle connection is closed');
  });
  return socket;
}

createInterface({ input: process.stdin }).on('line', ask);
ask();
