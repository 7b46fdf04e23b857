/** Captures that put one thing in great number: what matters is that time and memory do not run away. */
import { packetsIn } from '../captures.mjs';
import { count } from '../numbers.mjs';
import { benchReaders } from './readers.mjs';

const SYNS = 5_000_000;
const RESETS = 200_000;
/** Before the resets of a connection come its handshake, a request and what acknowledges it. */
const PACKETS_OF_RESET_CONNECTION = 6;
const HANDSHAKE = 3;
/** Of the storms, those whose kind the floods do not have: resets after sessions that carried data, and of one connection that goes on. */
const STORMS = ['sessions', 'flow'];
/** Resets take twice as long as with tcptrace, which says nothing of them, at most. */
const AIMS_OF_RESETS = { tcptrace: 0.5 };
const AIMS_OF_SYNS = { mebibytes: 1024 };
const PEERS = ['tcpdump', 'tcptrace'];
/** Peers that keep kilobytes of each connection would take all the memory there is. */
const LIMITS = { limitSeconds: 120, limitGib: 8 };

export async function floods(bench) {
  const { captures } = bench;
  const syns = bench.sizeOf(SYNS);
  const resets = bench.sizeOf(RESETS);
  const files = [
    {
      path: await captures.flood('syns', syns),
      title: `${count(syns)} SYNs of as many connections`,
      packets: syns,
      aims: AIMS_OF_SYNS,
    },
    {
      path: await captures.flood('resets-of-flows', resets),
      title: `${count(resets)} resets of as many connections`,
      packets: resets * PACKETS_OF_RESET_CONNECTION,
      aims: AIMS_OF_RESETS,
    },
    {
      path: await captures.flood('resets-of-one', resets),
      title: `${count(resets)} resets of one connection`,
      packets: resets + HANDSHAKE,
      aims: AIMS_OF_RESETS,
    },
  ];
  for (const kind of STORMS) {
    const path = await captures.storm(kind, resets);
    files.push({
      path,
      title: `A storm of ${count(resets)} resets (${kind})`,
      packets: packetsIn(path),
      aims: AIMS_OF_RESETS,
    });
  }
  const peers = bench.peers.filter((name) => PEERS.includes(name));
  return files.flatMap((file) => benchReaders(bench, { ...file, peers, limits: LIMITS }));
}
