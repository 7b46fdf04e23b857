// node server.mjs [HOST] [PORT]
// A web server that logs whoever leaves without a word.
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  socket.once('data', () => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nup\n');
    console.log('asked, and answered');
  });
  socket.on('error', (error) => console.log(`ERROR ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
