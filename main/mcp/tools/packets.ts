/** Packets: those that pass a filter or belong to a flow, one with all of its fields, and a flow as a ladder. */
import * as v from 'valibot';
import { PACKET_ROWS } from '../../../shared/columns/rows.ts';
import { RpcError } from '../../../shared/contract/errors.ts';
import { durationText } from '../../../shared/format/duration.ts';
import { endpointText } from '../../../shared/format/endpoint.ts';
import { sanitiseText } from '../../../shared/format/text.ts';
import type { DetailNode } from '../../../shared/model/packet-detail.ts';
import type { PacketRow } from '../../../shared/model/rows.ts';
import { pageEntries, pageOf } from '../bounded.ts';
import {
  clockOf,
  count,
  endpoint,
  frameNumber,
  time,
  unfinished,
  unfinishedText,
  words,
} from '../forms/shared-parts.ts';
import { Sightings } from '../forms/sightings.ts';
import { MCP_LIMITS } from '../limits.ts';
import type { OpenCapture } from '../open-capture.ts';
import {
  captureParam,
  defineTool,
  fileParam,
  filterParam,
  flowParam,
  frameParam,
  pageParams,
} from '../tool.ts';
import { untrustedLines, untrustedOrNull, untrustedText } from '../untrusted.ts';

const packetForm = v.strictObject({
  file: count,
  frame: frameNumber,
  time,
  flow: v.nullable(count),
  source: endpoint,
  destination: endpoint,
  protocol: v.pipe(v.string(), v.maxLength(100)),
  length: v.pipe(count, v.description('Bytes on the wire.')),
  payload: v.pipe(count, v.description('Bytes of payload.')),
  ttl: count,
  reset: v.pipe(v.nullable(count), v.description('The reset that it is, for “verdict”.')),
  notes: v.pipe(words, v.description('Retransmission, duplicate ACK …')),
  info: v.nullable(untrustedText),
});

export const packetsTool = defineTool({
  name: 'packets',
  title: 'List packets',
  description:
    'Packets of the capture, or of one connection, that pass a filter, in the order of the capture: one line each. “packet” shows one with all of its fields.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    flow: v.optional(flowParam),
    filter: filterParam,
    ...pageParams,
  }),
  output: v.strictObject({ ...pageEntries, rows: v.array(packetForm), unfinished }),
  async run({ capture, flow, filter, from, count: most }, { captures, signal }) {
    const opened = captures.get(capture);
    const window = await opened.askWhole(
      'packets.rows',
      { filter, flow: flow ?? null, from, count: most },
      signal,
    );
    const clock = clockOf(await opened.summary(signal));
    const rows = PACKET_ROWS.decode(window.rows).map((row) => packetJson(row, clock));
    return { ...pageOf(rows, from, window.total), unfinished: unfinishedText(opened, window.looked) };
  },
});

function packetJson(row: PacketRow, clock: (ns: number) => string): v.InferInput<typeof packetForm> {
  return {
    file: row.file,
    frame: row.frame,
    time: clock(row.timeNs),
    flow: row.flow < 0 ? null : row.flow,
    source: endText(row.source, row.sourcePort),
    destination: endText(row.destination, row.destinationPort),
    protocol: sanitiseText(row.protocol, 100),
    length: row.length,
    payload: row.payload,
    ttl: row.ttl,
    reset: row.reset < 0 ? null : row.reset,
    notes: sanitiseText(row.notes, 300),
    info: untrustedOrNull(row.info),
  };
}

/** Empty where the packet has no address. */
function endText(address: string, port: number): string {
  return address === '' || port < 0 ? address : endpointText(address, port);
}

export const packetTool = defineTool({
  name: 'packet',
  title: 'Show one packet',
  description:
    'One packet with the fields of all of its layers as an indented tree, by Wireshark’s names (which filters take), and its bytes in hexadecimal where wanted.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    frame: frameParam,
    file: fileParam,
    hex: v.optional(v.pipe(v.boolean(), v.description('The bytes, too, as far as there is room.')), false),
  }),
  output: v.strictObject({
    file: count,
    frame: frameNumber,
    capturedLength: count,
    wireLength: count,
    tree: v.pipe(untrustedText, v.description('A line each: name of the field, title and value.')),
    hex: v.pipe(v.nullable(v.string()), v.description('Of the frame, from its first byte.')),
    leftOut: v.nullable(v.string()),
    unreadable: v.pipe(
      v.nullable(v.string()),
      v.description('Why there are no bytes; null where there are.'),
    ),
  }),
  async run({ capture, frame, file, hex }, { captures, signal }) {
    const opened = captures.get(capture);
    const packet = await opened.ask('packets.at', { file, frame }, signal);
    if (packet < 0) throw new RpcError('not-found', `file ${file} has no frame ${frame}, or it was let go`);
    const detail = await opened.ask('packets.detail', { packet }, signal);
    const tree = new TreeLines();
    for (const layer of detail.layers) tree.add(layer, 0);
    const bytes = detail.sources.at(0)?.bytes ?? new Uint8Array(0);
    const shown = hex ? bytes.subarray(0, MOST_HEX_BYTES) : undefined;
    const leftOut = [
      ...(tree.left === 0
        ? []
        : [`${tree.left} lines of the tree: “packets” with a filter on a field asks for one of them.`]),
      ...(shown === undefined || shown.length === bytes.length
        ? []
        : [`the bytes from ${shown.length} on, of ${bytes.length}`]),
    ];
    return {
      file: detail.file,
      frame: detail.frame,
      capturedLength: detail.capturedLength,
      wireLength: detail.wireLength,
      tree: untrustedLines(tree.lines),
      hex: shown === undefined ? null : Buffer.from(shown).toString('hex'),
      leftOut: leftOut.length === 0 ? null : leftOut.join('; '),
      unreadable: detail.unreadable === null ? null : sanitiseText(detail.unreadable, 300),
    };
  },
});

/** A frame of an Ethernet without jumbo frames. */
const MOST_HEX_BYTES = 1600;

/** A tree as indented lines, within the bounds of an answer. */
class TreeLines {
  readonly lines: string[] = [];
  left = 0;
  #characters = 0;

  add(node: DetailNode, depth: number): void {
    const name = node.name === '' ? '' : `${node.name}  `;
    const value = node.value === '' ? '' : `: ${node.value}`;
    const line = `${'  '.repeat(depth)}${sanitiseText(`${name}${node.title}${value}`, MCP_LIMITS.lineCharacters)}`;
    const isFull =
      this.lines.length >= MCP_LIMITS.treeLines ||
      this.#characters + line.length > MCP_LIMITS.answerBytes / 2;
    if (isFull) this.left++;
    else {
      this.lines.push(line);
      this.#characters += line.length + 1;
    }
    if (depth + 1 < MCP_LIMITS.treeDepth) for (const child of node.children) this.add(child, depth + 1);
    else this.left += node.children.length;
  }
}

export const ladderTool = defineTool({
  name: 'ladder',
  title: 'Draw a connection',
  description:
    'A connection as text: a line for each packet with frame, pause, direction, flags and numbers; the client stands left, the server right. Gives the packets around one frame, or from number `from` of the connection on. Of captures that were opened together a line tells in braces where else on the path the packet was seen or missed; packets that only other places saw stand between, as “elsewhere”.',
  quotesPackets: true,
  input: v.strictObject({
    capture: captureParam,
    flow: flowParam,
    around: v.optional(v.pipe(frameParam, v.description('A frame that the lines shall hold.'))),
    file: fileParam,
    ...pageParams,
  }),
  output: v.strictObject({
    ladder: untrustedText,
    places: v.pipe(
      v.array(v.strictObject({ file: count, name: words, isShown: v.boolean() })),
      v.description(
        'Where the connection was captured, from the client on; the lines are as it was seen at the one that is shown. Empty for one place.',
      ),
    ),
    total: count,
    from: count,
    next: v.nullable(count),
    leftOut: v.nullable(v.string()),
  }),
  async run({ capture, flow, around, file, from, count: most }, { captures, signal }) {
    const opened = captures.get(capture);
    let first = from;
    if (around !== undefined) {
      const packet = await opened.ask('packets.at', { file, frame: around }, signal);
      const at = packet < 0 ? -1 : await opened.ask('packets.position', { filter: '', flow, packet }, signal);
      if (at < 0)
        throw new RpcError('not-found', `frame ${around} of file ${file} is none of that connection`);
      first = Math.max(0, at - Math.floor(most / 2));
    }
    const window = await opened.ask('packets.rows', { filter: '', flow, from: first, count: most }, signal);
    const { row: ends } = await opened.ask('flows.account', { flow }, signal);
    const sightings = await sightingsOf(opened, flow, signal);
    const lines = PACKET_ROWS.decode(window.rows).map((row) =>
      [`${rungText(row)}${sightings?.of(row.packet) ?? ''}`, ...(sightings?.behind(row.packet) ?? [])].join(
        '\n',
      ),
    );
    const head = `${' '.repeat(MARGIN)}${ends.client}  …  ${ends.server}`;
    const begin = [head, ...(first === 0 ? (sightings?.behind(-1) ?? []) : [])];
    const { rows, ...rest } = pageOf(lines, first, window.total, Buffer.byteLength(JSON.stringify(begin)));
    return { ladder: untrustedLines([...begin, ...rows]), places: sightings?.places ?? [], ...rest };
  },
});

/** Undefined where the connection was seen at one place only. */
async function sightingsOf(
  opened: OpenCapture,
  flow: number,
  signal: AbortSignal,
): Promise<Sightings | undefined> {
  if (opened.paths.length < 2) return undefined;
  const ladder = await opened.ask('flows.joinedLadder', { flow }, signal);
  return ladder === null ? undefined : new Sightings(ladder, flow, await opened.summary(signal));
}

const MARGIN = 22;

/** "    +12 ms      #7   ────▶  RST, ACK seq=1 …" */
function rungText(row: PacketRow): string {
  const pause = row.sinceInFlowNs < 0 ? '' : `+${durationText(row.sinceInFlowNs)}`;
  const arrow = row.from === 'client' ? '----->' : row.from === 'server' ? '<-----' : '------';
  const origin =
    row.reset < 0
      ? ''
      : row.origin === 'middlebox'
        ? '  [made by a device]'
        : row.origin === 'unknown'
          ? '  [by the host, or a device]'
          : '';
  const notes = row.notes === '' ? '' : `  [${row.notes}]`;
  return sanitiseText(
    `${pause.padStart(10)} ${`#${row.frame}`.padStart(9)}  ${arrow}  ${row.info}  ttl ${row.ttl}${notes}${origin}`,
    MCP_LIMITS.lineCharacters,
  );
}
