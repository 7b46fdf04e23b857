/** What programs of other people can do to a port of this machine: connections that break off, stay open, or say nonsense. */
import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** Bytes to send, and what becomes of the connection then. */
interface Trouble {
  readonly bytes: (port: number) => string;
  readonly then: 'reset' | 'end' | 'stay' | 'drip';
}

const head = (port: number, first: string, ...lines: readonly string[]): string =>
  [first, `Host: 127.0.0.1:${port}`, ...lines].join('\r\n');
const UPGRADE = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
];
const upgrade = (port: number): string => `${head(port, 'GET /rpc HTTP/1.1', ...UPGRADE)}\r\n\r\n`;
const post = (port: number): string =>
  `${head(port, 'POST /upload?name=a HTTP/1.1', `Origin: http://127.0.0.1:${port}`, 'Content-Length: 1000000000')}\r\n\r\nx`;

const TROUBLES: readonly Trouble[] = [
  { bytes: upgrade, then: 'reset' },
  { bytes: upgrade, then: 'stay' },
  { bytes: (port) => head(port, 'GET /rpc HTTP/1.1', ...UPGRADE), then: 'stay' },
  { bytes: (port) => upgrade(port).replace(/Key: A+/, 'Key: short'), then: 'reset' },
  { bytes: () => '', then: 'stay' },
  { bytes: () => '', then: 'reset' },
  { bytes: (port) => head(port, 'GET / HTTP/1.1', 'X: '), then: 'drip' },
  { bytes: post, then: 'drip' },
  { bytes: post, then: 'reset' },
  { bytes: (port) => `${head(port, 'GET / HTTP/1.1', 'Content-Length: 1000')}\r\n\r\n`, then: 'drip' },
  { bytes: (port) => `${head(port, 'GET / HTTP/1.1')}\r\n\r\n`.repeat(500), then: 'stay' },
  { bytes: (port) => `${head(port, 'CONNECT / HTTP/1.1')}\r\n\r\n`, then: 'reset' },
  { bytes: () => '\0\xff\x16\x03\x01'.repeat(1000), then: 'end' },
];

/** As many as a program with the usual limit of descriptors can have open. */
const MOST_OPEN = 700;

export class Storm {
  /** Connections that were made so far. */
  made = 0;
  readonly #port: number;
  readonly #open = new Set<Socket>();
  readonly #drips: Socket[] = [];

  constructor(port: number) {
    this.#port = port;
  }

  /** Makes so many more connections, as fast as they are taken. */
  async blow(connections: number): Promise<void> {
    for (let i = 0; i < connections; i++) {
      await this.#connect(TROUBLES[this.made++ % TROUBLES.length]);
      for (const socket of this.#drips.splice(0, 50)) socket.write('x');
      const [oldest] = this.#open;
      if (this.#open.size > MOST_OPEN) oldest.destroy();
    }
  }

  end(): void {
    for (const socket of this.#open) socket.destroy();
  }

  #connect({ bytes, then }: Trouble): Promise<void> {
    return new Promise((resolve) => {
      const socket = connect(this.#port, '127.0.0.1', () => {
        socket.write(bytes(this.#port), 'latin1', () => {
          if (then === 'reset') socket.resetAndDestroy();
          else if (then === 'end') socket.end();
          else if (then === 'drip') this.#drips.push(socket);
          resolve();
        });
      });
      this.#open.add(socket);
      // Nothing is ever read.
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#open.delete(socket);
        resolve();
      });
    });
  }
}
