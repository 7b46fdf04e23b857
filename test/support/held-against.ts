/**
 * Holds two readings of one capture against each other, packet by packet and flow by flow: all that is kept of them, not what is
 * told of it. Says where they differ first.
 */
import type { FlowTable } from '../../main/engine/flow/flow-table.ts';
import { historyText } from '../../main/engine/flow/history.ts';
import * as record from '../../main/engine/flow/record.ts';
import { PacketIndex } from '../../main/engine/store/packet-index.ts';
import * as log from '../../main/engine/store/reset-log.ts';
import { Session, type SessionMemory } from '../../main/engine/session.ts';
import type { RetentionOptions } from '../../main/engine/retention/retention-options.ts';
import type { FlowRecord, PacketNumber } from '../../shared/base/units.ts';

/** Resets whose whole account is compared; of the others the log is. */
const ACCOUNTS = 20;

/** What of the index is asked by one number and is no column: of a chunk, of a file, or nothing that is kept. */
const NO_COLUMNS: ReadonlySet<string> = new Set([
  'constructor',
  'startFile',
  'skipFrames',
  'holdsChunk',
  'usedOf',
  'fileOfChunk',
  'chunkAt',
  'chunk',
  'framesOf',
]);

/** Every method of the index that tells something of one packet: one that is new is compared without being named here. */
const COLUMNS = Object.getOwnPropertyNames(PacketIndex.prototype).filter((name) => {
  const { value } = Object.getOwnPropertyDescriptor(PacketIndex.prototype, name) as PropertyDescriptor;
  return typeof value === 'function' && value.length === 1 && !NO_COLUMNS.has(name);
});

export interface Reading {
  readonly throughLayers?: boolean;
  /** Bytes of each piece; all at once unless said. */
  readonly pieces?: number;
  readonly retention?: RetentionOptions;
  readonly memory?: SessionMemory;
}

/** Reads a capture file; no piece of it is there any more when the next one comes. */
export function readCapture(bytes: Uint8Array, reading: Reading = {}): Session {
  const session = new Session(reading.retention, {
    throughLayers: reading.throughLayers === true,
    memory: reading.memory,
  });
  const length = Math.max(1, reading.pieces ?? bytes.length);
  session.startFile('capture', 'none', false);
  for (let at = 0; at < bytes.length; at += length) {
    const piece = bytes.slice(at, at + length);
    session.feed(piece);
    piece.fill(0xee);
  }
  session.endFile(true);
  return session;
}

/** @returns where the second reading differs from the first, with both values; undefined where it does not */
export function differenceOf(expected: Session, actual: Session): string | undefined {
  return (
    packetDifference(expected, actual) ??
    flowDifference(expected, actual) ??
    resetDifference(expected, actual) ??
    icmpDifference(expected, actual) ??
    toldDifference(expected, actual)
  );
}

const FLOW_WORD_NAMES = [
  'PORTS',
  'META',
  'FLOW_BITS',
  'LAST_PACKET',
  'PACKETS',
  'FIRST_PACKET',
  'NEXT_OF_CLIENT',
  'NEXT_OF_SERVER',
  'ENCAPSULATION',
  'SYN_ACK_US',
  'REUSED_FROM',
  'LAST_RESET',
  'RESETS',
  'RIVAL_SYN_OPTIONS',
] as const;
const FLOW_DOUBLE_NAMES = ['FIRST_TIME', 'LAST_TIME', 'SYN_TIME', 'HANDSHAKE_RTT'] as const;
const SIDE_WORD_NAMES = [
  'NEXT_SEQ',
  'LAST_ACK',
  'BASE_SEQ',
  'LAST_WINDOW',
  'SEEN',
  'SENT_PACKETS',
  'TTLS',
  'LAST_TS_VALUE',
  'LAST_SENT',
  'MAX_TO_BE_ACKED',
  'SYN_OPTIONS',
  'FIN_SEQ',
  'RETRANSMISSIONS',
  'MAC_HIGH',
  'MAC_LOW',
] as const;
const SIDE_DOUBLE_NAMES = ['PAYLOAD_BYTES', 'NEXT_SEQ_TIME', 'LAST_SENT_TIME', 'LAST_ACK_TIME'] as const;

function packetDifference({ packets }: Session, { packets: others }: Session): string | undefined {
  const counts = (index: PacketIndex): unknown => [index.oldest, index.next, index.count, index.gone];
  const counted = valueDifference('oldest, next, count, gone', counts(packets), counts(others));
  if (counted !== undefined) return `packets: ${counted}`;
  const columns = packets as unknown as Record<string, (packet: PacketNumber) => unknown>;
  const theirs = others as unknown as Record<string, (packet: PacketNumber) => unknown>;
  for (let packet = packets.oldest; packet < packets.next; packet++) {
    if (packets.has(packet) !== others.has(packet)) return `packet ${packet}: only one has it`;
    if (!packets.has(packet)) continue;
    for (const name of COLUMNS) {
      const difference = valueDifference(name, columns[name](packet), theirs[name](packet));
      if (difference !== undefined) return `packet ${packet} (frame ${packets.frame(packet)}): ${difference}`;
    }
  }
  return undefined;
}

function flowDifference({ flows }: Session, { flows: others }: Session): string | undefined {
  const counted = valueDifference(
    'count, records',
    [flows.count, flows.records],
    [others.count, others.records],
  );
  if (counted !== undefined) return `flows: ${counted}`;
  for (const index of flows.liveRecords()) {
    const flow = index as FlowRecord;
    const theirs = recordOf(others, flow);
    for (const [name, value] of Object.entries(recordOf(flows, flow))) {
      const difference = valueDifference(name, value, theirs[name]);
      if (difference !== undefined) return `flow ${flow}: ${difference}`;
    }
  }
  return undefined;
}

/** All that is kept of a flow, by name; not where in memory it lies. */
function recordOf(flows: FlowTable, flow: FlowRecord): Record<string, unknown> {
  const told: Record<string, unknown> = {
    addresses: [0, 1].map((side) => [...flows.wideAddress(flow, side as 0 | 1)]),
  };
  for (const name of FLOW_WORD_NAMES) told[name] = flows.word(flow, record[name]);
  told.history = historyText(flows, flow);
  for (const name of FLOW_DOUBLE_NAMES) told[name] = flows.double(flow, record[name]);
  for (const side of [0, 1] as const) {
    for (const name of SIDE_WORD_NAMES)
      told[`${name} of ${side}`] = flows.directionWord(flow, side, record[name]);
    for (const name of SIDE_DOUBLE_NAMES)
      told[`${name} of ${side}`] = flows.directionDouble(flow, side, record[name]);
  }
  return told;
}

function resetDifference({ resets }: Session, { resets: others }: Session): string | undefined {
  const counts = (one: log.ResetLog): unknown => [one.first, one.count, one.total];
  const counted = valueDifference('first, count, total', counts(resets), counts(others));
  if (counted !== undefined) return `resets: ${counted}`;
  for (let id = resets.first; id < resets.count; id++) {
    for (let word = 0; word < log.RESET_WORDS; word++) {
      const difference = valueDifference(`word ${word}`, resets.get(id, word), others.get(id, word));
      if (difference !== undefined) return `reset ${id}: ${difference}`;
    }
    const rest = (one: log.ResetLog): unknown => ({
      packets: [...one.packets(id)],
      payload: [...(one.payload(id) ?? [])],
    });
    const difference = valueDifference('packets and payload', rest(resets), rest(others));
    if (difference !== undefined) return `reset ${id}: ${difference}`;
  }
  return undefined;
}

function icmpDifference({ icmpLog }: Session, { icmpLog: others }: Session): string | undefined {
  const counted = valueDifference(
    'first, count',
    [icmpLog.first, icmpLog.count],
    [others.first, others.count],
  );
  if (counted !== undefined) return `ICMP errors: ${counted}`;
  for (let id = icmpLog.first; id < icmpLog.count; id++) {
    const length = icmpLog.at(1) - icmpLog.at(0);
    const words = (one: Session['icmpLog']): unknown => [
      ...one.words(id).subarray(one.at(id), one.at(id) + length),
    ];
    const difference = valueDifference('words', words(icmpLog), words(others));
    if (difference !== undefined) return `ICMP error ${id}: ${difference}`;
  }
  return undefined;
}

/** What no column holds: hints, names, comments, counters, warnings, and how all of it is told. */
function toldDifference(expected: Session, actual: Session): string | undefined {
  for (const index of expected.flows.liveRecords()) {
    const flow = index as FlowRecord;
    const hints = valueDifference('hints', expected.hints(flow), actual.hints(flow));
    if (hints !== undefined) return `flow ${flow}: ${hints}`;
    const row = valueDifference('row', expected.flowRow(flow), actual.flowRow(flow));
    if (row !== undefined) return `flow ${flow}: ${row}`;
  }
  const { first, count } = expected.resets;
  for (let id = first; id < Math.min(count, first + ACCOUNTS); id++) {
    const told = valueDifference('told', expected.resetDetail(id), actual.resetDetail(id));
    if (told !== undefined) return `reset ${id}: ${told}`;
  }
  const { packets } = expected;
  for (let packet = packets.oldest; packet < packets.next; packet++) {
    const comment = valueDifference('comment', expected.comments.get(packet), actual.comments.get(packet));
    if (comment !== undefined) return `packet ${packet}: ${comment}`;
  }
  return (
    valueDifference('limits', expected.limits.entries(), actual.limits.entries()) ??
    valueDifference('summary', expected.summary(), actual.summary())
  );
}

function valueDifference(name: string, expected: unknown, actual: unknown): string | undefined {
  if (Object.is(expected, actual)) return undefined;
  const isPlain = typeof expected !== 'object' && typeof actual !== 'object';
  const [one, other] = isPlain ? [String(expected), String(actual)] : [asText(expected), asText(actual)];
  return one === other && !isPlain
    ? undefined
    : `${name} is ${one} in the first reading and ${other} in the second`;
}

function asText(value: unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? `${part}n` : part));
  return text ?? 'undefined';
}
