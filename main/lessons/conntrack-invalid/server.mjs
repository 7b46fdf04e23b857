// node server.mjs [HOST] [PORT]
// Takes a request for a report, which is ready when Enter is pressed; then answers.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const lines = createInterface({ input: process.stdin });
const server = createServer((socket) => {
  socket.once('data', () => {
    console.log('working: press Enter when the report is ready');
    lines.once('line', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\norder;sum\n4711;9.99\n');
      console.log('answered');
    });
  });
  socket.on('end', () => console.log('the client closed'));
  socket.on('error', (error) => console.log(`the connection broke: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
