// node proxy.mjs [HOST] [PORT] [SERVER] [SERVER PORT]
// Takes connections, makes one to the server for each, and hands on what comes. When one of the two breaks, it breaks the other.
import { connect, createServer } from 'node:net';

const [host = '127.0.0.1', port = '8080', serverHost = '127.0.0.1', serverPort = '8081'] = process.argv
  .slice(2)
  .filter((one) => one !== '--fixed');

const proxy = createServer((client) => {
  const server = connect(Number(serverPort), serverHost);
  const handOn = (from, to, name) => {
    from.pipe(to);
    from.on('error', (error) => {
      console.log(`the ${name} side failed: ${error.code}`);
      to.resetAndDestroy();
    });
  };
  handOn(client, server, 'client’s');
  handOn(server, client, 'server’s');
});

proxy.listen(Number(port), host, () => console.log(`listening on ${host} ${proxy.address().port}`));
