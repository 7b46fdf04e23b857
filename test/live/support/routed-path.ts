/**
 * A client, a router and a server, each in a namespace of its own, and a stand-in for ssh from the client to the server: its bytes
 * take the way through the router, as those of ssh would.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { udpProgram } from '../../native/support/network.ts';
import { until } from '../../support/patience.ts';

export const CLIENT = '10.91.1.2';
export const SERVER = '10.91.2.2';
export const SSH_PORT = 2222;
const WEB_PORT = 8080;

const PYTHON = ['/usr/bin/python3', '-S', '-E', '-c'] as const;
let count = 0;

/** Runs what it is sent, with the connection as its input and output, as sshd does with a command. */
const DAEMON = `
import os, socket, subprocess
listener = socket.create_server(("${SERVER}", ${SSH_PORT}))
while True:
  one, (host, port) = listener.accept()
  size = int.from_bytes(one.recv(4, socket.MSG_WAITALL), "big")
  script = one.recv(size, socket.MSG_WAITALL).decode()
  env = {**os.environ, "SSH_CONNECTION": f"{host} {port} ${SERVER} ${SSH_PORT}"}
  subprocess.Popen(["/bin/sh", "-c", script], stdin=one, stdout=one, stderr=subprocess.DEVNULL, env=env)
  one.close()
`;
/** Sends its last argument there; the host "nobody" never answers. */
const SSH = `#!/usr/bin/python3 -S
import os, socket, sys, threading
host, script = sys.argv[-2], sys.argv[-1].encode()
if host == "nobody":
  sys.stdin.buffer.read()
  sys.exit(255)
one = socket.create_connection(("${SERVER}", ${SSH_PORT}))
one.sendall(len(script).to_bytes(4, "big") + script)
def pass_input():
  while os.read(0, 4096): pass
  one.shutdown(socket.SHUT_WR)
threading.Thread(target=pass_input, daemon=True).start()
while data := one.recv(65536): os.write(1, data)
sys.exit(255)
`;
/** Answers each line with the same line. */
const WEB = `
import socket, threading
listener = socket.create_server(("${SERVER}", ${WEB_PORT}))
def serve(one):
  try:
    while data := one.recv(4096): one.sendall(data)
  except OSError: pass
while True: threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
`;
/** Talks, tells that it did, and talks on when it is told to, until the connection is gone. */
const TALK = `
import socket, sys
one = socket.create_connection(("${SERVER}", ${WEB_PORT}))
one.sendall(b"before\\n"); one.recv(4096)
print("talked", flush=True); sys.stdin.readline()
try: one.sendall(b"after\\n"); print(one.recv(4096), flush=True)
except ConnectionResetError: print("reset", flush=True)
`;

export class RoutedPath {
  readonly client: string;
  readonly router: string;
  readonly server: string;
  /** A PATH on which the stand-in is the ssh. */
  readonly path: string;
  readonly #children: ChildProcess[] = [];

  /** @param folder for the stand-in */
  constructor(folder: string) {
    const name = `rspath-${process.pid}-${count++}`;
    [this.client, this.router, this.server] = ['c', 'r', 's'].map((one) => `${name}-${one}`);
    for (const namespace of [this.client, this.router, this.server]) {
      this.#ip(`netns add ${namespace}`);
      this.#ip(`-n ${namespace} link set lo up`);
    }
    for (const [end, net] of [
      [this.client, 1],
      [this.server, 2],
    ] as const) {
      this.#ip(`link add cable0 netns ${end} type veth peer name cable${net} netns ${this.router}`);
      this.#ip(`-n ${end} addr add 10.91.${net}.2/24 dev cable0`);
      this.#ip(`-n ${this.router} addr add 10.91.${net}.1/24 dev cable${net}`);
      this.#ip(`-n ${end} link set cable0 up`);
      this.#ip(`-n ${this.router} link set cable${net} up`);
      this.#ip(`-n ${end} route add default via 10.91.${net}.1`);
    }
    execFileSync('ip', ['netns', 'exec', this.router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1']);
    const bin = join(folder, 'ssh-bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'ssh'), SSH);
    chmodSync(join(bin, 'ssh'), 0o755);
    this.path = `${bin}:${process.env['PATH'] ?? ''}`;
    this.#start(this.server, DAEMON);
    this.#start(this.server, WEB);
  }

  /** Resolves when both servers listen. */
  async listens(): Promise<void> {
    await until(() => {
      const listed = execFileSync('ip', ['netns', 'exec', this.server, 'ss', '-Hltn'], { encoding: 'utf8' });
      return [SSH_PORT, WEB_PORT].every((port) => listed.includes(`:${port} `));
    }, 'the servers to listen');
  }

  /** A connection that works, until the router refuses its next packet with a reset in the server's name. */
  async resetByRouter(): Promise<void> {
    const talk = this.#start(this.client, TALK);
    let said = '';
    talk.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
    await until(() => said.includes('talked'), 'the connection to work');
    this.#nft('add table ip refuse');
    this.#nft('add chain ip refuse forward { type filter hook forward priority 0 ; }');
    this.#nft(`add rule ip refuse forward tcp dport ${WEB_PORT} reject with tcp reset`);
    talk.stdin?.write('\n');
    await until(() => said.includes('reset'), 'the reset');
    this.#nft('delete table ip refuse');
  }

  /** Datagrams that fill files at both ends. */
  flood(packets: number): void {
    const program = udpProgram(SERVER, 9, packets, 1400);
    execFileSync('ip', ['netns', 'exec', this.client, ...PYTHON, program]);
  }

  /** Kills what the daemon started to capture at the server; with it ends the connection that brings its packets. */
  killCapture(): void {
    const pids = execFileSync('ip', ['netns', 'pids', this.server], { encoding: 'utf8' });
    for (const pid of pids.trim().split('\n'))
      if (!readFileSync(`/proc/${pid}/comm`, 'utf8').startsWith('python'))
        process.kill(Number(pid), 'SIGKILL');
  }

  remove(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const namespace of [this.client, this.router, this.server]) this.#ip(`netns del ${namespace}`);
  }

  #start(namespace: string, program: string): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', namespace, ...PYTHON, program], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    return child;
  }

  #ip(command: string): void {
    execFileSync('ip', command.split(' '), { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  #nft(command: string): void {
    execFileSync('ip', ['netns', 'exec', this.router, 'nft', ...command.split(' ')]);
  }
}
