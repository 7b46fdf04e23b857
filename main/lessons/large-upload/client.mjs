// node client.mjs [HOST] [PORT]
// Uploads a film piece by piece, and reads the answer when all of it is sent.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const PIECES = 40;
const PIECE_BYTES = 500;

// Half open: the answer may come, and end, before all is sent.
const socket = connect({ port: Number(port), host, allowHalfOpen: true });
socket.on('error', (error) => console.log(`failed: ${error.code}`));
socket.write(
  `POST /films HTTP/1.1\r\nHost: films.example\r\nAuthorization: Bearer old\r\nContent-Length: ${PIECES * PIECE_BYTES}\r\n\r\n`,
);
const answer = new Promise((resolve) => socket.once('data', resolve));
for (let i = 0; i < PIECES; i++) {
  await pause(10);
  socket.write(Buffer.alloc(PIECE_BYTES, 'film '));
}
console.log(`answered: ${(await answer).toString().split('\r\n')[0]}`);
socket.end();
