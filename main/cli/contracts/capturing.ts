/** What `live --json`, `doctor --json` and `interfaces --json` print. */
import * as v from 'valibot';
import { CAUSE_CODES } from '../../../shared/model/cause.ts';
import { CAPTURE_SOURCES, LIVE_ERRORS, LIVE_PHASES } from '../../../shared/model/live.ts';
import { ORIGIN_KINDS } from '../../../shared/model/verdict.ts';
import { COMPARISON_SCHEMA, ENDINGS_SCHEMA, FAILURE_SCHEMA, RESET_SCHEMA } from '../schema.ts';
import { line } from './analysis.ts';
import type { Contract } from './contract.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const text = v.nullable(v.string());

const problem = v.strictObject({
  code: v.string(),
  title: v.string(),
  text: v.string(),
  /** One line to paste into a shell. */
  command: text,
  weight: v.picklist(['blocks', 'limits', 'danger']),
});

const diagnosis = v.strictObject({
  canCapture: v.boolean(),
  sources: v.array(
    v.strictObject({
      kind: v.picklist(CAPTURE_SOURCES),
      usable: v.boolean(),
      version: text,
      program: text,
      why: text,
      lacks: v.array(v.string()),
    }),
  ),
  problems: v.array(problem),
  confinement: v.optional(v.strictObject({ isConfined: v.boolean(), why: text })),
});

const interfaces = v.array(
  v.strictObject({
    name: v.string(),
    description: text,
    addresses: v.array(v.string()),
    up: v.boolean(),
    loopback: v.boolean(),
    wireless: v.boolean(),
    linkTypes: v.nullable(v.array(v.string())),
  }),
);

const losses = v.strictObject({
  kernel: v.nullable(count),
  interface: v.nullable(count),
  queue: count,
  analysis: count,
});
const liveError = v.nullable(
  v.strictObject({ code: v.picklist(LIVE_ERRORS), message: v.string(), problem: v.nullable(problem) }),
);

const status = v.strictObject({
  type: v.literal('status'),
  time: v.string(),
  phase: v.picklist(LIVE_PHASES),
  source: v.nullable(v.picklist(CAPTURE_SOURCES)),
  packets: count,
  bytes: count,
  packetsPerSecond: count,
  bytesPerSecond: count,
  resets: count,
  waiting: count,
  unjudged: count,
  untold: count,
  losses,
  lagBytes: count,
  witness: v.strictObject({
    state: v.picklist(['off', 'waiting', 'on', 'unavailable']),
    why: text,
    events: count,
    lost: count,
  }),
  files: count,
  filesGone: count,
  folder: text,
  freeBytes: v.nullable(count),
  error: liveError,
  /** Of the second place, where there is one. */
  second: v.optional(
    v.strictObject({
      phase: v.picklist(LIVE_PHASES),
      source: v.nullable(v.picklist(CAPTURE_SOURCES)),
      command: text,
      packets: count,
      bytes: count,
      packetsPerSecond: v.number(),
      bytesPerSecond: v.number(),
      losses,
      filesGone: count,
      folder: text,
      error: liveError,
    }),
  ),
  /** What was told to a fleet, where --spool was asked for. */
  spool: v.optional(
    v.strictObject({
      folder: v.string(),
      segments: count,
      failed: count,
      flows: count,
      resets: count,
      untold: count,
      bytes: count,
      lostFiles: count,
      lostBytes: count,
      error: text,
    }),
  ),
});

/** A caught reset, kept with the packets around it. */
const caught = v.strictObject({
  type: v.literal('case'),
  id: count,
  path: text,
  time: v.string(),
  summary: v.string(),
  client: v.string(),
  server: v.string(),
  origin: v.picklist(ORIGIN_KINDS),
  cause: v.picklist(CAUSE_CODES),
  confidence: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  resets: count,
  packets: count,
  error: text,
  secondPath: text,
});

export const CAPTURING_CONTRACTS: readonly Contract[] = [
  {
    name: 'live-line',
    title: 'A line of a live capture',
    schema: v.variant('type', [
      line('reset', RESET_SCHEMA),
      caught,
      line('endings', ENDINGS_SCHEMA),
      line('failure', FAILURE_SCHEMA),
      status,
      line('joined', COMPARISON_SCHEMA),
    ]),
    isLines: true,
    command: ['live', '-i', 'IFACE', '--json'],
    isTestedApart: true,
  },
  {
    name: 'interfaces',
    title: 'Interfaces that packets can be captured of',
    schema: interfaces,
    command: ['interfaces', '--json'],
  },
  {
    name: 'doctor',
    title: 'What can capture here, and what stands in the way',
    schema: diagnosis,
    command: ['doctor', '--json'],
  },
];
