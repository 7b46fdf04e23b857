// node server.mjs [HOST] [PORT]
// Greets each meter, and keeps its connection for as long as the meter does.
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const server = createServer((socket) => {
  socket.on('data', (data) => {
    console.log(`received: ${data.toString().trim()}`);
    socket.write('noted\n');
  });
  socket.on('error', (error) => console.log(`an old connection broke: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
