/** Two network namespaces with one cable between them, for captures that nobody else's packets disturb. */
import { execFileSync } from 'node:child_process';

export const HERE = '10.88.0.1';
export const THERE = '10.88.0.2';
export const HERE_6 = 'fd88:0:0:0:0:0:0:1';
export const THERE_6 = 'fd88:0:0:0:0:0:0:2';
/** The interface of either end. */
export const CABLE = 'cable0';

let count = 0;

export class Network {
  readonly here: string;
  readonly there: string;

  constructor(prefix = 'native') {
    const name = `${prefix}-${process.pid}-${count++}`;
    this.here = `${name}-here`;
    this.there = `${name}-there`;
    const commands = [
      `netns add ${this.here}`,
      `netns add ${this.there}`,
      `-n ${this.here} link set lo up`,
      `-n ${this.there} link set lo up`,
      `link add ${CABLE} netns ${this.here} type veth peer name ${CABLE} netns ${this.there}`,
      `-n ${this.here} addr add ${HERE}/24 dev ${CABLE}`,
      `-n ${this.there} addr add ${THERE}/24 dev ${CABLE}`,
      `-n ${this.here} addr add ${HERE_6}/64 dev ${CABLE} nodad`,
      `-n ${this.there} addr add ${THERE_6}/64 dev ${CABLE} nodad`,
      `-n ${this.here} link set ${CABLE} up`,
      `-n ${this.there} link set ${CABLE} up`,
    ];
    for (const command of commands) this.ip(...command.split(' '));
  }

  ip(...args: readonly string[]): void {
    execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Runs a Python program in a namespace and answers what it printed. */
  python(namespace: string, program: string): string {
    return execFileSync('ip', ['netns', 'exec', namespace, '/usr/bin/python3', '-S', '-E', '-c', program], {
      encoding: 'utf8',
    });
  }

  remove(): void {
    for (const namespace of [this.here, this.there]) this.ip('netns', 'del', namespace);
  }
}

/** Sends UDP datagrams as fast as it can. */
export function udpProgram(to: string, port: number, count: number, payloadBytes: number): string {
  return [
    'import socket',
    's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)',
    // Nobody listens; a refusal must not stop the loop.
    `for i in range(${count}): s.sendto(b"x" * ${payloadBytes}, ("${to}", ${port}))`,
  ].join('\n');
}
