// What the pictures of the tour are about, captured out of real traffic.
import { setTimeout as wait } from 'node:timers/promises';
import { ADDRESSES, endGroup, Network } from './network.mjs';

const CAPTURED_MS = 20_000;

/** What the host sees of some seconds, and the way to the server as traceroute prints it. */
export async function captureStory(capture) {
  const network = new Network(process.pid);
  try {
    network.make();
    const tcpdump = network.start(
      network.host,
      'tcpdump',
      '-q',
      '-U',
      '-Z',
      'root',
      '-i',
      'eth0',
      '-w',
      capture,
      'ip',
    );
    await wait(1500);
    network.startClients();
    await wait(CAPTURED_MS);
    const ended = new Promise((resolve) => tcpdump.once('close', resolve));
    endGroup(tcpdump, 'SIGINT');
    await ended;
    const route = network.run(network.host, 'traceroute', '-n', '-T', '-p', '80', ADDRESSES.prices);
    return { capture, route };
  } finally {
    await network.end();
  }
}
