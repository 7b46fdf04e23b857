/** What a flow carried, read out of real files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writePcap } from '../../test/support/capture-writer.ts';
import type { ConversationPacket } from '../../test/support/conversation.ts';
import { Conversation } from '../../test/support/conversation.ts';
import { eventually } from '../../test/support/patience.ts';
import type { StreamPage, StreamPiece, StreamSide } from '../../shared/model/stream.ts';
import type { CaptureId } from './live/capture-contract.ts';
import { EngineService } from './engine-service.ts';

const signal = new AbortController().signal;
let folder = '';
let engine: EngineService;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'resetscope-stream-'));
  engine = new EngineService({
    notify: () => undefined,
    keepCase: () => Promise.reject(new Error('nothing is captured')),
  });
});
afterEach(async () => {
  await engine.dispose();
  rmSync(folder, { recursive: true });
});

async function open(packets: readonly ConversationPacket[], snaplen = 65_535): Promise<void> {
  const path = join(folder, 'flow.pcap');
  const cut = packets.map((packet) => ({
    ...packet,
    data: packet.data.subarray(0, snaplen),
    wireLength: packet.data.length,
  }));
  writeFileSync(path, writePcap({ packets: snaplen === 65_535 ? packets : cut }));
  await engine.service['control.open'](
    { capture: 1 as CaptureId, paths: [path], follow: false, replace: true },
    signal,
  );
  await eventually(async () => {
    expect((await engine.service['capture.progress']({}, signal)).phase).toBe('done');
  });
}

const page = (
  side: StreamSide = 'both',
  place: number | null = 0,
  bytes = 1000,
  packet: number | null = null,
): Promise<StreamPage> => engine.service['flows.stream']({ flow: 0, side, place, packet, bytes }, signal);

/** `c:hello`, `s-5 lost`, `!middlebox`. */
function told(pieces: readonly StreamPiece[]): string[] {
  return pieces.map((piece) => {
    if (piece.kind === 'reset') return `!${piece.claimed}`;
    const from = piece.from === 'client' ? 'c' : 's';
    if (piece.kind === 'gap') return `${from}-${piece.length} ${piece.reason}`;
    return `${from}:${new TextDecoder().decode(piece.bytes)}`;
  });
}

describe('a page of a stream', () => {
  it('has both directions in their order, and the reset where it came with what was in flight', async () => {
    await open(
      new Conversation()
        .handshake()
        .exchange('ask', 'answer')
        .clientSends('more')
        .rst({ from: 'server', style: 'reply' }).packets,
    );
    const all = await page();
    expect(told(all.pieces)).toEqual(['c:ask', 's:answer', 'c:more', '!server']);
    expect(all.unacknowledged).toEqual([{ from: 'client', offset: 3, length: 4, reset: 0 }]);
    expect(all.total).toBe(13);
    const reset = all.pieces.at(-1);
    expect(reset?.kind === 'reset' && reset.label).not.toBe('');
    expect(told((await page('server')).pieces)).toEqual(['s:answer', '!server']);
  });

  const requested = () => new Conversation().handshake().exchange('ask', 'answer').clientSends('more');
  it.each([
    ['a reset of the host acknowledges what it says', requested().rst({ from: 'server' }), []],
    [
      'a FIN is no byte',
      requested().clientCloses().rst({ from: 'server', style: 'reply' }),
      [{ from: 'client', offset: 3, length: 4, reset: 0 }],
    ],
  ])('says as the verdict does what was in flight: %s', async (_, talk, inFlight) => {
    await open(talk.packets);
    expect((await page()).unacknowledged).toEqual(inFlight);
    const told = await engine.service['resets.detail']({ id: 0 }, signal);
    const { client } = told.verdict.unacknowledgedBytes;
    expect(client).toBe(inFlight[0]?.length ?? 0);
  });

  it('reads a part, and finds the part of a packet', async () => {
    await open(new Conversation().handshake().clientSends('abcdef').clientSends('ghi').packets);
    expect(told((await page('both', 2, 5)).pieces)).toEqual(['c:cdef', 'c:g']);
    const { pieces } = await page();
    const last = pieces.at(-1);
    const found = await page('both', null, 4, last?.kind === 'data' ? last.packet : -1);
    expect(found.place).toBe(4);
    expect(told(found.pieces)).toEqual(['c:ef', 'c:gh']);
  });

  it('says what is missing, and why', async () => {
    await open(
      new Conversation()
        .handshake()
        .clientSends('one')
        .uncaptured((talk) => talk.clientSends('two'))
        .clientSends('three')
        .serverAcks()
        .uncaptured((talk) => talk.clientSends('four'))
        .clientSends('five').packets,
    );
    const { pieces, totals } = await page();
    expect(told(pieces)).toEqual(['c:one', 'c-3 not-captured', 'c:three', 'c-4 lost', 'c:five']);
    expect(totals.client.missing).toBe(7);
  });

  it('marks bytes that came twice and differ', async () => {
    await open(
      new Conversation()
        .handshake()
        .clientSends('harmless')
        .retransmit('client', { payload: new TextEncoder().encode('harmful!') }).packets,
    );
    const { pieces, conflicts } = await page();
    expect(told(pieces)).toEqual(['c:harmless']);
    expect(conflicts).toMatchObject([{ from: 'client', offset: 4, length: 4, differing: 4 }]);
  });
});

it('finds text across packets, counts all of it, and finds hex', async () => {
  await open(
    new Conversation().handshake().clientSends('a Need').serverSends('x').clientSends('le, a needle').packets,
  );
  const find = (what: string, as: 'text' | 'hex', matchCase: boolean) =>
    engine.service['flows.search']({ flow: 0, side: 'both', find: what, as, matchCase }, signal);
  const hits = await find('needle', 'text', false);
  expect(hits.total).toBe(2);
  expect(hits.hits.map(({ offset, place }) => [offset, place])).toEqual([
    [2, 2],
    [12, 13],
  ]);
  expect((await find('needle', 'text', true)).total).toBe(1);
  expect((await find('6e 65 65', 'hex', true)).total).toBe(1);
  await expect(find('6', 'hex', true)).rejects.toThrow(/pairs of digits/u);
});

it('tells HTTP exchanges with decoded bodies', async () => {
  const body = gzipSync('hello world, hello again');
  const chunked = Buffer.concat([
    Buffer.from(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n\r\n' +
        `${body.length.toString(16)}\r\n`,
    ),
    body,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  await open(
    new Conversation()
      .handshake()
      .exchange('GET /a HTTP/1.1\r\nHost: x\r\n\r\n', chunked)
      .clientSends('POST /b HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf')
      .rst({ from: 'server' }).packets,
  );
  const { exchanges, trouble } = await engine.service['flows.messages'](
    { flow: 0, as: 'http', from: 0, count: 10 },
    signal,
  );
  expect(trouble).toBe('');
  const [first, second] = exchanges;
  expect(first.response).toMatchObject({
    startLine: 'HTTP/1.1 200 OK',
    chunks: 1,
    complete: true,
    encoding: 'gzip',
  });
  expect(new TextDecoder().decode(first.response?.preview)).toBe('hello world, hello again');
  expect(first.firstByteNs).toBeGreaterThan(0);
  expect(second.request).toMatchObject({ bodyBytes: 4, announcedBytes: 10, complete: false });
  expect(second.response).toBeNull();
});
