/** What the capture file says of single packets (pcapng opt_comment), by packet number. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';

export class PacketComments {
  /** In order of the packets. */
  readonly #texts = new Map<number, string>();
  readonly #limits: LimitCounter;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  set(packet: PacketNumber, text: string): void {
    if (this.#texts.size >= LIMITS.maxComments) this.#limits.hit('maxComments');
    else this.#texts.set(packet, text);
  }

  get(packet: PacketNumber): string | undefined {
    return this.#texts.get(packet);
  }

  /** Lets go of comments whose packets are gone. */
  dropBelow(packet: PacketNumber): void {
    for (const commented of this.#texts.keys()) {
      if (commented >= packet) break;
      this.#texts.delete(commented);
    }
  }
}
