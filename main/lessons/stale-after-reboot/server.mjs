// node server.mjs [HOST] [PORT]
// A database: answers each line with a number.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  createInterface({ input: socket }).on('line', (line) => socket.write(`42 rows for ${line}\n`));
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
