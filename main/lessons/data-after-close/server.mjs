// node server.mjs [HOST] [PORT]
// Takes three readings of a connection, says so, and closes it: FIN, for nothing is left unread.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  let readings = 0;
  createInterface({ input: socket }).on('line', () => {
    if (++readings < 3) return;
    // close(), as soon as that is sent: destroy() sends FIN where all was read.
    socket.write('3 readings taken\n', () => socket.destroy());
    console.log('3 readings taken: closed');
  });
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
