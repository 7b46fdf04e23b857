// node server.mjs [HOST] [PORT] [--slow]
// Answers requests, as many as come on a connection. --slow: after 300 ms each.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const slow = process.argv.includes('--slow');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => !one.startsWith('--'));

const server = createServer((socket) => {
  socket.on('data', async (data) => {
    console.log(`asked: ${data.toString().split('\r\n')[0]}`);
    if (slow) await sleep(300);
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 8\r\n\r\nin stock');
    console.log('answered');
  });
  socket.on('end', () => console.log('the client closed'));
  socket.on('error', (error) => console.log(`the connection broke: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
