/** Options of live capture as run-time schemas: they become arguments of programs, so what they may be is stated here. */
import * as v from 'valibot';
import { CAUSE_CODES } from '../model/cause.ts';
import { ORIGIN_KINDS } from '../model/verdict.ts';
import { CAPTURE_SOURCES } from '../model/live.ts';

export const LIVE_LIMITS = {
  /** Longest name of an interface, of a remote host, of a file: characters. */
  nameLength: 255,
  /** Linux' PATH_MAX (limits.h). */
  pathLength: 4096,
  filterLength: 4096,
  /** Bytes kept of a packet; libpcap's own maximum. */
  snapLength: { min: 64, max: 262_144 },
  /** The kernel's buffer, bytes. */
  bufferBytes: { min: 256 * 1024, max: 1024 ** 3 },
  ringFileBytes: { min: 1024 ** 2, max: 64 * 1024 ** 3 },
  ringFileSeconds: { min: 1, max: 7 * 24 * 3600 },
  ringFiles: { min: 2, max: 10_000 },
  keepFreeBytes: { min: 0, max: 1024 ** 5 },
  /** Seconds kept around a caught reset. */
  caseSeconds: { min: 0, max: 3600 },
} as const;

function whole({ min, max }: { readonly min: number; readonly max: number }) {
  return v.pipe(v.number(), v.safeInteger(), v.minValue(min), v.maxValue(max));
}

/** A word that becomes an argument of a program: never an option, never with anything that cannot be seen. */
const argument = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(LIVE_LIMITS.nameLength),
  v.regex(/^[^\p{Cc}\p{Zl}\p{Zp}]+$/u, 'it holds control characters'),
  v.regex(/^[^-]/u, 'it must not start with a dash'),
);

/**
 * A name, and no place: dumpcap would connect to TCP@host:port, and to a socket or pipe that a path names, libpcap to rpcap://host. No
 * interface of any system has a slash in its name.
 */
const interfaceName = v.pipe(
  argument,
  v.excludes('/', 'it is no name of an interface'),
  v.regex(/^(?!tcp@)/iu, 'it is no name of an interface'),
);

const filter = v.pipe(
  v.string(),
  v.maxLength(LIVE_LIMITS.filterLength),
  v.excludes('\0', 'a filter has no NUL'),
);

export const catchRule = v.strictObject({
  origins: v.array(v.picklist(ORIGIN_KINDS)),
  causes: v.array(v.picklist(CAUSE_CODES)),
  filter,
  onlyThatMatter: v.boolean(),
  beforeSeconds: whole(LIVE_LIMITS.caseSeconds),
  afterSeconds: whole(LIVE_LIMITS.caseSeconds),
});

/** Where packets are captured. */
const place = {
  source: v.picklist(['auto', ...CAPTURE_SOURCES]),
  interface: interfaceName,
  host: v.nullable(argument),
  filter,
};

export const liveOptions = v.strictObject({
  ...place,
  snapLength: whole(LIVE_LIMITS.snapLength),
  promiscuous: v.boolean(),
  bufferBytes: whole(LIVE_LIMITS.bufferBytes),
  folder: v.nullable(
    v.pipe(v.string(), v.minLength(1), v.maxLength(LIVE_LIMITS.pathLength), v.excludes('\0')),
  ),
  ring: v.strictObject({
    fileBytes: whole(LIVE_LIMITS.ringFileBytes),
    fileSeconds: v.nullable(whole(LIVE_LIMITS.ringFileSeconds)),
    files: whole(LIVE_LIMITS.ringFiles),
  }),
  keepFreeBytes: whole(LIVE_LIMITS.keepFreeBytes),
  witness: v.boolean(),
  catch: v.nullable(catchRule),
  second: v.optional(v.nullable(v.strictObject(place)), null),
});
