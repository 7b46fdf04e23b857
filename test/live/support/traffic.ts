/** What happens on the cable while a capture runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { onTestFinished } from 'vitest';
import type { Network } from '../../native/support/network.ts';
import { udpProgram } from '../../native/support/network.ts';
import { HERE, THERE } from './setup.ts';

/** Ports on which nobody listens. */
let nextPort = 5000;

/** Connections that the other end's kernel refuses with a reset. @returns the port */
export function makeResets(network: Network, count = 1): number {
  const port = nextPort++;
  network.python(network.here, refusedProgram(THERE, port, count, 0));
  return port;
}

/** Connections that this end's kernel refuses, where the capture runs. @returns the port */
export function makeOwnReset(network: Network): number {
  const port = nextPort++;
  network.python(network.there, refusedProgram(HERE, port, 1, 0));
  return port;
}

/** The same without end, one every `everyMs`. */
export function keepMakingResets(network: Network, everyMs: number): ChildProcess {
  return keepRunning(network, refusedProgram(THERE, nextPort++, 1_000_000, everyMs / 1000));
}

/** Datagrams that fill files. */
export function sendBytes(network: Network, packets: number, payloadBytes = 1400): void {
  network.python(network.here, udpProgram(THERE, 9, packets, payloadBytes));
}

/** The same without end, one every few milliseconds. */
export function keepSending(network: Network, payloadBytes = 10): ChildProcess {
  const program = [
    'import socket, time',
    's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
    `while True: s.sendto(b"x" * ${payloadBytes}, ("${THERE}", 9)); time.sleep(0.02)`,
  ].join('\n');
  return keepRunning(network, program);
}

/** What runs without end is killed with its test at the latest, also where that fails. */
function keepRunning(network: Network, program: string): ChildProcess {
  const python = ['/usr/bin/python3', '-S', '-E', '-c', program];
  const child = spawn('ip', ['netns', 'exec', network.here, ...python], { stdio: 'ignore' });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

/** The same, while something else goes on here. */
export async function flood(network: Network, packets: number, payloadBytes = 1400): Promise<void> {
  const program = udpProgram(THERE, 9, packets, payloadBytes);
  const python = ['/usr/bin/python3', '-S', '-E', '-c', program];
  const child = spawn('ip', ['netns', 'exec', network.here, ...python], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('close', resolve));
}

function refusedProgram(to: string, port: number, count: number, pauseSeconds: number): string {
  return [
    'import socket, time',
    `for i in range(${count}):`,
    '  s = socket.socket()',
    '  try:',
    `    s.connect(("${to}", ${port}))`,
    '  except ConnectionRefusedError: pass',
    '  s.close()',
    `  time.sleep(${pauseSeconds})`,
  ].join('\n');
}
