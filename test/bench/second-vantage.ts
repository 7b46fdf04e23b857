/**
 * The same packets as they pass a second capture point, three routers nearer to the servers: with lower or higher TTLs, client ports
 * that a translator changed, a clock of its own, and a few lost. Records come a little later or earlier than at the first, so that they
 * wait here until they stand in the order of their times.
 */
import { FrameWriter, type Addressing } from './frame-writer.ts';
import type { Draft } from './outbox.ts';
import type { Payloads } from './payloads.ts';
import { Random } from './random.ts';

const CLOCK_OFFSET = 1.234_567;
/** Seconds from one capture point to the other, and what queues add on average. */
const TRANSIT = 0.004;
const JITTER = 0.000_1;
const LOSS = 0.001;
const ROUTERS = 3;
const WAITING = 1 << 14;

export class SecondVantage {
  readonly #random: Random;
  readonly #writer: FrameWriter;
  readonly #flush: (bytes: Uint8Array) => void;
  /** By direction: queues keep the order of packets. */
  readonly #newest = [0, 0];
  #waiting: { readonly time: number; readonly bytes: Uint8Array }[] = [];
  #draft: Draft | undefined;
  packets = 0;

  constructor(payloads: Payloads, epochSeconds: number, seed: number, flush: (bytes: Uint8Array) => void) {
    this.#random = new Random(seed);
    this.#flush = flush;
    this.#writer = new FrameWriter(payloads, epochSeconds, (bytes) => {
      this.#waiting.push({ time: this.#draft?.time ?? -Infinity, bytes: bytes.slice() });
    });
    // The file's header.
    this.#writer.finish();
  }

  write(flow: Addressing, draft: Draft): void {
    const way = draft.from === 0 ? 1 : -1;
    const transit = TRANSIT + this.#random.exponential(JITTER);
    if (this.#random.chance(LOSS)) return;
    const time = Math.max(this.#newest[draft.from] + 1e-6, draft.time + CLOCK_OFFSET + way * transit);
    this.#newest[draft.from] = time;
    const { client, server, clientPort, serverPort, v6, timestamps, mss } = flow;
    this.#draft = { ...draft, time, ttl: draft.ttl - way * ROUTERS };
    this.#writer.write(
      { client, server, clientPort: translated(clientPort), serverPort, v6, timestamps, mss },
      this.#draft,
    );
    this.#writer.finish();
    this.packets++;
    if (this.#waiting.length > WAITING) this.#handOn(WAITING / 2);
  }

  finish(): void {
    this.#handOn(this.#waiting.length);
  }

  #handOn(count: number): void {
    this.#waiting.sort((one, other) => one.time - other.time);
    for (const { bytes } of this.#waiting.slice(0, count)) this.#flush(bytes);
    this.#waiting = this.#waiting.slice(count);
  }
}

/** Each port becomes another one, and no two the same. */
function translated(port: number): number {
  return port < 1024 ? port : 1024 + (((port - 1024) * 7919) % 64_512);
}
