/** What a flow carried as messages: HTTP/1 exchanges with their bodies decoded, TLS records with what is readable of them. */
import type { FlowRecord } from '../../shared/base/units.ts';
import type { HttpExchange, HttpMessage, StreamMessages, TlsEntry } from '../../shared/model/stream.ts';
import type { DirectionBytes, FoundMessage, Range } from '../engine/stream/http-messages.ts';
import { fieldOf, findMessages, gapBehind } from '../engine/stream/http-messages.ts';
import type { OutlinePiece, StreamOutline } from '../engine/stream/outline.ts';
import { NO_PACKET_OF_GAP } from '../engine/stream/outline.ts';
import { findRecords } from '../engine/stream/tls-records.ts';
import { decodeBody } from './http-body.ts';
import type { StreamView } from './stream-view.ts';
import { rest, sideOf } from './stream-view.ts';

/** Bytes of a direction that are looked at. */
const MOST_BYTES = 4 * 1024 * 1024;
/** Pieces read at once. */
const BATCH = 512;
/** Bytes of a body that come with its message, and that are decoded to know how long it is. */
const PREVIEW_BYTES = 8 * 1024;
const DECODED_BYTES = 1024 * 1024;

const NOTHING = { exchanges: [], entries: [], trouble: '' } as const;

interface Direction extends DirectionBytes {
  readonly direction: 0 | 1;
}

export async function streamMessages(
  view: StreamView,
  flow: FlowRecord,
  as: 'http' | 'tls',
  from: number,
  count: number,
  signal: AbortSignal,
): Promise<StreamMessages> {
  const { outline, unacknowledged } = await view.stream(flow, signal);
  const client = await bytesOf(view, outline, 0, signal);
  const server = await bytesOf(view, outline, 1, signal);
  const notLookedAt = Math.max(0, outline.total(0) - MOST_BYTES) + Math.max(0, outline.total(1) - MOST_BYTES);
  const teller = new Teller(view, outline);
  const shared = { ...NOTHING, notLookedAt, unacknowledged, resets: view.resetPieces(outline, null) };
  if (as === 'tls') return { ...shared, ...teller.tls(client, server, from, count) };
  return { ...shared, ...(await teller.http(client, server, from, count)) };
}

/** The first bytes of a direction, with zeros where some are missing. */
async function bytesOf(
  view: StreamView,
  outline: StreamOutline,
  direction: 0 | 1,
  signal: AbortSignal,
): Promise<Direction> {
  const total = outline.total(direction);
  const bytes = new Uint8Array(Math.min(total, MOST_BYTES));
  const gaps: { from: number; to: number }[] = [];
  const miss = (from: number, to: number): void => {
    const last = gaps.at(-1);
    if (last?.to === from) last.to = to;
    else gaps.push({ from, to });
  };
  let batch: OutlinePiece[] = [];
  const take = async (): Promise<void> => {
    const read = await view.payloads(batch, signal);
    for (const { packet, at, offset, length } of batch) {
      const payload = packet === NO_PACKET_OF_GAP ? undefined : read.get(packet);
      const part =
        payload === undefined || typeof payload === 'string' ? [] : payload.subarray(at, at + length);
      const room = Math.min(part.length, bytes.length - offset);
      bytes.set(part.slice(0, room), offset);
      if (part.length < length) miss(offset + part.length, offset + length);
    }
    batch = [];
    await rest(signal);
  };
  for (const piece of outline.pieces(direction, 0, bytes.length)) {
    batch.push(piece);
    if (batch.length === BATCH) await take();
  }
  await take();
  return { direction, bytes, gaps, isWhole: total <= MOST_BYTES };
}

class Teller {
  readonly #view: StreamView;
  readonly #outline: StreamOutline;

  constructor(view: StreamView, outline: StreamOutline) {
    this.#view = view;
    this.#outline = outline;
  }

  async http(
    client: Direction,
    server: Direction,
    from: number,
    count: number,
  ): Promise<Pick<StreamMessages, 'exchanges' | 'trouble'>> {
    let [asking, answering] = [client, server];
    let requests = findMessages(asking);
    // Who the client is may have been guessed, for want of a SYN.
    if (requests.messages.length === 0 && findMessages(server).messages.length > 0) {
      [asking, answering] = [server, client];
      requests = findMessages(asking);
    }
    const methods = requests.messages.map(({ method }) => method);
    const responses = findMessages(answering, methods);
    const pairs = paired(requests.messages, responses.messages);
    const exchanges: HttpExchange[] = [];
    for (const [request, response] of pairs.slice(from, from + count)) {
      const told = {
        request: request === null ? null : await this.#message(asking, request),
        response: response === null ? null : await this.#message(answering, response),
      };
      const firstByteNs =
        told.request === null || told.response === null ? null : told.response.timeNs - told.request.endNs;
      exchanges.push({ ...told, firstByteNs });
    }
    return { exchanges, trouble: requests.trouble || responses.trouble };
  }

  async #message(of: Direction, found: FoundMessage): Promise<HttpMessage> {
    const { content, fields } = found;
    const bodyBytes = content.reduce((sum, { from, to }) => sum + to - from, 0);
    const encoding = fieldOf(fields, 'content-encoding').toLowerCase();
    const missingBytes = missingIn(of.gaps, content);
    const body = join(of.bytes, content, DECODED_BYTES);
    const decoded =
      missingBytes > 0 && encoding !== ''
        ? { bytes: body, trouble: 'Bytes of it are missing, so that it cannot be decoded.' }
        : await decodeBody(encoding, body, DECODED_BYTES);
    return {
      from: sideOf(of.direction),
      offset: found.offset,
      ...this.#begin(of.direction, found.offset),
      endNs: this.#begin(of.direction, Math.max(found.offset, found.end - 1)).timeNs,
      startLine: found.startLine,
      fields,
      bodyBytes,
      announcedBytes: found.announced,
      chunks: found.chunks,
      missingBytes,
      complete: found.complete,
      preview: decoded.bytes.slice(0, PREVIEW_BYTES),
      decodedBytes: decoded.bytes.length,
      encoding,
      trouble: decoded.trouble,
    };
  }

  tls(
    client: Direction,
    server: Direction,
    from: number,
    count: number,
  ): Pick<StreamMessages, 'entries' | 'trouble'> {
    const found = [client, server].map((of) => ({ of, ...findRecords(of) }));
    const entries: TlsEntry[] = found.flatMap(({ of, entries: own }) =>
      own.map((entry) => ({
        ...entry,
        from: sideOf(of.direction),
        ...this.#begin(of.direction, entry.offset),
      })),
    );
    entries.sort((a, b) => a.place - b.place);
    return {
      entries: entries.slice(from, from + count),
      trouble: found.map(({ trouble }) => trouble).find((one) => one !== '') ?? '',
    };
  }

  /** Where a byte stands among those of both directions, and which packet brought it. */
  #begin(direction: 0 | 1, offset: number) {
    const piece = this.#outline.pieceAt(direction, offset);
    if (piece === undefined) return { place: 0, packet: -1, frame: 0, timeNs: 0 };
    return { place: piece.place + offset - piece.offset, ...this.#view.brought(piece.packet) };
  }
}

/** Each request with its final response; interim ones (1xx) stand alone before it. */
function paired(
  requests: readonly FoundMessage[],
  responses: readonly FoundMessage[],
): readonly (readonly [FoundMessage | null, FoundMessage | null])[] {
  const pairs: [FoundMessage | null, FoundMessage | null][] = [];
  let next = 0;
  for (const response of responses) {
    if (response.status < 200) pairs.push([null, response]);
    else pairs.push([requests.at(next++) ?? null, response]);
  }
  for (; next < requests.length; next++) pairs.push([requests[next], null]);
  return pairs;
}

function missingIn(gaps: readonly Range[], ranges: readonly Range[]): number {
  let missing = 0;
  for (const range of ranges) {
    for (let at = range.from; at < range.to;) {
      const gap = gapBehind(gaps, at);
      if (gap === undefined || gap.from >= range.to) break;
      missing += Math.min(gap.to, range.to) - Math.max(gap.from, at);
      at = gap.to;
    }
  }
  return missing;
}

function join(bytes: Uint8Array, ranges: readonly Range[], most: number): Uint8Array {
  const length = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const joined = new Uint8Array(Math.min(most, length));
  let at = 0;
  for (const { from, to } of ranges) {
    const part = bytes.subarray(from, Math.min(to, from + joined.length - at));
    joined.set(part, at);
    at += part.length;
    if (at === joined.length) break;
  }
  return joined;
}
