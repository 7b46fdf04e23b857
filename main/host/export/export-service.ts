/**
 * Exports for pages: each is made ready while the page asks how far it is, and then read from its beginning on, piece by piece, into
 * whatever the page saves it to. Nothing of it is kept here but the piece that was read last, nor written to any file: the process
 * that reads captures may write none.
 *
 * Invariants: at most MOST_EXPORTS at once; one that nobody reads on in is let go, and so is what is about a capture that is closed.
 */
import type { PacketNumber } from '../../../shared/base/units.ts';
import { RpcError, toWireError } from '../../../shared/contract/errors.ts';
import { BOUNDS } from '../../../shared/contract/schemas.ts';
import type { ExportOrder, ExportPiece, ExportSubject, ExportTold } from '../../../shared/model/export.ts';
import type { Analysis } from '../analysis.ts';
import { CANNOT_ANONYMISE, type MakeAnonymiser } from './anonymiser.ts';
import { prepareExport, type ReadyExport } from './prepare-export.ts';
import { prepareTable, type ReadyTable } from './prepare-table.ts';

const MOST_EXPORTS = 2;
const IDLE_MS = 60_000;
/** Whoever asks how far it is waits so long for something new. */
const PATIENCE_MS = 250;

const NOTHING = new Uint8Array(0);

export interface ExportServiceOptions {
  /** Undefined where nothing here can anonymise. */
  readonly anonymiser?: MakeAnonymiser | undefined;
  /** Differs in tests. */
  readonly idleMs?: number;
}

/** A file of an export that is read. */
interface Reading {
  readonly file: number;
  readonly pieces: AsyncGenerator<Uint8Array, void, undefined>;
  /** Where the last answer began, and what it was: an answer that was lost can be asked for once more. */
  at: number;
  last: { readonly bytes: Uint8Array; readonly isLast: boolean };
  /** Bytes that were read and not answered yet. */
  ahead: Uint8Array;
  isEnded: boolean;
  missing: number;
  /** What was replaced in it, once it is at its end. */
  replaced: ExportTold['replaced'];
}

class Running {
  done = 0;
  ready: ReadyExport | ReadyTable | undefined;
  failure: unknown = undefined;
  reading: Reading | undefined;
  timer: NodeJS.Timeout | undefined;
  /** One answer after the other. */
  turn: Promise<unknown> = Promise.resolve();
  readonly abort = new AbortController();
  readonly analysis: Analysis;
  settled: Promise<void> = Promise.resolve();

  constructor(analysis: Analysis) {
    this.analysis = analysis;
  }
}

export class ExportService {
  readonly #running = new Map<number, Running>();
  readonly #options: ExportServiceOptions;
  #count = 0;

  constructor(options: ExportServiceOptions = {}) {
    this.#options = options;
  }

  /** @throws RpcError where too many run, or nothing here can do it */
  start(analysis: Analysis, { subject, anonymise, notes }: ExportOrder): { readonly id: number } {
    const { anonymiser } = this.#options;
    if (anonymise && subject.kind === 'table')
      throw new RpcError(
        'bad-request',
        'a table is not anonymised: export the packets anonymised, and the table of that file',
      );
    if (anonymise && anonymiser === undefined) throw new RpcError('failed', CANNOT_ANONYMISE);
    if (this.#running.size >= MOST_EXPORTS)
      throw new RpcError('failed', 'two exports are running already: wait for one of them, or stop it');
    const table = subject.kind === 'table' ? prepareTable(analysis, subject, stemOf(analysis)) : undefined;
    const id = ++this.#count;
    const running = new Running(analysis);
    this.#running.set(id, running);
    this.#rest(id, running);
    if (subject.kind === 'table') {
      running.ready = table;
      return { id };
    }
    const request = {
      subject,
      notes,
      baseName: `${anonymise ? 'anonymised' : stemOf(analysis)}-${partOf(analysis.session, subject)}`,
      makeRewriter: anonymise ? anonymiser?.() : undefined,
    };
    running.settled = prepareExport(analysis, request, running.abort.signal, (done) => {
      running.done = done;
    }).then(
      (ready) => {
        running.ready = ready;
      },
      (error: unknown) => {
        running.failure = error;
      },
    );
    return { id };
  }

  /**
   * The next piece of a file, or how far the export is. Pieces are read in their order; the last one can be asked for again.
   * @throws RpcError
   */
  async read(id: number, file: number, from: number): Promise<ExportPiece> {
    const running = this.#of(id);
    clearTimeout(running.timer);
    const answer = running.turn.then(() => this.#read(running, file, from));
    running.turn = answer.catch(() => undefined);
    try {
      return await answer;
    } catch (error) {
      // Whoever asked wrongly may ask again.
      if (!(error instanceof RpcError && error.code === 'bad-request' && running.ready !== undefined))
        this.#letGo(id, running);
      throw error;
    } finally {
      this.#rest(id, running);
    }
  }

  stop(id: number): void {
    const running = this.#running.get(id);
    if (running !== undefined) this.#letGo(id, running);
  }

  /** The capture is closed: waits until nothing of it is read any more. */
  async forget(analysis: Analysis): Promise<void> {
    for (const [id, running] of this.#running) {
      if (running.analysis !== analysis) continue;
      this.#letGo(id, running);
      await running.settled;
      await running.turn;
    }
  }

  #of(id: number): Running {
    const running = this.#running.get(id);
    if (running === undefined)
      throw new RpcError(
        'not-found',
        'this export is over: it was stopped, or nobody read on in it for a minute',
      );
    return running;
  }

  async #read(running: Running, file: number, from: number): Promise<ExportPiece> {
    if (running.ready === undefined && running.failure === undefined) await waitFor(running.settled);
    if (running.failure !== undefined) throw asRpcError(running.failure);
    const { ready } = running;
    if (ready === undefined)
      return {
        done: running.done,
        told: null,
        bytes: NOTHING,
        next: 0,
        isLast: false,
        missing: 0,
        rows: null,
      };
    if (file >= ready.told.files.length)
      throw new RpcError('bad-request', `the export has no file number ${file}`);
    try {
      const reading = await this.#readingAt(running, ready, file, from);
      const { missing, last, replaced } = reading;
      // A copy that was not judged is made for the first time here.
      const told = ready.told.replaced.length > 0 ? ready.told : { ...ready.told, replaced };
      const rows = 'rows' in ready ? ready.rows() : null;
      return { done: 1, told, ...last, next: from + last.bytes.length, missing, rows };
    } catch (error) {
      throw asRpcError(error);
    }
  }

  /** Goes on with a file to where the answer is asked for. */
  async #readingAt(running: Running, ready: ReadyExport, file: number, from: number): Promise<Reading> {
    let { reading } = running;
    if (reading?.file !== file || (from === 0 && reading.at > 0)) {
      await reading?.pieces.return();
      const fresh: Reading = {
        file,
        pieces: ready.pieces(file, running.abort.signal, ({ missing }, replaced) => {
          fresh.missing = missing;
          fresh.replaced = replaced;
        }),
        at: 0,
        last: { bytes: NOTHING, isLast: false },
        ahead: NOTHING,
        isEnded: false,
        missing: 0,
        replaced: [],
      };
      reading = fresh;
      running.reading = fresh;
    } else if (from === reading.at && reading.last.bytes.length > 0) {
      return reading;
    }
    if (from !== reading.at + reading.last.bytes.length)
      throw new RpcError('bad-request', 'an export is read from its beginning on, piece by piece');
    reading.at = from;
    reading.last = await nextPiece(reading);
    return reading;
  }

  #rest(id: number, running: Running): void {
    clearTimeout(running.timer);
    if (this.#running.get(id) !== running) return;
    running.timer = setTimeout(() => {
      this.#letGo(id, running);
    }, this.#options.idleMs ?? IDLE_MS);
    running.timer.unref();
  }

  #letGo(id: number, running: Running): void {
    clearTimeout(running.timer);
    this.#running.delete(id);
    running.abort.abort();
    const { reading } = running;
    running.turn = running.turn.then(() => reading?.pieces.return()).catch(() => undefined);
  }
}

/** As much as one answer holds, and whether the file ends there. */
async function nextPiece(reading: Reading): Promise<Reading['last']> {
  const parts: Uint8Array[] = [];
  let length = 0;
  // One byte more than fits shows that the file goes on.
  while (length <= BOUNDS.exportBytes) {
    if (reading.ahead.length > 0) {
      parts.push(reading.ahead);
      length += reading.ahead.length;
      reading.ahead = NOTHING;
      continue;
    }
    if (reading.isEnded) break;
    const next = await reading.pieces.next();
    if (next.done === true) reading.isEnded = true;
    else reading.ahead = next.value;
  }
  const whole = parts.length === 1 ? parts[0] : joined(parts, length);
  reading.ahead = whole.subarray(Math.min(length, BOUNDS.exportBytes));
  return {
    bytes: whole.subarray(0, Math.min(length, BOUNDS.exportBytes)),
    isLast: reading.isEnded && reading.ahead.length === 0,
  };
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

async function waitFor(settled: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([settled, patience]);
  clearTimeout(timer);
}

function asRpcError(error: unknown): RpcError {
  const { code, message } = toWireError(error);
  return new RpcError(code, message);
}

/** Exports are named after the capture, but for those that shall not tell what it is called. */
function stemOf({ session }: Analysis): string {
  const path = session.files.at(0)?.path ?? 'capture';
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  const stem = name.replace(/(?:\.(?:pcapng|pcap|cap|gz|zst|lz4|zip))+$/iu, '');
  return stem === '' ? 'capture' : stem;
}

function partOf(session: Analysis['session'], subject: ExportSubject): string {
  switch (subject.kind) {
    case 'reset':
      return session.packets.holds(subject.packet as PacketNumber)
        ? `reset-${session.packets.frame(subject.packet as PacketNumber)}`
        : 'reset';
    case 'flow':
      return `flow-${subject.flow}`;
    default:
      return subject.kind;
  }
}
