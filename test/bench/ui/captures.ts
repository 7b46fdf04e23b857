/** Captures that put one thing in great number: a connection of many packets, and many resets of different kinds. */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FloodWriter } from '../../support/floods.ts';

const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;

/** Part of the cached files' names: grows whenever other bytes would be made. */
const VERSION = 1;

/** Path of a capture of one connection with so many packets, which a reset of the server ends. */
export function longConnection(folder: string, packets: number): string {
  return kept(folder, `connection-${packets}`, () => {
    const flood = new FloodWriter().handshake();
    let sent = 1001;
    for (let i = 3; i < packets - 1; i++) {
      // Requests of three segments, of which now and then one is sent twice, an answer to each pair, and pauses between them.
      const isAck = i % 3 === 2;
      if (isAck) flood.wait(8000).fromServer(ACK, 5001, sent);
      else {
        const isAgain = i % 97 === 0;
        flood.fromClient(ACK | PSH, isAgain ? sent - 120 : sent, 5001, 40_000, 120);
        if (!isAgain) sent += 120;
      }
      if (i % 1000 === 0) flood.wait(2_000_000);
    }
    return flood.fromServer(RST | ACK, 5001, sent).finish();
  });
}

/** Path of a capture of so many connections, each of which ends with a reset: refused, aborted, or out of the blue. */
export function manyResets(folder: string, resets: number): string {
  return kept(folder, `resets-${resets}`, () => {
    const flood = new FloodWriter();
    for (let i = 0; i < resets; i++) {
      const there = {
        source: 0x0a00_0100 + (i % 5000),
        sourcePort: 1024 + (Math.floor(i / 5000) % 60_000),
        destination: 0xc633_6400 + (i % 200),
        destinationPort: [443, 80, 5432, 8443, 22][i % 5],
      };
      const back = {
        source: there.destination,
        sourcePort: there.destinationPort,
        destination: there.source,
        destinationPort: there.sourcePort,
      };
      const seq = i * 977;
      flood.tcp({ ...there, flags: SYN, seq });
      if (i % 3 === 0) {
        flood.tcp({ ...back, flags: RST | ACK, seq: 0, ack: seq + 1 });
        continue;
      }
      const answer = i * 331;
      flood.wait(1000).tcp({ ...back, flags: SYN | ACK, seq: answer, ack: seq + 1 });
      flood.wait(1000).tcp({ ...there, flags: ACK, seq: seq + 1, ack: answer + 1 });
      flood.tcp({ ...there, flags: ACK | PSH, seq: seq + 1, ack: answer + 1, payload: 40 });
      if (i % 3 === 1) flood.wait(1000).tcp({ ...back, flags: RST | ACK, seq: answer + 1, ack: seq + 41 });
      else flood.wait(20).tcp({ ...back, flags: RST, seq: answer + 1 });
    }
    return flood.finish();
  });
}

function kept(folder: string, name: string, make: () => Uint8Array): string {
  const path = join(folder, `${name}-v${VERSION}.pcap`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.part`, make());
  renameSync(`${path}.part`, path);
  return path;
}
