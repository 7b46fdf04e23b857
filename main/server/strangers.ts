/**
 * Connections that have not shown the token. Anybody on this machine can open them, thousands a second, and leave them
 * half open, send a byte a minute, or break them off at any moment.
 *
 * Invariant: no more than `most` of them are open. The oldest goes, not the newest: our own page shows the token within
 * moments, so it comes in during a storm, too.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

export class Strangers {
  readonly #most: number;
  /** In the order in which they came. */
  readonly #sockets = new Set<Socket>();

  constructor(http: Server, most: number) {
    this.#most = most;
    http.on('connection', (socket: Socket) => {
      // From the first moment to the last: Node takes its own listener away when it hands a socket over at an upgrade, and a
      // reset that nobody listens for would end this process. What follows an error is told by 'close'.
      socket.on('error', () => undefined);
      this.#add(socket);
    });
  }

  get count(): number {
    return this.#sockets.size;
  }

  /** It has shown the token, and counts no more. */
  trust(socket: object): void {
    this.#sockets.delete(socket as Socket);
  }

  #add(socket: Socket): void {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    for (const oldest of this.#sockets) {
      if (this.#sockets.size <= this.#most) return;
      this.#sockets.delete(oldest);
      oldest.destroy();
    }
  }
}
