/**
 * Reads a plain file with two threads: a worker reads and decodes, this one follows the flows. Measured on two cores
 * it takes a third less time than one thread; for small files starting the worker costs more than it saves.
 */
import type { Worker } from 'node:worker_threads';
import { assertUnreachable } from '../../shared/base/assert.ts';
import type { CaptureFormat } from '../engine/read/capture-format.ts';
import type { Session } from '../engine/session.ts';
import { CaptureFileError } from '../capture/capture-file.ts';
import { monotonicMs } from './monotonic.ts';
import type { ReadEvent, ReadMessage, ReadOrder } from './read-messages.ts';
import { takeReadThread } from './read-thread.ts';
import {
  ASLEEP,
  CANCELLED,
  CONSUMED,
  IN_CARRY,
  PUBLISHED,
  ReadRing,
  SLOTS,
  SLOT_CHUNK,
  SLOT_COUNT,
  SLOT_EVENTS,
  SLOT_INDEX_CHUNK,
  SLOT_INDEX_ROW,
  makeRingBuffers,
} from './read-ring.ts';

/** Consuming goes on at most this long before other events get their turn. */
const TURN_MS = 8;

/**
 * Feeds the session, whose `startFile` was called, with all packets of a plain file.
 * @param worker the built read-worker.js
 * @param onProgress gets the bytes read so far
 * @returns false when the worker cannot run here; nothing was taken then
 * @throws CaptureFileError 'read-error' after all that could be read was taken; the signal's reason when aborted
 */
export async function readInParallel(
  session: Session,
  path: string,
  worker: URL,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const buffers = makeRingBuffers();
  const order: ReadOrder = { path, buffers, hashSeed: session.flows.seed, epochNs: session.clock.epochNs };
  const thread = takeReadThread(worker);
  const follower = new Follower(session, new ReadRing(buffers), thread);
  thread.postMessage(order);
  const stop = (): void => follower.cancel();
  signal.addEventListener('abort', stop, { once: true });
  try {
    await follower.follow(onProgress, signal);
  } catch (error) {
    // A packaged app may not be able to start a thread from its archive.
    if (!follower.tookNothing) throw error;
    return false;
  } finally {
    signal.removeEventListener('abort', stop);
    follower.cancel();
    await thread.terminate();
  }
  signal.throwIfAborted();
  const { end } = follower;
  if (end?.error !== undefined) {
    throw new CaptureFileError(
      'read-error',
      path,
      `${path}: reading stopped (${end.error}); what comes before was read`,
    );
  }
  return true;
}

class Follower {
  end: Extract<ReadMessage, { kind: 'end' }> | undefined = undefined;
  readonly #session: Session;
  readonly #ring: ReadRing;
  readonly #control: Int32Array;
  /** Events by the batch that they belong before. */
  readonly #events = new Map<number, readonly ReadEvent[]>();
  /** Memory for the packet index, by number, that is being filled or is going to be. */
  readonly #chunks = new Map<number, SharedArrayBuffer>();
  #consumed = 0;
  #packets = 0;
  #format: CaptureFormat = 'unknown';
  #failure: unknown = undefined;
  /** Ends the sleep under way. */
  #wake: () => void = () => undefined;

  constructor(session: Session, ring: ReadRing, thread: Worker) {
    this.#session = session;
    this.#ring = ring;
    this.#control = ring.control;
    thread.on('message', (message: ReadMessage) => {
      if (message.kind === 'end') this.end = message;
      if (message.kind === 'chunk') this.#chunks.set(message.number, message.memory);
      if (message.kind === 'events') this.#events.set(message.batch, message.events);
      this.#wake();
    });
    thread.on('error', (error) => (this.#failure = error));
    thread.on('exit', () => {
      if (this.end === undefined) this.#failure ??= new Error('the reading thread ended before the file did');
      this.#wake();
    });
  }

  /** Whether the session is as it was. */
  get tookNothing(): boolean {
    return this.#consumed === 0 && this.end === undefined;
  }

  cancel(): void {
    Atomics.store(this.#control, CANCELLED, 1);
    Atomics.notify(this.#control, CONSUMED);
    this.#wake();
  }

  async follow(onProgress: (bytes: number) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const bytes = this.#consumeTurn();
      if (bytes >= 0) {
        this.#session.noteRead(this.#format, bytes, this.#packets);
        onProgress(bytes);
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (this.end !== undefined && this.#consumed === this.end.batches) break;
      await this.#next();
    }
    const end = this.end;
    if (end === undefined) return;
    this.#apply(end.events);
    for (const [name, hits] of end.limits) this.#session.limits.hit(name, hits);
    this.#session.noteRead(end.format, end.bytes, end.packets);
    onProgress(end.bytes);
  }

  /** Takes published batches for a turn. @returns offset of the last packet taken, −1 when there was none */
  #consumeTurn(): number {
    const control = this.#control;
    const until = monotonicMs() + TURN_MS;
    let bytes = -1;
    while (this.#consumed < Atomics.load(control, PUBLISHED)) {
      const number = this.#consumed;
      const at = this.#ring.slotAt(number);
      if (this.#waitsForMessage()) break;
      if (control[at + SLOT_EVENTS] === 1) {
        this.#apply(this.#events.get(number) ?? []);
        this.#events.delete(number);
      }
      const slot = number % SLOTS;
      const batch = this.#ring.batches[slot];
      const chunk = control[at + SLOT_CHUNK];
      batch.bytes = chunk === IN_CARRY ? this.#ring.carries[slot] : this.#ring.chunks[chunk];
      batch.count = control[at + SLOT_COUNT];
      const indexChunk = control[at + SLOT_INDEX_CHUNK];
      batch.home = this.#chunks.get(indexChunk);
      batch.columnsAt = control[at + SLOT_INDEX_ROW];
      this.#chunks.delete(indexChunk - 1);
      this.#packets += batch.count;
      bytes = batch.offsets[batch.count - 1];
      this.#session.takeBatch(batch);
      this.#consumed = number + 1;
      Atomics.store(control, CONSUMED, number + 1);
      Atomics.notify(control, CONSUMED);
      if (monotonicMs() >= until) break;
    }
    return bytes;
  }

  /** Lets other events run; where no batch is ready, until the worker has something to say. */
  async #next(): Promise<void> {
    const control = this.#control;
    if (this.#consumed < Atomics.load(control, PUBLISHED) && !this.#waitsForMessage()) {
      await new Promise((resolve) => setImmediate(resolve));
      return;
    }
    Atomics.store(control, ASLEEP, 1);
    // The worker may have published, or ended, just before it could see us asleep.
    if (this.#consumed < Atomics.load(control, PUBLISHED) && !this.#waitsForMessage()) return;
    if (this.end !== undefined || this.#failure !== undefined) return;
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  /** Whether something that belongs to the next batch is still on its way. */
  #waitsForMessage(): boolean {
    const at = this.#ring.slotAt(this.#consumed);
    if (!this.#chunks.has(this.#control[at + SLOT_INDEX_CHUNK])) return true;
    return this.#control[at + SLOT_EVENTS] === 1 && !this.#events.has(this.#consumed);
  }

  #apply(events: readonly ReadEvent[]): void {
    const session = this.#session;
    for (const event of events) {
      switch (event.kind) {
        case 'epoch':
          session.clock.epochNs = event.epochNs;
          this.#format = event.format;
          break;
        case 'interface':
          session.onInterface(event.info);
          break;
        case 'other-frames':
          session.onOtherFrames(event.count);
          break;
        case 'comment':
          session.onComment(event.text);
          break;
        case 'name':
          session.onName(event.address, event.name);
          break;
        case 'drops':
          session.onDrops(event.drops);
          break;
        case 'kernel':
          session.onKernelEvent(event.event);
          break;
        case 'warning':
          session.onWarning(event.warning);
          break;
        default:
          assertUnreachable(event);
      }
    }
  }
}
