/** Which process owns a socket of the capturing machine. LIMITS.maxSocketOwners are kept; the oldest go. */
import { addressText } from '../../../shared/format/address.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import type { SocketOwner } from '../../../shared/model/witness.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';
import type { KernelEvent } from '../read/kernel-event.ts';

const ANY = ['', '', '', '', '0.0.0.0', '', '::'] as const;

export class OwnerLog {
  /** By connection, and by local end alone for sockets that listen. In the order in which they were last told of. */
  readonly #owners = new Map<string, SocketOwner>();
  readonly #limits: LimitCounter;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  get count(): number {
    return this.#owners.size;
  }

  note(event: KernelEvent, timeline: number): void {
    if (event.pid === 0 && event.comm === '') return;
    const { family } = event;
    const local = endpointText(addressText(event.local, 0, family), event.localPort);
    const remote = endpointText(addressText(event.remote, 0, family), event.remotePort);
    const key = keyOf(timeline, local, event.remotePort === 0 ? '' : remote);
    this.#owners.delete(key);
    if (this.#owners.size >= LIMITS.maxSocketOwners) {
      this.#limits.hit('maxSocketOwners');
      for (const oldest of this.#owners.keys()) {
        this.#owners.delete(oldest);
        break;
      }
    }
    this.#owners.set(key, {
      name: event.comm === '' ? 'a process' : event.comm,
      pid: event.pid,
      cgroup: event.text === '' ? null : event.text,
    });
  }

  /**
   * The owner of the socket at an address and port that is connected to `remote`, else of the one that listens there.
   * @param isOwn the address is one of the machine: only then a socket that listens on any address is meant
   */
  owner(
    timeline: number,
    family: number,
    address: string,
    port: number,
    remote: string,
    isOwn: boolean,
  ): SocketOwner | null {
    const local = endpointText(address, port);
    const connected = this.#owners.get(keyOf(timeline, local, remote));
    if (connected !== undefined || !isOwn) return connected ?? null;
    return (
      this.#owners.get(keyOf(timeline, local, '')) ??
      this.#owners.get(keyOf(timeline, endpointText(ANY[family], port), '')) ??
      // A socket of IPv6 that listens takes IPv4, too.
      this.#owners.get(keyOf(timeline, endpointText(ANY[6], port), '')) ??
      null
    );
  }
}

function keyOf(timeline: number, local: string, remote: string): string {
  return `${timeline} ${local} ${remote}`;
}
