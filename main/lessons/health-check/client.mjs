// node client.mjs [HOST] [PORT] [--fixed]
// Looks five times whether a server is there, as a balancer does: connects and hangs up, or asks it.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const fixed = process.argv.includes('--fixed');
const [host = '127.0.0.1', port = '8080'] = process.argv.slice(2).filter((one) => one !== '--fixed');

function check() {
  return new Promise((resolve) => {
    const socket = connect(Number(port), host, () => {
      if (fixed) socket.write('GET /health HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n\r\n');
      else socket.resetAndDestroy(); // Cheaper than a close: no socket stays in TIME-WAIT.
    });
    socket.on('data', (data) => console.log(`answered: ${data.toString().split('\r\n')[0]}`));
    socket.on('error', (error) => console.log(`down: ${error.code}`));
    socket.on('close', resolve);
  });
}

for (let i = 1; i <= 5; i++) {
  await check();
  console.log(`check ${i} of 5 is done`);
  if (i < 5) await pause(700);
}
