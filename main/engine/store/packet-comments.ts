/** What the capture file says of single packets (pcapng opt_comment), by packet number. */
import type { PacketNumber } from '../../../shared/base/units.ts';
import type { LimitCounter } from '../limits.ts';
import { LIMITS } from '../limits.ts';

const NONE: readonly string[] = [];

export class PacketComments {
  /** In order of the packets. */
  readonly #texts = new Map<number, string[]>();
  #count = 0;
  readonly #limits: LimitCounter;

  constructor(limits: LimitCounter) {
    this.#limits = limits;
  }

  /** A packet may have several (draft-ietf-opsawg-pcapng §3.5). */
  add(packet: PacketNumber, text: string): void {
    if (this.#count >= LIMITS.maxComments) {
      this.#limits.hit('maxComments');
      return;
    }
    this.#count++;
    const others = this.#texts.get(packet);
    if (others === undefined) this.#texts.set(packet, [text]);
    else others.push(text);
  }

  get count(): number {
    return this.#count;
  }

  get(packet: PacketNumber): readonly string[] {
    return this.#texts.get(packet) ?? NONE;
  }

  /** All of them, in order of the packets. */
  all(): Iterable<readonly [number, readonly string[]]> {
    return this.#texts;
  }

  /** Lets go of comments whose packets are gone. */
  dropBelow(packet: PacketNumber): void {
    for (const [commented, texts] of this.#texts) {
      if (commented >= packet) break;
      this.#count -= texts.length;
      this.#texts.delete(commented);
    }
  }
}
