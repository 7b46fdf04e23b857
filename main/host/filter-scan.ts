/**
 * Reads the bytes that filters ask for, a slice at a time, while others get their turn.
 *
 * Nobody waits for a long one: lists are answered with what is known, and say how far it is (`RowWindow.looked`); each step is
 * told as a new revision, which makes pages ask again. A scan goes on for as long as somebody goes on asking: it ends by itself
 * some seconds after the last question, so that leaving a filter is all that it takes to stop one; `stop` ends it at once.
 */
import type { PacketNumber } from '../../shared/base/units.ts';
import type { Looked } from '../../shared/model/looked.ts';
import type { ByteAnswers } from '../engine/select/byte-answers.ts';
import type { Selection } from '../engine/select/selection.ts';
import type { Session } from '../engine/session.ts';
import { monotonicMs } from './monotonic.ts';
import type { PacketBytes } from './packet-bytes.ts';
import { selectorOf } from '../engine/select/selector.ts';

/** A slice of answering before other calls get their turn. */
const BREATH_MS = 12;
/** Steps are told so often at first, */
const FIRST_STEP_MS = 150;
/** and later so often: each makes lists anew. */
const LATER_STEP_MS = 600;
/** Nobody asked for so long: nobody wants it any more. */
const LEASE_MS = 5000;

/** Packets that decide on a list, where not all do: those of one flow, or the resets. */
export interface Scope {
  /** The same scope of another time has the same name. */
  readonly name: string;
  /** Ascending. */
  readonly packets: Uint32Array;
}

/** Somebody wants to know of all packets of a scope whether they pass. */
interface Want {
  readonly selection: Selection;
  readonly scope: Scope | undefined;
  readonly untilMs: number;
}

export class FilterScans {
  readonly #session: Session;
  readonly #bytes: PacketBytes;
  readonly #onStep: () => void;
  #wants: Want[] = [];
  #running: Promise<void> | undefined;
  #isClosed = false;

  /** @param onStep told after each step, and at the end of a scan */
  constructor(session: Session, bytes: PacketBytes, onStep: () => void) {
    this.#session = session;
    this.#bytes = bytes;
    this.#onStep = onStep;
  }

  /**
   * How far a filter is; undefined where all was looked at. Somebody wants the rest.
   * @param scope the packets that count; all where it is left out
   */
  looked(selection: Selection, scope?: Scope): Looked | undefined {
    const left = openIn(selection, scope);
    if (left === 0) return undefined;
    const isOther = (one: Want): boolean => one.selection !== selection || one.scope?.name !== scope?.name;
    this.#wants = this.#wants.filter(isOther);
    if (!this.#isClosed) {
      this.#wants.push({ selection, scope, untilMs: monotonicMs() + LEASE_MS });
      this.#running ??= this.#run().finally(() => {
        this.#running = undefined;
      });
    }
    const { packets } = this.#session;
    const of = scope === undefined ? packets.count - packets.gone : scope.packets.length;
    return { done: of - left, of };
  }

  /** Ends what is under way; whoever asks again begins it again. */
  stop(): void {
    this.#wants = [];
  }

  /** Ends what is under way, and waits until nothing is read any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    let step = FIRST_STEP_MS;
    let toldMs = monotonicMs();
    for (;;) {
      const want = this.#newestWant();
      if (want === undefined) return;
      const { selection, scope } = want;
      const abort = new AbortController();
      const numbers = scope === undefined ? numbersOf(selection) : numbersAmong(selection, scope.packets);
      await answerOpen(this.#session, this.#bytes, selection, numbers, abort.signal, () => {
        const now = monotonicMs();
        if (now - toldMs >= step) {
          toldMs = now;
          step = LATER_STEP_MS;
          this.#session.noteLooked();
          this.#onStep();
        }
        if (!isSame(this.#newestWant(), want)) abort.abort();
      });
      if (openIn(selection, scope) === 0) this.#wants = this.#wants.filter((one) => !isSame(one, want));
      if (this.#isClosed) return;
      this.#session.noteLooked();
      this.#onStep();
    }
  }

  /** The one that was asked for last, of few packets before all; those that nobody asks for any more are forgotten. */
  #newestWant(): Want | undefined {
    const now = monotonicMs();
    this.#wants = this.#wants.filter(({ untilMs }) => untilMs >= now);
    return this.#wants.findLast(({ scope }) => scope !== undefined) ?? this.#wants.at(-1);
  }
}

function isSame(one: Want | undefined, other: Want): boolean {
  return one?.selection === other.selection && one.scope?.name === other.scope?.name;
}

/** Packets of a scope that only their bytes can tell of. */
function openIn({ open }: Selection, scope: Scope | undefined): number {
  if (scope === undefined || open.size === 0) return open.size;
  let count = 0;
  for (const packet of scope.packets) if (open.has(packet as PacketNumber)) count++;
  return count;
}

/** Packets that a selection has left open, ascending, as far as they are when they are asked for. */
export function numbersOf({ open }: Selection): Iterable<PacketNumber> {
  return {
    *[Symbol.iterator]() {
      for (let at = open.next(-1); at >= 0; at = open.next(at)) yield at as PacketNumber;
    },
  };
}

/** The same of some packets only. @param numbers ascending */
export function numbersAmong({ open }: Selection, numbers: Uint32Array): Iterable<PacketNumber> {
  return {
    *[Symbol.iterator]() {
      for (const packet of numbers) if (open.has(packet as PacketNumber)) yield packet as PacketNumber;
    },
  };
}

/**
 * Answers open packets out of their bytes, in slices.
 * @param numbers ascending; they may be walked again
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
  const answers: ByteAnswers = selectorOf(session).byteAnswers(selection);
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
    for (const packet of numbers) answers.answer(packet, undefined);
  } finally {
    answers.settle();
  }
}
