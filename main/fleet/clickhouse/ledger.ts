/**
 * What was taken in, and who is at it, noted on every host. A unit's fingerprint is of what it says and not of its files, so that
 * compacting a folder takes nothing in anew.
 */
import { FleetError } from '../store.ts';
import type { Peer } from './cluster.ts';
import { int64Literal, textLiteral } from './literal.ts';
import { INSERT } from './insert.ts';
import { cellOf, linesOf, valueOf } from './tab-separated.ts';

/**
 * `begun`: rows of it may be there; `done`: all are. The flows that were open at the end of a capture's newest segment are noted as a
 * segment of their own, −1.
 */
export type UnitState = 'begun' | 'done';

export interface LedgerEntry {
  readonly capture: string;
  readonly segment: number;
  readonly fingerprint: string;
  readonly state: UnitState;
}

export function unitKey({
  capture,
  segment,
}: {
  readonly capture: string;
  readonly segment: number;
}): string {
  return `${capture}/${segment}`;
}

/** Who says nothing for so long has died. */
export const SILENT_SECONDS = 60;
export const BEAT_MS = 10_000;
/** More units than a fleet has in the time that it is kept for. */
const MAX_UNITS = 50_000_000;

/** @returns the newest entry of each unit, `begun` where hosts do not say the same */
export async function readLedger(
  peers: readonly Peer[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const known = new Map<string, LedgerEntry>();
  const seen = new Map<string, number>();
  for (const { server } of peers) {
    const text = await server.run(
      `SELECT capture, segment, argMax(fingerprint, time), argMax(state, time) FROM units
GROUP BY capture, segment LIMIT ${MAX_UNITS} FORMAT TabSeparated`,
      {},
      signal,
    );
    for (const [capture, segment, print, state] of linesOf(text)) {
      const entry: LedgerEntry = {
        capture,
        segment: Number(segment),
        fingerprint: String(valueOf(print, 'text')),
        state: state === 'done' ? 'done' : 'begun',
      };
      const key = unitKey(entry);
      const other = known.get(key);
      seen.set(key, (seen.get(key) ?? 0) + 1);
      const isOne = other === undefined || other.fingerprint === entry.fingerprint;
      known.set(key, isOne && other?.state !== 'begun' ? entry : { ...entry, state: 'begun' });
    }
  }
  for (const [key, count] of seen) {
    const entry = known.get(key);
    if (count < peers.length && entry !== undefined) known.set(key, { ...entry, state: 'begun' });
  }
  return known;
}

/** @throws ServerError */
export async function writeLedger(
  peers: readonly Peer[],
  entries: readonly LedgerEntry[],
  run: string,
  signal: AbortSignal,
): Promise<void> {
  if (entries.length === 0) return;
  // Later entries of a run are later: the clock of the server alone could say the same for two.
  const time = nextTime();
  const lines = entries.map(({ capture, segment, fingerprint, state }) =>
    [capture, segment, fingerprint, state, time, run].map(cellOf).join('\t'),
  );
  for (const { server } of peers) {
    await server.insert(
      'units (capture, segment, fingerprint, state, time, run)',
      piecesOf(lines),
      INSERT,
      signal,
    );
  }
}

async function* piecesOf(lines: readonly string[]): AsyncGenerator<string> {
  for (let at = 0; at < lines.length; at += 1000) {
    yield await Promise.resolve(`${lines.slice(at, at + 1000).join('\n')}\n`);
  }
}

let lastTime = 0n;

function nextTime(): bigint {
  const now = BigInt(Date.now()) * 1_000_000n;
  lastTime = now > lastTime ? now : lastTime + 1n;
  return lastTime;
}

/** Only one may take in at a time. It ends by itself where its process dies. */
export class IngestRun {
  readonly #peers: readonly Peer[];
  readonly #run: string;
  readonly #host: string;
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> = Promise.resolve();

  private constructor(peers: readonly Peer[], run: string, host: string) {
    this.#peers = peers;
    this.#run = run;
    this.#host = host;
  }

  /** @throws FleetError 'failed' where another one is at it */
  static async begin(
    peers: readonly Peer[],
    run: string,
    host: string,
    signal: AbortSignal,
  ): Promise<IngestRun> {
    const own = new IngestRun(peers, run, host);
    await own.#say('at-work', signal);
    try {
      // Both of two that begin at once see each other then: neither goes on, rather than both.
      for (const { server } of peers) {
        const text = await server.run(
          `SELECT any(host), max(time) FROM runs WHERE run != ${textLiteral(run)} GROUP BY run
HAVING argMax(state, time) = 'at-work' AND max(time) > ${SERVER_TIME} - ${int64Literal(BigInt(SILENT_SECONDS) * 1_000_000_000n)}
FORMAT TabSeparated`,
          {},
          signal,
        );
        const [other] = linesOf(text);
        if (other !== undefined) {
          throw new FleetError(
            'failed',
            `another “fleet ingest” is at work in this store, on ${String(valueOf(other[0], 'text'))}; try again when it is through, or ${SILENT_SECONDS} seconds after it died`,
          );
        }
      }
    } catch (error) {
      await own.#say('ended', AbortSignal.timeout(BEAT_MS)).catch(() => undefined);
      throw error;
    }
    own.#timer = setInterval(() => {
      // A beat that fails is told by the insertion that fails beside it.
      own.#beating = own.#say('at-work', AbortSignal.timeout(BEAT_MS)).catch(() => undefined);
    }, BEAT_MS);
    own.#timer.unref();
    return own;
  }

  /** Also after a failure: others need not wait then. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    await this.#beating;
    await this.#say('ended', AbortSignal.timeout(BEAT_MS)).catch(() => undefined);
  }

  async #say(state: 'at-work' | 'ended', signal: AbortSignal): Promise<void> {
    const values = [this.#run, this.#host, state].map(textLiteral).join(', ');
    // By the server's clock: those of two that take in may differ.
    for (const { server } of this.#peers) {
      await server.run(`INSERT INTO runs SELECT ${values}, ${SERVER_TIME} + ${this.#order()}`, {}, signal);
    }
  }

  #said = 0;

  /** What is said in the same second stays in its order. */
  #order(): number {
    return this.#said++;
  }
}

const SERVER_TIME = 'toInt64(now()) * 1000000000';
