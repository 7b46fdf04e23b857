/**
 * Reads the bytes that filters ask for, a slice at a time, while others get their turn.
 *
 * Nobody waits for a long one: lists are answered with what is known, and say how far it is (`RowWindow.looked`); each step is
 * told as a new revision, which makes pages ask again. A scan goes on for as long as somebody goes on asking: it ends by itself
 * some seconds after the last question, so that leaving a filter is all that it takes to stop one.
 */
import type { PacketNumber } from '../../shared/base/units.ts';
import type { Looked } from '../../shared/contract/methods.ts';
import type { ByteAnswers } from '../engine/select/byte-answers.ts';
import type { Selection } from '../engine/select/selection.ts';
import type { Session } from '../engine/session.ts';
import { monotonicMs } from './monotonic.ts';
import type { PacketBytes } from './packet-bytes.ts';

/** A slice of answering before other calls get their turn. */
const BREATH_MS = 12;
/** Steps are told so often at first, */
const FIRST_STEP_MS = 150;
/** and later so often: each makes lists anew. */
const LATER_STEP_MS = 600;
/** Nobody asked for so long: nobody wants it any more. */
const LEASE_MS = 5000;

export class FilterScans {
  readonly #session: Session;
  readonly #bytes: PacketBytes;
  readonly #onStep: () => void;
  /** Selections that somebody wants whole, and until when. */
  readonly #wanted = new Map<Selection, number>();
  #running: Promise<void> | undefined;
  #isClosed = false;

  /** @param onStep told after each step, and at the end of a scan */
  constructor(session: Session, bytes: PacketBytes, onStep: () => void) {
    this.#session = session;
    this.#bytes = bytes;
    this.#onStep = onStep;
  }

  /** How far a filter is; undefined where all was looked at. Somebody wants the rest. */
  looked(selection: Selection): Looked | undefined {
    const { size } = selection.open;
    if (size === 0) return undefined;
    this.#wanted.set(selection, monotonicMs() + LEASE_MS);
    if (!this.#isClosed)
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    const { packets } = this.#session;
    const of = packets.count - packets.gone;
    return { done: of - size, of };
  }

  /** Ends what is under way, and waits until nothing is read any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wanted.clear();
    await this.#running;
  }

  async #run(): Promise<void> {
    let step = FIRST_STEP_MS;
    let toldMs = monotonicMs();
    for (;;) {
      const selection = this.#newestWanted();
      if (selection === undefined) return;
      const abort = new AbortController();
      await answerOpen(this.#session, this.#bytes, selection, numbersOf(selection), abort.signal, () => {
        const now = monotonicMs();
        if (now - toldMs >= step) {
          toldMs = now;
          step = LATER_STEP_MS;
          this.#session.noteLooked();
          this.#onStep();
        }
        if (this.#newestWanted() !== selection) abort.abort();
      });
      if (selection.open.size === 0) this.#wanted.delete(selection);
      if (this.#isClosed) return;
      this.#session.noteLooked();
      this.#onStep();
    }
  }

  #newestWanted(): Selection | undefined {
    const now = monotonicMs();
    let newest: Selection | undefined;
    let latest = 0;
    for (const [selection, until] of this.#wanted) {
      if (until < now) this.#wanted.delete(selection);
      else if (until >= latest) [newest, latest] = [selection, until];
    }
    return newest;
  }
}

/** Packets that a selection has left open, ascending, as far as they are when they are asked for. */
export function* numbersOf(selection: Selection): Generator<PacketNumber> {
  for (let at = selection.open.next(-1); at >= 0; at = selection.open.next(at)) yield at as PacketNumber;
}

/**
 * Answers open packets out of their bytes, in slices.
 * @param numbers ascending
 * @param onSlice told after each slice, with everything put together
 */
export async function answerOpen(
  session: Session,
  bytes: PacketBytes,
  selection: Selection,
  numbers: Iterable<PacketNumber>,
  signal: AbortSignal,
  onSlice: () => void = () => undefined,
): Promise<void> {
  const answers: ByteAnswers = session.selector.byteAnswers(selection);
  let since = monotonicMs();
  try {
    for await (const piece of bytes.inOrder(numbers, signal)) {
      for (const one of piece) {
        answers.answer(one.packet, one.unreadable === null ? one : undefined);
        if (monotonicMs() - since < BREATH_MS) continue;
        answers.settle();
        onSlice();
        await new Promise((resolve) => setImmediate(resolve));
        since = monotonicMs();
        if (signal.aborted) return;
      }
    }
  } catch {
    // The file cannot be read any more: what stands in the bytes no packet has.
    for (const packet of numbersOf(selection)) answers.answer(packet, undefined);
  } finally {
    answers.settle();
  }
}
