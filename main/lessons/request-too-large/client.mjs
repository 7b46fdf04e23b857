// node client.mjs [HOST] [PORT]
// Uploads a photo piece by piece, and reads the answer when all of it is sent, as most HTTP libraries do.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const PIECES = 30;
const PIECE_BYTES = 1000;

const socket = connect(Number(port), host);
socket.pause();
socket.on('error', (error) => console.log(`failed: ${error.code}`));
socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
socket.on('close', (failed) => console.log(failed ? 'the photo is lost, and nobody says why' : 'done'));

socket.write(
  `POST /photos HTTP/1.1\r\nHost: album.example\r\nContent-Length: ${PIECES * PIECE_BYTES}\r\n\r\n`,
);
for (let i = 0; i < PIECES && !socket.destroyed; i++) {
  await pause(10);
  socket.write(Buffer.alloc(PIECE_BYTES, 'photo '));
}
socket.resume();
