/** What happens on the cable while a capture runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Network } from '../../native/support/network.ts';
import { udpProgram } from '../../native/support/network.ts';
import { THERE } from './setup.ts';

/** Ports on which nobody listens. */
let nextPort = 5000;

/** Connections that the other end's kernel refuses with a reset. @returns the port */
export function makeResets(network: Network, count = 1): number {
  const port = nextPort++;
  network.python(network.here, refusedProgram(port, count, 0));
  return port;
}

/** The same without end, one every `everyMs`. */
export function keepMakingResets(network: Network, everyMs: number): ChildProcess {
  const program = refusedProgram(nextPort++, 1_000_000, everyMs / 1000);
  return spawn('ip', ['netns', 'exec', network.here, '/usr/bin/python3', '-S', '-E', '-c', program], {
    stdio: 'ignore',
  });
}

/** Datagrams that fill files. */
export function sendBytes(network: Network, packets: number, payloadBytes = 1400): void {
  network.python(network.here, udpProgram(THERE, 9, packets, payloadBytes));
}

function refusedProgram(port: number, count: number, pauseSeconds: number): string {
  return [
    'import socket, time',
    `for i in range(${count}):`,
    '  s = socket.socket()',
    '  try:',
    `    s.connect(("${THERE}", ${port}))`,
    '  except ConnectionRefusedError: pass',
    '  s.close()',
    `  time.sleep(${pauseSeconds})`,
  ].join('\n');
}
