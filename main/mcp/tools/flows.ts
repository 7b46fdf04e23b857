/** Connections, those that failed without a reset, what they carried, and what several captures of the same traffic have in common. */
import { basename } from 'node:path';
import * as v from 'valibot';
import { FLOW_ROWS } from '../../../shared/columns/rows.ts';
import { BOUNDS } from '../../../shared/contract/schemas.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import { ENDINGS, FAILURE_KINDS } from '../../../shared/model/failure.ts';
import { MATCH_CLASSES } from '../../../shared/model/join.ts';
import { GAP_REASONS, STREAM_SIDES } from '../../../shared/model/stream.ts';
import type { StreamPiece } from '../../../shared/model/stream.ts';
import { SIDES } from '../../../shared/model/verdict.ts';
import { FAILURE_KIND_TEXTS } from '../../../shared/texts/failure-kinds.ts';
import { firstOf, pageEntries, pageOf } from '../bounded.ts';
import {
  clockOf,
  count,
  endpoint,
  frameAt,
  framesJson,
  frameNumber,
  probability,
  rounded,
  seconds,
  time,
  unfinished,
  unfinishedText,
  words,
} from '../forms/shared-parts.ts';
import { MCP_LIMITS } from '../limits.ts';
import { captureParam, defineTool, filterParam, flowParam, pageParams } from '../tool.ts';
import { untrusted, untrustedLines, untrustedOrNull, untrustedText } from '../untrusted.ts';

const flowForm = v.strictObject({
  flow: v.pipe(count, v.description('Its id, for “packets”, “ladder” and “stream”.')),
  file: count,
  protocol: v.picklist(['tcp', 'udp']),
  client: endpoint,
  server: endpoint,
  serverName: v.nullable(untrustedText),
  application: v.nullable(untrustedText),
  start: time,
  durationSeconds: seconds,
  packets: count,
  clientBytes: count,
  serverBytes: count,
  state: v.pipe(words, v.description('Zeek’s conn_state: SF, S1, RSTO …')),
  history: words,
  ending: v.picklist([...ENDINGS, 'none']),
  retransmissions: count,
  resets: count,
});

export const flowsTool = defineTool({
  name: 'flows',
  title: 'List connections',
  description: 'Connections with a packet at least that passes a filter: who, how much, and how it ended.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    filter: filterParam,
    sort: v.optional(v.picklist(['start', 'packets', 'duration', 'resets', 'retransmissions']), 'start'),
    descending: v.optional(v.boolean(), false),
    ...pageParams,
  }),
  output: v.strictObject({ ...pageEntries, rows: v.array(flowForm), unfinished }),
  async run({ capture, filter, sort, descending, from, count: most }, { captures, signal }) {
    const opened = captures.get(capture);
    const direction = descending ? 'descending' : 'ascending';
    const window = await opened.askWhole(
      'flows.rows',
      { sort, direction, filter, from, count: most },
      signal,
    );
    const clock = clockOf(await opened.summary(signal));
    const rows = FLOW_ROWS.decode(window.rows).map((row) => ({
      flow: row.id,
      file: row.file,
      protocol: row.protocol,
      client: row.client,
      server: row.server,
      serverName: untrustedOrNull(row.serverName),
      application: untrustedOrNull(row.application),
      start: clock(row.startNs),
      durationSeconds: Math.max(0, row.durationNs / 1e9),
      packets: row.packets,
      clientBytes: row.clientBytes,
      serverBytes: row.serverBytes,
      state: sanitiseText(row.state, 40),
      history: sanitiseText(row.history, 200),
      ending: row.ending,
      retransmissions: row.retransmissions,
      resets: row.resets,
    }));
    return { ...pageOf(rows, from, window.total), unfinished: unfinishedText(opened, window.looked) };
  },
});

const failureForm = v.strictObject({
  flow: count,
  file: count,
  frame: frameNumber,
  time,
  client: endpoint,
  server: endpoint,
  serverName: v.nullable(untrustedText),
  protocol: v.picklist(['tcp', 'udp']),
  kind: v.pipe(v.picklist(FAILURE_KINDS), v.description('“explain” tells what it means.')),
  title: words,
  side: v.pipe(
    v.nullable(v.picklist([...SIDES, 'path'])),
    v.description('Whose doing it was; null where the capture cannot tell.'),
  ),
  tries: count,
  seconds,
  recovered: v.boolean(),
  matters: v.boolean(),
  confidence: probability,
  summary: untrustedText,
  next: untrustedText,
  evidence: v.pipe(
    v.nullable(v.array(v.strictObject({ code: words, frames: v.array(frameAt), text: untrustedText }))),
    v.description('Told where one connection was asked for.'),
  ),
});

export const failuresTool = defineTool({
  name: 'failures',
  title: 'List failures without a reset',
  description:
    'Connections and requests that failed without a reset: no answer, went silent, cut short … With `flow` the failure of one connection with its evidence.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    flow: v.optional(flowParam),
    filter: filterParam,
    ...pageParams,
  }),
  output: v.strictObject({ ...pageEntries, rows: v.array(failureForm), unfinished }),
  async run({ capture, flow, filter, from, count: most }, { captures, signal }) {
    const opened = captures.get(capture);
    const account =
      flow === undefined ? undefined : await opened.ask('failures.detail', { id: flow }, signal);
    const window =
      account === undefined
        ? await opened.askWhole(
            'failures.rows',
            { sort: 'importance', direction: 'ascending', filter, from, count: most },
            signal,
          )
        : { rows: [account.row], total: 1, looked: undefined };
    const clock = clockOf(await opened.summary(signal));
    const rows = window.rows.map((row) => ({
      flow: row.id,
      file: row.file,
      frame: row.frame,
      time: clock(row.timeNs),
      client: row.client,
      server: row.server,
      serverName: untrustedOrNull(row.serverName),
      protocol: row.protocol,
      kind: row.kind,
      title: FAILURE_KIND_TEXTS[row.kind].title,
      side: row.side,
      tries: row.tries,
      seconds: rounded(Math.max(0, row.seconds)),
      recovered: row.recovered,
      matters: row.matters,
      confidence: rounded(row.confidence),
      summary: untrusted(row.summary, 1200),
      next: untrusted(row.next, 1200),
      evidence:
        account === undefined
          ? null
          : firstOf(account.evidence).list.map((piece) => ({
              code: piece.code,
              frames: framesJson(piece),
              text: untrusted(piece.text),
            })),
    }));
    return {
      ...pageOf(rows, account === undefined ? from : 0, window.total),
      unfinished: unfinishedText(opened, window.looked),
    };
  },
});

const streamPieceForm = v.variant('kind', [
  v.strictObject({
    kind: v.literal('data'),
    from: v.picklist(SIDES),
    offset: count,
    frame: frameNumber,
    bytes: count,
    text: untrustedText,
  }),
  v.strictObject({
    kind: v.literal('gap'),
    from: v.picklist(SIDES),
    offset: count,
    bytes: count,
    reason: v.picklist(GAP_REASONS),
  }),
  v.strictObject({
    kind: v.literal('reset'),
    frame: frameNumber,
    reset: count,
    claimed: v.picklist(SIDES),
  }),
]);

export const streamTool = defineTool({
  name: 'stream',
  title: 'Read what a connection carried',
  description: `What the two ends of a connection sent, put together in order, with gaps and resets in their places. At most ${MCP_LIMITS.streamBytes} bytes an answer; \`next\` is where the next part begins. Bytes that are no text read \\x00.`,
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    flow: flowParam,
    side: v.optional(v.picklist(STREAM_SIDES), 'both'),
    place: v.optional(v.pipe(count, v.description('Where to begin: `next` of the answer before.')), 0),
    bytes: v.optional(
      v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MCP_LIMITS.streamBytes)),
      4096,
    ),
  }),
  output: v.strictObject({
    flow: count,
    protocol: v.picklist(['tcp', 'udp']),
    looksLike: v.nullable(v.picklist(['http', 'tls'])),
    place: count,
    next: v.nullable(count),
    total: v.pipe(count, v.description('Bytes of what was asked for.')),
    missingBytes: v.strictObject({ client: count, server: count }),
    pieces: v.array(streamPieceForm),
    leftOut: v.nullable(v.string()),
  }),
  async run({ capture, flow, side, place, bytes }, { captures, signal }) {
    const opened = captures.get(capture);
    const page = await opened.ask(
      'flows.stream',
      { flow, side, place, packet: null, bytes: Math.min(bytes, BOUNDS.streamBytes) },
      signal,
    );
    const pieces = page.pieces.map(streamPieceJson);
    const shown = pageOf(pieces, 0, pieces.length);
    const leftOver = page.pieces.at(shown.rows.length);
    const next = leftOver?.place ?? page.next;
    return {
      flow,
      protocol: page.protocol,
      looksLike: page.looksLike,
      place: page.place,
      next: next >= page.total ? null : next,
      total: page.total,
      missingBytes: { client: page.totals.client.missing, server: page.totals.server.missing },
      pieces: shown.rows,
      leftOut:
        next >= page.total
          ? null
          : `Bytes ${next} to ${page.total} of what was asked for: ask again with place: ${next}.`,
    };
  },
});

function streamPieceJson(piece: StreamPiece): v.InferInput<typeof streamPieceForm> {
  if (piece.kind === 'gap')
    return {
      kind: 'gap',
      from: piece.from,
      offset: piece.offset,
      bytes: piece.length,
      reason: piece.reason,
    };
  if (piece.kind === 'reset')
    return { kind: 'reset', frame: piece.frame, reset: piece.reset, claimed: piece.claimed };
  // Latin-1: every byte is a character, and those that are none are written as escapes.
  const lines = Buffer.from(piece.bytes).toString('latin1').replaceAll('\r\n', '\n').split('\n');
  return {
    kind: 'data',
    from: piece.from,
    offset: piece.offset,
    frame: piece.frame,
    bytes: piece.bytes.length,
    text: untrustedLines(lines),
  };
}

const placeForm = v.strictObject({
  file: v.pipe(count, v.description('First of its files.')),
  name: words,
  order: v.pipe(
    v.nullable(count),
    v.description('Along the path from the client, from 0; null where nothing tells.'),
  ),
  offsetNs: v.pipe(
    v.number(),
    v.description('To be taken off its times to have them on the reference’s clock.'),
  ),
  offsetErrorNs: v.nullable(v.number()),
  hopsToNext: v.nullable(count),
});

export const compareTool = defineTool({
  name: 'compare',
  title: 'Compare capture points',
  description:
    'Of captures that were opened together and hold the same traffic: where on the path each was made, how their clocks differ, what was lost and changed in between. “verdict” tells where each reset was seen and where not.',
  quotesPackets: true,
  input: v.strictObject({ capture: captureParam }),
  output: v.strictObject({
    joined: v.boolean(),
    connections: v.pipe(count, v.description('Seen at more than one capture point.')),
    places: v.array(placeForm),
    pairs: v.array(
      v.strictObject({
        firstFile: v.pipe(count, v.description('First file of the one place; secondFile of the other.')),
        secondFile: count,
        class: v.picklist(MATCH_CLASSES),
        connections: count,
        matched: count,
        onlyFirst: count,
        onlySecond: count,
        changed: count,
        lossToSecond: v.nullable(probability),
        lossToFirst: v.nullable(probability),
        roundTripNs: v.nullable(v.number()),
        found: v.array(untrustedText),
      }),
    ),
    leftOut: v.nullable(v.string()),
    unfinished,
  }),
  async run({ capture }, { captures, signal }) {
    const opened = captures.get(capture);
    if (opened.paths.length < 2)
      throw new RpcError(
        'bad-request',
        `${opened.id} is one file (${sanitiseText(basename(opened.paths[0]), 200)}): open the captures of both places together, open({"paths": ["client.pcap", "server.pcap"]})`,
      );
    const report = await opened.ask('capture.join', {}, signal);
    const places = firstOf(report?.vantages ?? [], 20);
    const pairs = firstOf(report?.pairs ?? [], 20);
    const left = places.more + pairs.more;
    return {
      joined: report !== null && report.connections > 0,
      connections: report?.connections ?? 0,
      places: places.list.map(({ files, name, order, offsetNs, offsetErrorNs, hopsToNext }) => ({
        file: files[0],
        name: sanitiseText(name, 300),
        order,
        offsetNs,
        offsetErrorNs,
        hopsToNext,
      })),
      pairs: pairs.list.map((pair) => ({
        firstFile: pair.files[0],
        secondFile: pair.files[1],
        class: pair.class,
        connections: pair.connections,
        matched: pair.matched,
        onlyFirst: pair.onlyFirst,
        onlySecond: pair.onlySecond,
        changed: pair.changed,
        lossToSecond: pair.lossToSecond,
        lossToFirst: pair.lossToFirst,
        roundTripNs: pair.roundTripNs,
        found: firstOf(pair.found, 20).list.map((text) => untrusted(text)),
      })),
      leftOut: left === 0 ? null : `${left} more places or pairs; “resetscope compare --json” tells all.`,
      unfinished: unfinishedText(opened),
    };
  },
});
