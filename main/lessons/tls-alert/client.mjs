// node client.mjs [HOST] [PORT] [--fixed]
// Asks the bank over TLS: of version 1.2 at most, or of whatever both know.
import { readFileSync } from 'node:fs';
import { connect } from 'node:tls';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

const ca = readFileSync(new URL('certificate.pem', import.meta.url));
const socket = connect(
  { port: Number(port), host, ca, servername: 'bank.example', maxVersion: fixed ? 'TLSv1.3' : 'TLSv1.2' },
  () => {
    console.log(`speaking ${socket.getProtocol()}`);
    socket.write('GET / HTTP/1.1\r\nHost: bank.example\r\nConnection: close\r\n\r\n');
  },
);
socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
socket.on('error', (error) => console.log(`failed: ${error.code}`));
socket.on('close', () => console.log('done'));
