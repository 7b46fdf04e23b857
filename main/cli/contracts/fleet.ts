/** What `fleet` prints with `--json`. */
import * as v from 'valibot';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import { ORIGIN_KINDS, SIDES } from '../../../shared/model/verdict.ts';
import type { Contract } from './contract.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** ISO 8601, UTC, nanoseconds. */
const time = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/u));
/** 64 bits, signed, which no double holds. */
const key = v.pipe(v.string(), v.regex(/^-?\d{1,19}$/u));

const host = v.strictObject({
  host: v.string(),
  site: v.string(),
  /** Null for files. */
  interface: v.nullable(v.string()),
  from: time,
  to: time,
  /** In which it captured nothing, or nobody brought it. */
  gaps: v.array(v.strictObject({ from: time, to: time })),
  packets: count,
  resets: count,
  /** Packets; null where nobody counted. */
  lost: v.nullable(count),
  spoolLostFiles: count,
  /** Null where nobody said. */
  clockBoundSeconds: v.nullable(v.number()),
  keyId: v.nullable(v.string()),
  isAnonymised: v.boolean(),
  engineVersions: v.array(v.string()),
  weightsVersions: v.array(v.string()),
});

/** Which hosts and times are in an answer, and which are missing. */
export const FLEET_COVERAGE_SCHEMA = v.strictObject({
  sentence: v.string(),
  hosts: v.array(host),
  moreHosts: count,
  missing: v.array(
    v.strictObject({ kind: v.picklist(['shard', 'file', 'host']), name: v.string(), why: v.string() }),
  ),
  shards: v.strictObject({ answered: count, total: count }),
});

const id = { capture: key, segment: count, reset: count };

export const FLEET_RESET_SCHEMA = v.strictObject({
  time,
  ...id,
  host: v.string(),
  site: v.string(),
  client: v.string(),
  server: v.string(),
  serverName: v.nullable(v.string()),
  claimed: v.picklist(SIDES),
  origin: v.picklist(ORIGIN_KINDS),
  originLabel: v.string(),
  confidence: probability,
  cause: v.picklist(CAUSE_CODES),
  matters: v.boolean(),
  count,
  summary: v.string(),
  next: v.string(),
  file: v.nullable(v.string()),
  frame: v.nullable(count),
  caseName: v.nullable(v.string()),
});

const finding = v.strictObject({
  server: v.string(),
  serverName: v.nullable(v.string()),
  claimed: v.picklist(SIDES),
  origin: v.picklist(ORIGIN_KINDS),
  originSide: v.nullable(v.string()),
  cause: v.picklist(CAUSE_CODES),
  count,
  matters: count,
  hosts: count,
  sites: v.array(v.string()),
  first: time,
  last: time,
  meanConfidence: probability,
  example: v.strictObject(id),
});

/** What another host says of a reset. */
const witness = v.strictObject({
  host: v.string(),
  site: v.string(),
  /** Null for files. */
  interface: v.nullable(v.string()),
  sees: v.picklist(['seen', 'absent', 'unclear']),
  /** Null where the TTLs do not tell. */
  isNearerSender: v.nullable(v.boolean()),
  by: v.picklist(['match-key', 'isn-key', 'ends-and-time']),
  because: v.array(v.string()),
});

const join = v.strictObject({
  reset: FLEET_RESET_SCHEMA,
  witnesses: v.array(witness),
  /** `forged`: made by a device on the path. `sent`: by who it claims. `open`: no other host proves either. */
  verdict: v.picklist(['forged', 'sent', 'open']),
  /** Hosts between which it was made, from the receiver’s side; null where nothing bounds it. */
  between: v.nullable(v.strictTuple([v.string(), v.string()])),
  sentence: v.string(),
  next: v.string(),
});

const schema = v.literal(1);
const cell = v.nullable(v.union([v.string(), v.number(), v.boolean()]));

export const FLEET_CONTRACTS: readonly Contract[] = [
  {
    name: 'fleet-query',
    title: 'Answer of a fleet to SQL',
    schema: v.strictObject({
      schema,
      columns: v.array(v.strictObject({ name: v.string(), type: v.string() })),
      /** In the order of the columns; times are ISO 8601, whole numbers that no double holds are text. */
      rows: v.array(v.array(cell)),
      /** There are more rows than were asked for. */
      isCut: v.boolean(),
      coverage: FLEET_COVERAGE_SCHEMA,
    }),
    command: ['fleet', 'query', 'SELECT count(*) FROM flows', '--store', 'FOLDER', '--format', 'json'],
    isTestedApart: true,
  },
  {
    name: 'fleet-findings',
    title: 'Findings of a fleet',
    schema: v.strictObject({
      schema,
      findings: v.array(finding),
      total: count,
      coverage: FLEET_COVERAGE_SCHEMA,
    }),
    command: ['fleet', 'findings', '--store', 'FOLDER', '--json'],
    isTestedApart: true,
  },
  {
    name: 'fleet-resets',
    title: 'Resets of a fleet',
    schema: v.strictObject({
      schema,
      resets: v.array(FLEET_RESET_SCHEMA),
      total: count,
      coverage: FLEET_COVERAGE_SCHEMA,
    }),
    command: ['fleet', 'resets', '--store', 'FOLDER', '--json'],
    isTestedApart: true,
  },
  {
    name: 'fleet-join',
    title: 'Resets of a fleet, held against all hosts that captured their connections',
    schema: v.strictObject({
      schema,
      joins: v.array(join),
      /** Rows of resets in the scope; what several hosts captured is one of the joins. */
      total: count,
      counts: v.strictObject({ forged: count, sent: count, open: count }),
      coverage: FLEET_COVERAGE_SCHEMA,
    }),
    command: ['fleet', 'join', '--store', 'FOLDER', '--json'],
    isTestedApart: true,
  },
  {
    name: 'fleet-coverage',
    title: 'What is in a fleet, and what is missing',
    schema: v.strictObject({ schema, coverage: FLEET_COVERAGE_SCHEMA }),
    command: ['fleet', 'coverage', '--store', 'FOLDER', '--json'],
    isTestedApart: true,
  },
];
