// node client.mjs [HOST] [PORT] [--fixed]
// Has a pool of one connection, and asks when Enter is pressed. It does not look whether the server has closed meanwhile, as
// a client cannot that asks in the very moment when the server's FIN is under way.
// --fixed: it closes connections that were idle for half a second, before the server does, and takes a new one.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');
const IDLE_MS = 500;
let pooled;

function open() {
  const socket = connect(Number(port), host);
  socket.on('data', (data) => {
    console.log(`answered: ${data.toString().split('\r\n')[0]}`);
    console.log('press Enter for the next request');
    socket.pause(); // Whatever comes now is seen at the next request.
  });
  socket.on('end', () => {
    console.log('failed: the server had closed');
    process.exit();
  });
  socket.on('error', (error) => {
    console.log(`failed: ${error.code}`);
    process.exit();
  });
  if (fixed)
    socket.setTimeout(IDLE_MS, () => {
      pooled = undefined;
      socket.destroySoon();
      console.log('idle: closed by the client');
    });
  return socket;
}

function ask() {
  pooled ??= open();
  pooled.write('GET /stock HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: till/7 (branch 12)\r\n\r\n');
  pooled.resume();
  pooled.resume();
}

ask();
createInterface({ input: process.stdin }).on('line', ask);
