// node server.mjs [HOST] [PORT]
// Takes an order to its end, works on it, and answers with a receipt.
import { createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

// Half open: a client may end its order, and is still there for the receipt.
const server = createServer({ allowHalfOpen: true }, (socket) => {
  let order = '';
  socket.on('data', (data) => (order += data.toString()));
  socket.on('end', () => {
    setTimeout(() => {
      socket.end(`receipt 4711: ${order.trim()}; pick it up at gate 3, and bring this receipt with you\n`);
      console.log('the receipt is sent');
    }, 100);
  });
  socket.on('error', (error) => console.log(`the client is gone: ${error.code}`));
});

server.listen(Number(port), host, () => console.log(`listening on ${host} ${server.address().port}`));
