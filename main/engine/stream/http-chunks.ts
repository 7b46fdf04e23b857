/**
 * Follows the chunks of an HTTP/1.1 body (RFC 9112 §7.1) from size line to size line, as its segments come. What a chunk holds is
 * stepped over and never read, so that no data can look like the end of the body.
 */
import { seqAdd, seqDelta } from '../../../shared/base/seq.ts';
import { CR, LF, SPACE } from './bytes.ts';

/** Plain data, since hints are put aside as JSON. */
export interface ChunkWalk {
  /** Sequence number of the byte that comes next. */
  next: number;
  /** What that byte belongs to. `lost`: a segment is missing or was cut, or these are no chunks. */
  place: 'size' | 'extension' | 'data' | 'data-end' | 'line-start' | 'trailer' | 'ended' | 'lost';
  /** Bytes of the chunk that have not come; on its size line the size as far as it was read. */
  left: number;
  digits: number;
}

/** Sizes with more digits are no longer exact, and nobody sends such a chunk. */
const MOST_DIGITS = 12;
const TAB = 0x09;
const SEMICOLON = 0x3b;

/** @param bodySeq sequence number of the body's first byte */
export function startOfChunks(bodySeq: number): ChunkWalk {
  return { next: bodySeq, place: 'size', left: 0, digits: 0 };
}

/** Goes on by one segment. @param end of what was captured of its `length` bytes, which begin at `at` with number `seq` */
export function walkChunks(
  walk: ChunkWalk,
  bytes: Uint8Array,
  at: number,
  end: number,
  length: number,
  seq: number,
): void {
  if (walk.place === 'ended' || walk.place === 'lost') return;
  const known = seqDelta(walk.next, seq);
  if (known < 0) walk.place = 'lost';
  if (known < 0 || known >= length) return;
  for (let i = at + known; i < end;) {
    const step = walk.place === 'data' ? Math.min(walk.left, end - i) : 1;
    if (walk.place === 'data') takeData(walk, step);
    else takeByte(walk, bytes[i]);
    if (hasEnded(walk)) return;
    i += step;
  }
  const cut = at + length - Math.max(end, at + known);
  if (cut > 0) {
    if (walk.place === 'data' && walk.left >= cut) takeData(walk, cut);
    else walk.place = 'lost';
  }
  walk.next = seqAdd(seq, length);
}

function hasEnded({ place }: ChunkWalk): boolean {
  return place === 'ended' || place === 'lost';
}

function takeData(walk: ChunkWalk, count: number): void {
  walk.left -= count;
  if (walk.left === 0) walk.place = 'data-end';
}

function takeByte(walk: ChunkWalk, byte: number): void {
  switch (walk.place) {
    case 'size':
      if (byte === LF) endSizeLine(walk);
      else if (byte === CR || byte === SEMICOLON || byte === SPACE || byte === TAB) walk.place = 'extension';
      else takeDigit(walk, byte);
      return;
    case 'extension':
      if (byte === LF) endSizeLine(walk);
      return;
    case 'data-end':
      if (byte === LF) Object.assign(walk, { place: 'size', left: 0, digits: 0 });
      else if (byte !== CR) walk.place = 'lost';
      return;
    case 'line-start':
      if (byte === LF) walk.place = 'ended';
      else if (byte !== CR) walk.place = 'trailer';
      return;
    case 'trailer':
      if (byte === LF) walk.place = 'line-start';
      return;
    default:
  }
}

function takeDigit(walk: ChunkWalk, byte: number): void {
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  if (Number.isNaN(digit) || ++walk.digits > MOST_DIGITS) walk.place = 'lost';
  else walk.left = walk.left * 16 + digit;
}

function endSizeLine(walk: ChunkWalk): void {
  if (walk.digits === 0) walk.place = 'lost';
  else walk.place = walk.left === 0 ? 'line-start' : 'data';
}
