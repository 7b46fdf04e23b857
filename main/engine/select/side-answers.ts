/**
 * Answers that are the same for all packets of a flow that go the same way, such as that to `ip.src == ip.dst`: each direction of each flow
 * is asked once.
 *
 * Packets of one direction may differ in which of the fields their form lets the index tell. So there is a table for each kind of
 * forms that occurs, as long as there are few.
 */
import { NO_FLOW } from '../store/packet-index.ts';
import type { EndColumn, Rows } from './packet-fields.ts';
import type { ChunkBits } from './packet-set.ts';

export const ANSWER_NO = 1;
export const ANSWER_YES = 2;
export const ANSWER_OPEN = 3;
export type Answer = typeof ANSWER_NO | typeof ANSWER_YES | typeof ANSWER_OPEN;

const FORMS = 256;
/** Tables kept: beyond, packets are asked one by one. */
const MAX_TABLES = 8;
const SMALLEST = 1024;

export class SideAnswers {
  /** By form: which table its packets are answered by. */
  readonly #kinds: Uint8Array;
  /** By kind of forms, then by flow << 1 | direction: 0 where nobody has asked. */
  readonly #tables = new Map<number, Uint8Array>();

  constructor(columns: readonly EndColumn[]) {
    const kinds = new Map<string, number>();
    this.#kinds = Uint8Array.from({ length: FORMS }, (_, form) => {
      const kind = columns.map(({ presence }) => presence[form]).join(' ');
      const known = kinds.get(kind) ?? kinds.size;
      kinds.set(kind, known);
      return known;
    });
  }

  forget(): void {
    this.#tables.clear();
  }

  /** @param ask answers the packet in a row */
  answer(
    records: number,
    { chunk, from, to }: Rows,
    ask: (row: number) => Answer,
    yes: ChunkBits,
    open: ChunkBits,
  ): void {
    const { flow } = chunk;
    for (let row = from; row < to; row++) {
      const side = flow[row];
      const table = side >>> 1 === NO_FLOW ? undefined : this.#table(this.#kinds[chunk.formAt(row)], records);
      const known = table?.[side] ?? 0;
      const answer = known === 0 ? ask(row) : known;
      if (table !== undefined && known === 0) table[side] = answer;
      if (answer === ANSWER_YES) yes[row >>> 5] |= 1 << (row & 31);
      else if (answer === ANSWER_OPEN) open[row >>> 5] |= 1 << (row & 31);
    }
  }

  #table(kind: number, records: number): Uint8Array | undefined {
    const table = this.#tables.get(kind);
    if (table !== undefined && table.length >= 2 * records) return table;
    if (table === undefined && this.#tables.size >= MAX_TABLES) return undefined;
    const longer = new Uint8Array(Math.max(SMALLEST, 4 * records));
    if (table !== undefined) longer.set(table);
    this.#tables.set(kind, longer);
    return longer;
  }
}
