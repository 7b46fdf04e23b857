/**
 * Holds two readings of one capture against each other, packet by packet and flow by flow: all that is kept of them, not what is
 * told of it. Says where they differ first.
 */
import * as record from '../../main/engine/flow/record.ts';
import { PacketIndex } from '../../main/engine/store/packet-index.ts';
import * as log from '../../main/engine/store/reset-log.ts';
import { Session } from '../../main/engine/session.ts';
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
}

/** Reads a capture file; no piece of it is there any more when the next one comes. */
export function readCapture(bytes: Uint8Array, reading: Reading = {}): Session {
  const session = new Session(reading.retention, { throughLayers: reading.throughLayers === true });
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
    for (let word = 0; word < record.FLOW_WORDS; word++) {
      const difference = valueDifference(wordName(word), flows.word(flow, word), others.word(flow, word));
      if (difference !== undefined) return `flow ${flow}: ${difference}`;
    }
    for (let double = 0; double < record.FLOW_DOUBLES; double++) {
      const name = doubleName(double);
      const difference = valueDifference(name, flows.double(flow, double), others.double(flow, double));
      if (difference !== undefined) return `flow ${flow}: ${difference}`;
    }
  }
  return undefined;
}

function wordName(word: number): string {
  const ofDirection = word - record.FLOW_DIRECTION;
  if (ofDirection < 0) return `word ${word}`;
  const direction = Math.floor(ofDirection / record.DIRECTION_WORDS);
  return `word ${ofDirection % record.DIRECTION_WORDS} of direction ${direction}`;
}

function doubleName(double: number): string {
  const ofDirection = double - record.TIMES_DIRECTION;
  if (ofDirection < 0) return `double ${double}`;
  const direction = Math.floor(ofDirection / record.DIRECTION_DOUBLES);
  return `double ${ofDirection % record.DIRECTION_DOUBLES} of direction ${direction}`;
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
    const comment = valueDifference('comment', expected.comment(packet), actual.comment(packet));
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
