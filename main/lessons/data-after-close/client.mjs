// node client.mjs [HOST] [PORT] [--fixed]
// Sends three readings, then one more for each line on its input. It never expects an answer.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

let reading = 0;
let socket;

function open() {
  // Half open, so that the end of what the server says does not end what we say.
  socket = connect({ port: Number(port), host, allowHalfOpen: true });
  socket.on('error', (error) => {
    console.log(`failed: ${error.code}`);
    process.exit(1);
  });
  socket.resume();
  if (!fixed) return;
  const mine = socket;
  mine.on('end', () => {
    mine.end();
    socket = undefined;
    console.log('the server closed: the next reading goes over a new connection');
  });
}

function send() {
  if (socket === undefined) open();
  const text = JSON.stringify({
    reading: ++reading,
    sensor: 'cold store 3, shelf 12',
    celsius: -18.4,
    door: 'closed',
  });
  const now = reading;
  socket.write(`${text}\n`, (error) => error ?? console.log(`sent reading ${now}`));
}

send();
send();
send();
createInterface({ input: process.stdin }).on('line', send);
