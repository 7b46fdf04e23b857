/** Questions of one answer, which remembers all that was missing in any of them. */
import type { Answer, FleetStore, MissingPart, Row, Select, Value } from '../store.ts';

/** Rows that one question may bring into memory. */
export const MAX_ROWS = 250_000;

export class Asking {
  readonly store: FleetStore;
  readonly #signal: AbortSignal;
  readonly #missing = new Map<string, MissingPart>();

  constructor(store: FleetStore, signal: AbortSignal) {
    this.store = store;
    this.#signal = signal;
  }

  get missing(): readonly MissingPart[] {
    return [...this.#missing.values()];
  }

  async rows(select: Select): Promise<readonly Row[]> {
    const answer: Answer = await this.store.ask(select, this.#signal);
    for (const part of answer.missing) this.#missing.set(`${part.kind} ${part.name}`, part);
    return answer.rows;
  }
}

const NS_PER_MS = 1_000_000n;

/** Milliseconds since 1970 of a time. */
export function msOf(value: Value): number {
  return Number(BigInt(value as bigint) / NS_PER_MS);
}

export function nsOf(ms: number): bigint {
  return BigInt(Math.round(ms)) * NS_PER_MS;
}

export function textOf(value: Value): string {
  return value === null ? '' : String(value);
}

export function textOrNull(value: Value): string | null {
  return value === null || value === '' ? null : String(value);
}

/** 0 for what is not known. */
export function numberOf(value: Value): number {
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}
