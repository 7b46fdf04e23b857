/**
 * The parameters of methods.ts as run-time schemas, for the end that serves. They have bounds: an interface can ask for a
 * lot, but not for everything at once.
 */
import * as v from 'valibot';
import { SAMPLE_NAMES } from '../model/sample.ts';
import { LIVE_LIMITS, liveOptions, catchRule } from './live-schemas.ts';
import type { EngineMethod, HostMethod, MethodName, Params } from './methods.ts';
import { FAILURE_COLUMNS, FLOW_COLUMNS, HOST_METHODS, RESET_COLUMNS } from './methods.ts';

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
  /** Bytes of a reassembled stream in one answer; well below the largest frame. */
  streamBytes: 8 * 1024 * 1024,
} as const;

export const nothing = v.custom<Record<string, never>>(
  (input) => typeof input === 'object' && input !== null && Object.keys(input).length === 0,
  'no parameters are taken',
);
const index = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(BOUNDS.rows));
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
const window = { from: index, count };
const packetQuery = { filter, flow: v.nullable(index) };

/** What is opened together. */
export const openedPaths = v.pipe(v.array(path), v.minLength(1), v.maxLength(BOUNDS.paths));
const frameAddress = v.strictObject({ file: index, frame: index });

type Schemas<M extends MethodName> = { readonly [K in M]: v.GenericSchema<unknown, Params<K>> };

export const METHOD_SCHEMAS: Schemas<MethodName> = {
  'host.capabilities': nothing,
  'host.recent': nothing,
  'host.forgetRecent': v.strictObject({ path }),
  'host.samples': nothing,
  'host.openSample': v.strictObject({ name: v.picklist(SAMPLE_NAMES) }),
  'host.openInWireshark': v.strictObject({ path, frame: v.pipe(index, v.minValue(1)) }),
  'host.pickFiles': nothing,
  'capture.open': v.strictObject({
    paths: openedPaths,
    follow: v.boolean(),
    replace: v.optional(v.boolean()),
  }),
  'capture.list': nothing,
  'capture.show': v.strictObject({ capture: index }),
  'capture.cancel': nothing,
  'capture.close': v.strictObject({ capture: v.optional(index) }),
  'capture.progress': nothing,
  'capture.summary': nothing,
  'capture.overview': v.strictObject({
    buckets: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(BOUNDS.buckets)),
    filter,
  }),
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
  'filter.values': v.strictObject({
    field: v.pipe(v.string(), v.maxLength(BOUNDS.fieldLength)),
    prefix: filter,
    count,
  }),
  'flows.packets': v.strictObject({ flow: index, ...window }),
  'flows.stream': v.strictObject({
    flow: index,
    from: v.picklist(['client', 'server']),
    maxBytes: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(BOUNDS.streamBytes)),
  }),
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
