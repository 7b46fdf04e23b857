// node proxy.mjs [HOST] [PORT] [SERVER] [SERVER PORT]
// Hands a request on as it comes, all of it, and then the answer. When the server breaks before that, it answers 502.
import { connect, createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080', serverHost = '127.0.0.1', serverPort = '8081'] = process.argv
  .slice(2)
  .filter((one) => one !== '--fixed');

const proxy = createServer((client) => {
  const server = connect(Number(serverPort), serverHost);
  let left; // Bytes of the request that are still to come.
  let isOver = false;
  // The answer is read when the request is sent.
  server.pause();
  client.on('data', (data) => {
    left ??=
      data.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/iu.exec(data.toString('latin1'))[1]);
    left -= data.length;
    if (!isOver) server.write(data);
    if (left <= 0) server.resume();
  });
  server.on('data', (answer) => {
    isOver = true;
    client.end(answer);
    server.end();
  });
  server.on('error', (error) => {
    console.log(`the server failed: ${error.code}`);
    if (isOver) return;
    isOver = true;
    client.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\nContent-Length: 12\r\n\r\nbad gateway\n');
  });
  client.on('error', (error) => console.log(`the client failed: ${error.code}`));
});

proxy.listen(Number(port), host, () => console.log(`listening on ${host} ${proxy.address().port}`));
