// node proxy.mjs [HOST] [PORT] [SERVER] [SERVER PORT]
// A balancer: keeps its connection to the server for up to 60 idle seconds, and looks at it only when it needs it. Here a second
// takes 100 ms.
import { connect, createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080', serverHost = '127.0.0.1', serverPort = '8081'] = process.argv
  .slice(2)
  .filter((one) => one !== '--fixed');

const SECOND_MS = 100;
const IDLE_SECONDS = 60;

let kept;
/** Who waits for an answer of it. */
let waiting;

function open() {
  // Half open: that the server has closed ends nothing here, and nobody looks until the connection is needed.
  const server = connect({ port: Number(serverPort), host: serverHost, allowHalfOpen: true });
  server.setTimeout(IDLE_SECONDS * SECOND_MS, () => forget(server));
  server.on('data', (answer) => {
    waiting?.end(answer);
    waiting = undefined;
  });
  server.on('error', (error) => fail(server, error.code));
  return server;
}

function fail(server, why) {
  if (waiting !== undefined) console.log(`the server failed: ${why}`);
  waiting?.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 12\r\n\r\nbad gateway\n');
  waiting = undefined;
  forget(server);
}

function forget(server) {
  server.destroy();
  if (kept === server) kept = undefined;
}

const proxy = createServer((client) => {
  client.once('data', (request) => {
    waiting = client;
    kept ??= open();
    const server = kept;
    server.write(request, () => {
      // Only now is read what has been there for long: the end instead of an answer.
      if (server.readableEnded) fail(server, 'closed before it answered');
    });
  });
  client.on('error', (error) => console.log(`the client failed: ${error.code}`));
});

proxy.listen(Number(port), host, () => console.log(`listening on ${host} ${proxy.address().port}`));
