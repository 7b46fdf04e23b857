// node server.mjs [HOST] [PORT]
// A web server that logs its visitors.
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  console.log('a visitor');
  socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nwelcome\n'));
  socket.on('error', (error) => console.log(`the visitor is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
