/** What `--json` promises to those who read it. Fields may be added; none is taken away within a schema number. */
import * as v from 'valibot';
import { CAUSE_CODES } from '../../shared/model/cause.ts';
import type { Ending } from '../../shared/model/failure.ts';
import { ENDINGS, FAILURE_KINDS } from '../../shared/model/failure.ts';
import {
  EVIDENCE_FAMILIES,
  FAVOURS,
  OBEYED,
  ORIGIN_KINDS,
  PROGRAM_SEES,
  RESET_FAMILIES,
  SIDES,
} from '../../shared/model/verdict.ts';
import type { Changed } from '../../shared/model/join.ts';
import { CHANGED, MATCH_CLASSES } from '../../shared/model/join.ts';
import { WARNING_CODES } from '../../shared/model/warning.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const words = v.pipe(v.string(), v.minLength(1));
/** ISO 8601, UTC, nanoseconds. */
const time = v.pipe(v.string(), v.regex(/^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/u));
/** 10.0.0.1:80 or [2001:db8::1]:80 */
const endpoint = v.pipe(v.string(), v.regex(/^(?:[\d.]+|\[[\da-f:.]+\]):\d{1,5}$/u));
const side = v.picklist(SIDES);
/** Where an origin is: on a side of the connection, or on the path between the two. */
const originSide = v.picklist([...SIDES, 'path']);

export const FILE_SCHEMA = v.object({
  path: words,
  format: v.string(),
  linkTypes: v.array(v.string()),
  packets: count,
  bytes: count,
  first: v.nullable(time),
  last: v.nullable(time),
  warnings: v.array(
    v.object({
      code: v.picklist(WARNING_CODES),
      message: words,
      offset: v.nullable(count),
      packet: v.nullable(count),
      lossy: v.boolean(),
    }),
  ),
  moreWarnings: count,
});

/** A process of the capturing machine. */
const owner = v.object({ name: words, pid: count, cgroup: v.nullable(words) });

/** What a reset has besides where captures were joined. */
const journey = {
  /** From its claimed sender on. */
  seenAt: v.pipe(
    v.array(
      v.object({
        file: count,
        frame: v.pipe(count, v.minValue(1)),
        /** First file of the capture point. */
        place: count,
        time,
        /** Frames at which it was captured there once more. */
        copies: v.array(v.pipe(count, v.minValue(1))),
      }),
    ),
    v.minLength(1),
  ),
  /** Capture points that hold its connection and not the reset, each by its first file. */
  absentAt: v.array(
    v.object({
      file: count,
      /** 95 % bound of the share of packets that pass there and are not captured. */
      lossBound: probability,
      lies: v.picklist(['before', 'beyond', 'unknown']),
      doubt: v.nullable(words),
    }),
  ),
  born: v.nullable(v.object({ between: v.tuple([count, count]) })),
  proven: v.boolean(),
  /** The reset to the other end that is one act with this one. */
  sameActAs: v.nullable(v.object({ file: count, frame: v.pipe(count, v.minValue(1)) })),
};

export const RESET_SCHEMA = v.object({
  file: count,
  frame: v.pipe(count, v.minValue(1)),
  time,
  flow: v.object({
    id: count,
    client: endpoint,
    server: endpoint,
    serverName: v.nullable(words),
    state: v.string(),
    history: v.string(),
    tunnel: v.nullable(words),
  }),
  claimed: side,
  family: v.picklist(RESET_FAMILIES),
  origin: v.object({
    kind: v.picklist(ORIGIN_KINDS),
    hops: v.nullable(v.pipe(count, v.maxValue(255))),
    side: v.nullable(originSide),
    label: words,
    confidence: probability,
  }),
  cause: v.object({
    code: v.picklist(CAUSE_CODES),
    confidence: probability,
    alternatives: v.array(v.picklist(CAUSE_CODES)),
  }),
  matters: v.boolean(),
  obeyed: v.picklist(OBEYED),
  unacknowledgedBytes: v.object({ client: v.nullable(count), server: v.nullable(count) }),
  /** Since the packet before it. */
  idleSeconds: v.nullable(v.pipe(v.number(), v.minValue(0))),
  /** Before what a timer could have measured: the reset, the FIN or probe of its sender, or the packet that it answers. */
  silenceSeconds: v.nullable(v.pipe(v.number(), v.minValue(0))),
  payloadText: v.nullable(words),
  evidence: v.array(
    v.object({
      code: v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)),
      family: v.picklist(EVIDENCE_FAMILIES),
      favours: v.picklist(FAVOURS),
      weight: v.pipe(v.number(), v.minValue(0)),
      frames: v.array(v.pipe(count, v.minValue(1))),
      text: words,
    }),
  ),
  /** What the capturing machine's kernel said of it; null where it was not asked or is not concerned. */
  witness: v.nullable(
    v.object({
      word: v.picklist(['sent', 'not-sent', 'received']),
      reason: v.nullable(words),
      process: v.nullable(owner),
    }),
  ),
  owners: v.object({ client: v.nullable(owner), server: v.nullable(owner) }),
  limitations: v.array(words),
  /** What the program at each end sees of it. */
  sees: v.object({ client: v.picklist(PROGRAM_SEES), server: v.picklist(PROGRAM_SEES) }),
  summary: words,
  /** What happened with this connection, in the order of time. */
  story: words,
  next: words,
  /** The frame whose verdict it has, where it is one of a burst that is spelled out. */
  burstOf: v.optional(v.pipe(count, v.minValue(1))),
  /** Of a burst: how many resets it stands for, the newest of them, and in a file all of their frames. */
  count: v.optional(v.pipe(count, v.minValue(2))),
  lastFrame: v.optional(v.pipe(count, v.minValue(1))),
  last: v.optional(time),
  frames: v.optional(v.array(v.pipe(count, v.minValue(1)))),
  ...v.partial(v.object(journey)).entries,
});

/** A reset of captures that are compared, or were joined. */
export const JOINED_RESET_SCHEMA = v.object({ ...RESET_SCHEMA.entries, ...journey });

export const FINDING_SCHEMA = v.object({
  kind: v.picklist(ORIGIN_KINDS),
  side: v.nullable(originSide),
  /** In whose name the resets were sent. */
  claimed: v.picklist([...SIDES, 'both']),
  hops: v.nullable(v.pipe(count, v.maxValue(255))),
  cause: v.picklist(CAUSE_CODES),
  label: words,
  server: endpoint,
  serverName: v.nullable(words),
  count: v.pipe(count, v.minValue(1)),
  matters: count,
  noise: v.boolean(),
  clients: v.pipe(count, v.minValue(1)),
  first: time,
  last: time,
  perHour: v.nullable(v.pipe(v.number(), v.minValue(0))),
  idle: v.nullable(
    v.object({
      medianSeconds: v.pipe(v.number(), v.minValue(0)),
      spreadSeconds: v.pipe(v.number(), v.minValue(0)),
      constant: v.boolean(),
      matchesKnownTimeout: v.nullable(words),
    }),
  ),
  meanConfidence: probability,
  sentence: words,
  next: words,
  /** Examples, the best evidence first. */
  resets: v.pipe(v.array(v.object({ file: count, frame: v.pipe(count, v.minValue(1)) })), v.minLength(1)),
});

/** Connections by how they ended; all endings are there. */
export const ENDINGS_SCHEMA = v.object(
  Object.fromEntries(ENDINGS.map((ending) => [ending, count])) as Record<Ending, typeof count>,
);

/** A connection or request that failed without a reset. */
export const FAILURE_SCHEMA = v.object({
  file: count,
  frame: v.pipe(count, v.minValue(1)),
  time,
  flow: v.object({ id: count, client: endpoint, server: endpoint, serverName: v.nullable(words) }),
  protocol: v.picklist(['tcp', 'udp']),
  kind: v.picklist(FAILURE_KINDS),
  /** Whose doing it was; null where the capture cannot tell. */
  side: v.nullable(originSide),
  tries: v.pipe(count, v.minValue(1)),
  seconds: v.pipe(v.number(), v.minValue(0)),
  recovered: v.boolean(),
  matters: v.boolean(),
  confidence: probability,
  evidence: v.pipe(
    v.array(
      v.object({
        code: v.pipe(v.string(), v.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u)),
        frames: v.array(v.pipe(count, v.minValue(1))),
        text: words,
      }),
    ),
    v.minLength(1),
  ),
  summary: words,
  next: words,
});

export const ICMP_ERROR_SCHEMA = v.object({
  file: count,
  frame: v.pipe(count, v.minValue(1)),
  time,
  flow: v.object({ id: v.nullable(count), client: endpoint, server: endpoint }),
  protocol: v.picklist(['tcp', 'udp']),
  ipVersion: v.picklist([4, 6]),
  type: v.pipe(count, v.maxValue(255)),
  code: v.pipe(count, v.maxValue(255)),
  reporter: v.pipe(v.string(), v.regex(/^[\da-f.:]+$/u)),
  told: side,
  name: words,
  meaning: words,
});

const whole = v.pipe(v.number(), v.integer());
const loss = v.nullable(probability);

/** A capture point. */
export const PLACE_SCHEMA = v.object({
  /** First of its files. */
  file: count,
  /** Along the path from the client, from 0; null where nothing tells. */
  order: v.nullable(count),
  /** What is to be taken off its times to have them on the clock of the place whose offset is 0. */
  offsetNs: whole,
  /** Half of the interval in which the offset lies; null where it is not known. */
  offsetErrorNs: v.nullable(count),
  driftPpm: v.number(),
  name: words,
  files: v.pipe(v.array(count), v.minLength(1)),
  /** Whether it shares a connection with another one. */
  joined: v.boolean(),
  hopsToNext: v.nullable(count),
  steps: v.array(v.object({ time, byNs: whole })),
});

/** Two capture points that share connections, without these. */
export const PAIR_SCHEMA = v.object({
  /** First files of the two. */
  files: v.tuple([count, count]),
  class: v.picklist(MATCH_CLASSES),
  lossToSecond: loss,
  lossToFirst: loss,
  connections: v.pipe(count, v.minValue(1)),
  matched: count,
  onlyFirst: count,
  onlySecond: count,
  changed: count,
  changes: v.array(v.picklist(Object.keys(CHANGED) as Changed[])),
  roundTripNs: v.nullable(count),
  found: v.array(words),
});

/** One connection at both capture points of a pair. */
export const JOINED_FLOWS_SCHEMA = v.object({
  /** As `flow.id` of resets, as texts, in the order of the pair's files. */
  ids: v.tuple([v.pipe(v.string(), v.digits()), v.pipe(v.string(), v.digits())]),
  class: v.picklist(MATCH_CLASSES),
  matched: count,
  onlyFirst: count,
  onlySecond: count,
  changed: count,
});

export const ANALYSIS_SCHEMA = v.object({
  schema: v.literal(1),
  files: v.array(FILE_SCHEMA),
  /** Of captures that were joined: there are neither of them otherwise. */
  places: v.optional(v.array(PLACE_SCHEMA)),
  pairs: v.optional(v.array(PAIR_SCHEMA)),
  flows: count,
  findings: v.array(FINDING_SCHEMA),
  moreFindings: count,
  resets: v.array(RESET_SCHEMA),
  endings: ENDINGS_SCHEMA,
  failures: v.array(FAILURE_SCHEMA),
  moreFailures: count,
  icmpErrors: v.array(ICMP_ERROR_SCHEMA),
});

/** What `compare` writes: an analysis in which nothing of captures that hold the same traffic is left out. */
export const COMPARISON_SCHEMA = v.object({
  ...ANALYSIS_SCHEMA.entries,
  places: v.array(PLACE_SCHEMA),
  pairs: v.array(v.object({ ...PAIR_SCHEMA.entries, flows: v.array(JOINED_FLOWS_SCHEMA) })),
  resets: v.array(JOINED_RESET_SCHEMA),
});

export type ComparisonJson = v.InferOutput<typeof COMPARISON_SCHEMA>;
export type AnalysisJson = v.InferOutput<typeof ANALYSIS_SCHEMA>;
export type ResetJson = v.InferOutput<typeof RESET_SCHEMA>;
