/**
 * The parameters of methods.ts as run-time schemas, for the end that serves. They have bounds: an interface can ask for a
 * lot, but not for everything at once.
 */
import * as v from 'valibot';
import { parseAddress } from '../format/address.ts';
import { REPORT_BOUNDS, REPORT_FORMATS } from '../model/report.ts';
import { nameKey } from '../names/name-key.ts';
import { cleanName, NAME_BOUNDS } from '../names/named.ts';
import { NOTE_BOUNDS, noteId, noteText } from '../notes/note.ts';
import { LESSON_PARTS } from '../model/lesson.ts';
import { SAMPLE_NAMES } from '../model/sample.ts';
import { FLEET_SCHEMAS } from './fleet-schemas.ts';
import { LIVE_LIMITS, liveOptions, catchRule } from './live-schemas.ts';
import { STREAM_SIDES } from '../model/stream.ts';
import type { EngineMethod, HostMethod, MethodName, Params } from './methods.ts';
import { SCRIPT_LANGUAGES } from '../model/reproduction.ts';
import { TABLES, TABLE_FORMATS } from '../model/table.ts';
import { SIDES } from '../model/verdict.ts';
import {
  ENDPOINT_COLUMNS,
  ENDPOINT_GROUPS,
  FAILURE_COLUMNS,
  FLOW_COLUMNS,
  HOST_METHODS,
  RESET_COLUMNS,
} from './methods.ts';

export const BOUNDS = {
  rows: 1000,
  buckets: 2000,
  paths: 1000,
  pathLength: LIVE_LIMITS.pathLength,
  filterLength: 4096,
  /** An address in which each character of a filter takes nine. */
  placeLength: 9 * 4096 + 200,
  /** Of a field's name. */
  fieldLength: 200,
  /** Packets as columns in one answer: about a megabyte. */
  ladder: 20_000,
  /** Columns of series: pixels. */
  columns: 4000,
  /** Packets whose messages are read at once: those of a screen. */
  messages: 200,
  /** Bytes of a reassembled stream in one answer; well below the largest frame. */
  streamBytes: 8 * 1024 * 1024,
  /** Messages of a stream in one answer: each with the begin of its body. */
  streamMessages: 50,
  /** Of what is searched for in a stream. */
  findLength: 1024,
  /** Bytes of an export in one answer. */
  exportBytes: 4 * 1024 * 1024,
  /** Comments that are written into one export, and the length of each. */
  exportNotes: 10_000,
  exportNoteLength: 2000,
} as const;

export const nothing = v.custom<Record<string, never>>(
  (input) => typeof input === 'object' && input !== null && Object.keys(input).length === 0,
  'no parameters are taken',
);
const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(BOUNDS.rows));
const bucketCount = v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(BOUNDS.buckets));
const nanoseconds = v.pipe(v.number(), v.finite());
const upTo = (most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(most));
/** Nanoseconds since the analysis' epoch; files that are older than the first one have negative times. */
const time = v.pipe(v.number(), v.finite());
const filter = v.pipe(v.string(), v.maxLength(BOUNDS.filterLength));
const path = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(BOUNDS.pathLength),
  v.excludes('\0', 'a path has no NUL'),
);
const direction = v.picklist(['ascending', 'descending']);

const resetOrder = { sort: v.picklist(RESET_COLUMNS), direction, filter };
const flowOrder = { sort: v.picklist(FLOW_COLUMNS), direction, filter };
const failureOrder = { sort: v.picklist(FAILURE_COLUMNS), direction, filter };
const endpointOrder = {
  sort: v.picklist(ENDPOINT_COLUMNS),
  direction,
  filter,
  of: v.picklist(ENDPOINT_GROUPS),
};
const window = { from: index, count };
const streamQuery = { flow: index, side: v.picklist(STREAM_SIDES) };
const packetQuery = { filter, flow: v.nullable(index) };

const nameKeyText = v.pipe(
  v.string(),
  v.maxLength(NAME_BOUNDS.keyLength),
  v.check(
    (key) => nameKey(key) === key,
    'a key is an address, a link-layer address or a device before an address',
  ),
);
const reportNote = v.strictObject({
  on: v.pipe(v.string(), v.maxLength(NAME_BOUNDS.keyLength)),
  text: v.pipe(v.string(), v.maxLength(REPORT_BOUNDS.noteLength)),
});
const namedPlace = v.strictObject({
  key: nameKeyText,
  name: v.pipe(
    v.string(),
    v.minLength(1),
    v.check((name) => cleanName(name) === name, 'a name is one line without what hides or reorders text'),
  ),
});
/** An address and a port, and nothing that a program could take for an option. */
const traceQuestion = v.strictObject({
  target: v.pipe(
    v.string(),
    v.maxLength(NAME_BOUNDS.keyLength),
    v.check((target) => parseAddress(target) !== undefined, 'the target is an address'),
  ),
  port: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(65_535)),
});
/** What a note is to be about. */
export const noteTarget = v.variant('kind', [
  v.strictObject({ kind: v.picklist(['packet', 'flow', 'reset']), id: index }),
  v.strictObject({
    kind: v.literal('finding'),
    key: v.pipe(v.string(), v.maxLength(NOTE_BOUNDS.keyLength)),
    reset: index,
  }),
  v.strictObject({ kind: v.literal('capture'), file: index }),
  v.strictObject({ kind: v.literal('filter'), filter }),
]);
export const noteTargets = v.pipe(v.array(noteTarget), v.minLength(1), v.maxLength(NOTE_BOUNDS.entries));
/** Of a lesson, or of a capture point of it. */
const lessonName = v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,60}$/));
/** What is opened together. */
export const openedPaths = v.pipe(v.array(path), v.minLength(1), v.maxLength(BOUNDS.paths));
export const frameAddress = v.strictObject({ file: index, frame: index });

type Schemas<M extends MethodName> = { readonly [K in M]: v.GenericSchema<unknown, Params<K>> };

export const METHOD_SCHEMAS: Schemas<MethodName> = {
  ...FLEET_SCHEMAS,
  'host.capabilities': nothing,
  'host.recent': nothing,
  'host.forgetRecent': v.strictObject({ path }),
  'host.samples': nothing,
  'host.openSample': v.strictObject({ name: v.picklist(SAMPLE_NAMES) }),
  'host.lessons': nothing,
  'host.lesson': v.strictObject({ name: lessonName }),
  'host.openLesson': v.strictObject({
    name: lessonName,
    part: v.picklist(LESSON_PARTS),
    at: v.nullable(lessonName),
  }),
  'host.openInWireshark': v.strictObject({ path, frame: v.pipe(index, v.minValue(1)) }),
  'host.pickFiles': nothing,
  'capture.open': v.strictObject({
    paths: openedPaths,
    follow: v.boolean(),
    replace: v.optional(v.boolean()),
    join: v.optional(v.boolean()),
  }),
  'capture.list': nothing,
  'capture.show': v.strictObject({ capture: index }),
  'capture.cancel': nothing,
  'capture.close': v.strictObject({ capture: v.optional(index) }),
  'capture.progress': nothing,
  'capture.summary': nothing,
  'capture.join': nothing,
  'capture.overview': v.strictObject({
    buckets: bucketCount,
    filter,
  }),
  'capture.timeline': v.strictObject({
    filter,
    fromNs: v.nullable(nanoseconds),
    toNs: v.nullable(nanoseconds),
    buckets: bucketCount,
  }),
  'capture.findings': v.strictObject(window),
  'capture.endings': nothing,
  'failures.rows': v.strictObject({ ...failureOrder, ...window }),
  'failures.position': v.strictObject({ ...failureOrder, id: index }),
  'failures.detail': v.strictObject({ id: index }),
  'resets.rows': v.strictObject({ ...resetOrder, ...window }),
  'resets.detail': v.strictObject({ id: index }),
  'resets.position': v.strictObject({ ...resetOrder, id: index }),
  'resets.at': frameAddress,
  'resets.frame': v.strictObject({ id: index }),
  'packets.frame': v.strictObject({ packet: index }),
  'flows.rows': v.strictObject({ ...flowOrder, ...window }),
  'flows.position': v.strictObject({ ...flowOrder, id: index }),
  'endpoints.rows': v.strictObject({ ...endpointOrder, ...window }),
  'endpoints.position': v.strictObject({ ...endpointOrder, id: index }),
  'live.offer': nothing,
  'live.counters': nothing,
  'live.checkFilter': v.strictObject(v.pick(liveOptions, ['source', 'interface', 'filter']).entries),
  'live.command': v.strictObject({ options: liveOptions }),
  'live.start': v.strictObject({ options: liveOptions }),
  'live.stop': nothing,
  'live.status': nothing,
  'live.catch': v.strictObject({ rule: v.nullable(catchRule) }),
  'live.save': v.strictObject({ path }),
  'host.pickSavePath': v.strictObject({
    suggestedName: v.pipe(v.string(), v.minLength(1), v.maxLength(LIVE_LIMITS.nameLength)),
  }),
  'names.list': nothing,
  'names.set': v.strictObject({ names: v.pipe(v.array(namedPlace), v.maxLength(NAME_BOUNDS.names)) }),
  'names.remove': v.strictObject({ keys: v.pipe(v.array(nameKeyText), v.maxLength(NAME_BOUNDS.names)) }),
  'trace.command': traceQuestion,
  'trace.start': traceQuestion,
  'trace.read': v.strictObject({ from: index }),
  'trace.stop': nothing,
  'packets.rows': v.strictObject({ ...packetQuery, ...window }),
  'packets.position': v.strictObject({ ...packetQuery, packet: index }),
  'packets.find': v.strictObject({
    ...packetQuery,
    match: filter,
    packet: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
    backward: v.boolean(),
  }),
  'packets.at': frameAddress,
  'packets.detail': v.strictObject({ packet: index }),
  'packets.places': v.strictObject({ packet: index }),
  'reproduce.script': v.strictObject({
    packet: index,
    language: v.picklist(SCRIPT_LANGUAGES),
    side: v.optional(v.picklist(SIDES)),
  }),
  'filter.values': v.strictObject({
    field: v.pipe(v.string(), v.maxLength(BOUNDS.fieldLength)),
    prefix: filter,
    count,
  }),
  'filter.stop': nothing,
  'flows.account': v.strictObject({ flow: index }),
  'flows.joinedLadder': v.strictObject({ flow: index }),
  'flows.ladder': v.strictObject({ flow: index, from: index, count: upTo(BOUNDS.ladder) }),
  'flows.series': v.strictObject({
    flow: index,
    side: v.picklist(SIDES),
    fromNs: time,
    toNs: time,
    columns: v.pipe(upTo(BOUNDS.columns), v.minValue(1)),
  }),
  'packets.messages': v.strictObject({ packets: v.pipe(v.array(index), v.maxLength(BOUNDS.messages)) }),
  'flows.stream': v.strictObject({
    ...streamQuery,
    place: v.nullable(index),
    packet: v.nullable(index),
    bytes: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(BOUNDS.streamBytes)),
  }),
  'flows.search': v.strictObject({
    ...streamQuery,
    find: v.pipe(v.string(), v.minLength(1), v.maxLength(BOUNDS.findLength)),
    as: v.picklist(['text', 'hex']),
    matchCase: v.boolean(),
  }),
  'flows.messages': v.strictObject({
    flow: index,
    as: v.picklist(['http', 'tls']),
    from: index,
    count: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(BOUNDS.streamMessages)),
  }),
  'export.start': v.strictObject({
    subject: v.variant('kind', [
      v.strictObject({ kind: v.literal('reset'), packet: index }),
      v.strictObject({ kind: v.literal('flow'), flow: index }),
      v.strictObject({ kind: v.literal('finding'), reset: index }),
      v.strictObject({ kind: v.literal('failures') }),
      v.strictObject({ kind: v.literal('filter'), filter }),
      v.strictObject({
        kind: v.literal('table'),
        table: v.picklist(TABLES),
        format: v.picklist(TABLE_FORMATS),
        filter,
      }),
    ]),
    anonymise: v.boolean(),
    notes: v.pipe(
      v.array(
        v.strictObject({
          packet: index,
          text: v.pipe(v.string(), v.minLength(1), v.maxLength(BOUNDS.exportNoteLength)),
        }),
      ),
      v.maxLength(BOUNDS.exportNotes),
    ),
  }),
  'export.read': v.strictObject({ id: index, file: index, from: index }),
  'export.stop': v.strictObject({ id: index }),
  'report.make': v.strictObject({
    subject: v.variant('kind', [
      v.strictObject({ kind: v.literal('reset'), packet: index }),
      v.strictObject({ kind: v.literal('finding'), example: index }),
      v.strictObject({ kind: v.literal('flow'), flow: index }),
      v.strictObject({ kind: v.literal('failures') }),
      v.strictObject({ kind: v.literal('capture') }),
    ]),
    format: v.picklist(REPORT_FORMATS),
    anonymise: v.boolean(),
    names: v.pipe(v.array(namedPlace), v.maxLength(NAME_BOUNDS.names)),
    notes: v.pipe(v.array(reportNote), v.maxLength(REPORT_BOUNDS.notes)),
  }),
  'report.pdf': v.strictObject({
    html: v.pipe(v.string(), v.minLength(1), v.maxLength(REPORT_BOUNDS.htmlLength)),
  }),
  'notes.read': nothing,
  'notes.put': v.strictObject({
    id: v.nullable(noteId),
    version: index,
    target: noteTarget,
    text: noteText,
    isMarked: v.boolean(),
  }),
  'notes.mark': v.strictObject({ targets: noteTargets, isMarked: v.boolean() }),
  'notes.remove': v.strictObject({
    notes: v.pipe(
      v.array(v.strictObject({ file: index, id: noteId })),
      v.minLength(1),
      v.maxLength(NOTE_BOUNDS.entries),
    ),
  }),
  'notes.undo': nothing,
  'notes.redo': nothing,
  'notes.keepBeside': v.strictObject({ file: index, isWanted: v.boolean() }),
};

/** Those of the methods that a host answers by itself. */
export const HOST_METHOD_SCHEMAS = those((method) => isHostMethod(method)) as Schemas<HostMethod>;
/** Those of the methods that an engine answers. */
export const ENGINE_METHOD_SCHEMAS = those((method) => !isHostMethod(method)) as Schemas<EngineMethod>;

export function isHostMethod(method: MethodName): method is HostMethod {
  return (HOST_METHODS as readonly MethodName[]).includes(method);
}

function those(isOne: (method: MethodName) => boolean): Partial<Schemas<MethodName>> {
  return Object.fromEntries(
    Object.entries(METHOD_SCHEMAS).filter(([method]) => isOne(method as MethodName)),
  ) as Partial<Schemas<MethodName>>;
}
