/** Searches what a flow carried for bytes: piece by piece, so that only a few packets are in memory at once. */
import { RpcError } from '../../shared/contract/errors.ts';
import type { StreamHit, StreamHits, StreamSide } from '../../shared/model/stream.ts';
import type { FlowRecord } from '../../shared/base/units.ts';
import { LIMITS } from '../engine/limits.ts';
import type { OutlinePiece, StreamOutline } from '../engine/stream/outline.ts';
import type { StreamView } from './stream-view.ts';
import { directionOf, rest, sideOf } from './stream-view.ts';

/** Pieces read at once. */
const BATCH = 512;
const MOST_HITS = 10_000;

export interface Wanted {
  readonly find: string;
  readonly as: 'text' | 'hex';
  readonly matchCase: boolean;
}

export async function searchStream(
  view: StreamView,
  flow: FlowRecord,
  side: StreamSide,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<StreamHits> {
  const { outline } = await view.stream(flow, signal);
  const shown = directionOf(side);
  const folds = wanted.as === 'text' && !wanted.matchCase;
  const pattern = folds ? small(patternOf(wanted)) : patternOf(wanted);
  const finders = [0, 1].map((direction) => new Finder(direction === 0 ? 0 : 1, pattern));
  const hits: StreamHit[] = [];
  let total = 0;
  let looked = 0;
  let batch: OutlinePiece[] = [];
  const look = async (): Promise<void> => {
    const read = await view.payloads(batch, signal);
    for (const piece of batch) {
      const payload = read.get(piece.packet);
      const finder = finders[piece.direction];
      looked += piece.length;
      if (payload === undefined || typeof payload === 'string') {
        finder.skip();
        continue;
      }
      const bytes = payload.subarray(piece.at, piece.at + piece.length);
      for (const offset of finder.find(folds ? small(bytes) : bytes, piece.offset)) {
        total++;
        if (hits.length < MOST_HITS)
          hits.push(hitAt(outline, shown, piece.direction, offset, pattern.length));
      }
      if (bytes.length < piece.length) finder.skip();
    }
    batch = [];
    await rest(signal);
  };
  for (const piece of outline.pieces(shown, 0, LIMITS.maxSearchedBytes)) {
    batch.push(piece);
    if (batch.length === BATCH) await look();
  }
  await look();
  hits.sort((a, b) => a.place - b.place);
  return { total, hits, looked, of: outline.total(shown) };
}

function hitAt(
  outline: StreamOutline,
  shown: 0 | 1 | null,
  direction: 0 | 1,
  offset: number,
  length: number,
): StreamHit {
  const piece = shown === null ? outline.pieceAt(direction, offset) : undefined;
  const place = piece === undefined ? offset : piece.place + offset - piece.offset;
  return { from: sideOf(direction), offset, length, place };
}

/** Finds a pattern in the pieces of one direction, also where it begins in one and ends in another. */
class Finder {
  readonly direction: 0 | 1;
  readonly #pattern: Buffer;
  #tail: Buffer = Buffer.alloc(0);

  constructor(direction: 0 | 1, pattern: Uint8Array) {
    this.direction = direction;
    this.#pattern = Buffer.from(pattern);
  }

  /** Bytes are missing: nothing goes on across them. */
  skip(): void {
    this.#tail = Buffer.alloc(0);
  }

  /** @returns offsets at which the pattern begins and that no earlier call gave, overlaps left out */
  find(bytes: Uint8Array, offset: number): number[] {
    const text = Buffer.concat([this.#tail, bytes]);
    const begin = offset - this.#tail.length;
    const found: number[] = [];
    let behind = 0;
    for (let at = text.indexOf(this.#pattern); at >= 0; at = text.indexOf(this.#pattern, behind)) {
      found.push(begin + at);
      behind = at + this.#pattern.length;
    }
    this.#tail = text.subarray(Math.max(behind, text.length - this.#pattern.length + 1));
    return found;
  }
}

/** @throws RpcError 'bad-request' where hex digits are not pairs */
function patternOf({ find, as }: Wanted): Uint8Array {
  if (as === 'text') return new TextEncoder().encode(find);
  const digits = find.replace(/[\s:,-]|0x/gi, '');
  if (digits === '' || digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits)) {
    throw new RpcError('bad-request', 'Hex is pairs of digits, such as 16 03 01.');
  }
  return Buffer.from(digits, 'hex');
}

/** ASCII capitals as small letters; all other bytes as they are. */
function small(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte));
}
