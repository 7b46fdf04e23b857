/** The fields that a quick filter can ask about: their names, the values they take, and where a row holds them. */
import { CAUSE_CODES } from '../model/cause.ts';
import { ENDINGS } from '../model/ending.ts';
import type { FailureRow } from '../model/failure.ts';
import type { FlowRow, ResetRow } from '../model/rows.ts';
import { OBEYED, ORIGIN_KINDS, RESET_FAMILIES, SIDES } from '../model/verdict.ts';

export type Row = ResetRow | FlowRow | FailureRow;

/** Whether a row is one of a reset: only they have a cause. */
export function isReset(row: Row): row is ResetRow {
  return 'cause' in row;
}

/** Whether a row is one of a failure without a reset: only they have tries. */
export function isFailure(row: Row): row is FailureRow {
  return 'tries' in row;
}

interface FieldBase {
  readonly name: string;
  /** What the field is about, for the help and for completion. */
  readonly about: string;
}

/** Takes one of a closed list of words; a part of a word is enough. */
export interface WordField extends FieldBase {
  readonly kind: 'word';
  readonly words: readonly string[];
  read(row: Row): readonly string[];
}

/** Takes any text; matches where the row's text contains it, in either case. */
export interface TextField extends FieldBase {
  readonly kind: 'text';
  read(row: Row): readonly string[];
}

/** Takes addresses, CIDR blocks, endpoints; text matches as in a text field. */
export interface EndpointField extends FieldBase {
  readonly kind: 'endpoint';
  /** Whether only addresses and blocks are taken. */
  readonly addressOnly: boolean;
  /** Endpoints as text. */
  read(row: Row): readonly string[];
  /** Names that text matches as well. */
  names(row: Row): readonly string[];
}

/** Takes numbers, also behind > < >= <=. */
export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly unit: 'count' | 'seconds' | 'ratio';
  /** Undefined where the row does not know. */
  read(row: Row): readonly (number | undefined)[];
}

export type Field = WordField | TextField | EndpointField | NumberField;

function known(value: number): number | undefined {
  return value < 0 ? undefined : value;
}

function portOf(endpoint: string): number {
  return Number(endpoint.slice(endpoint.lastIndexOf(':') + 1));
}

const NONE: readonly never[] = [];

function onReset<T>(read: (row: ResetRow) => readonly T[]): (row: Row) => readonly T[] {
  return (row) => (isReset(row) ? read(row) : NONE);
}

function onFlow<T>(read: (row: FlowRow) => readonly T[]): (row: Row) => readonly T[] {
  return (row) => (isReset(row) || isFailure(row) ? NONE : read(row));
}

function onFailure<T>(read: (row: FailureRow) => readonly T[]): (row: Row) => readonly T[] {
  return (row) => (isFailure(row) ? read(row) : NONE);
}

/** Of what is told one by one, each with a frame and a confidence: resets, and failures without one. */
function onEvent<T>(read: (row: ResetRow | FailureRow) => readonly T[]): (row: Row) => readonly T[] {
  return (row) => (isReset(row) || isFailure(row) ? read(row) : NONE);
}

export const FILTER_FIELDS: readonly Field[] = [
  {
    name: 'origin',
    about: 'who sent the reset: endpoint, middlebox, unknown; or on which side: client, server, path',
    kind: 'word',
    words: [...ORIGIN_KINDS, ...SIDES, 'path'],
    read: onReset((row) => [row.kind, row.side]),
  },
  {
    name: 'cause',
    about: 'why: a cause code or a part of it',
    kind: 'word',
    words: CAUSE_CODES,
    read: onReset((row) => [row.cause]),
  },
  {
    name: 'matters',
    about: 'whether it ended unfinished work: yes, no',
    kind: 'word',
    words: ['yes', 'no'],
    read: onEvent((row) => [row.matters ? 'yes' : 'no']),
  },
  {
    name: 'ending',
    about: 'how the connection ended: clean, no-answer, went-silent …',
    kind: 'word',
    words: ENDINGS,
    read: (row) => (isReset(row) ? NONE : [isFailure(row) ? row.kind : row.ending]),
  },
  {
    name: 'side',
    about: 'whose doing the failure was: client, server, path',
    kind: 'word',
    words: [...SIDES, 'path'],
    read: onFailure((row) => (row.side === null ? NONE : [row.side])),
  },
  {
    name: 'recovered',
    about: 'whether the failed connection went on after all: yes, no',
    kind: 'word',
    words: ['yes', 'no'],
    read: onFailure((row) => [row.recovered ? 'yes' : 'no']),
  },
  {
    name: 'claimed',
    about: 'whose address the reset carries: client, server',
    kind: 'word',
    words: SIDES,
    read: onReset((row) => [row.claimed]),
  },
  {
    name: 'family',
    about: 'how the reset is built: active, reply, syn-reply, irregular',
    kind: 'word',
    words: RESET_FAMILIES,
    read: onReset((row) => [row.family]),
  },
  {
    name: 'obeyed',
    about: 'what its receiver does: yes, challenged, ignored, unknown',
    kind: 'word',
    words: OBEYED,
    read: onReset((row) => [row.obeyed]),
  },
  {
    name: 'ip',
    about: 'address of either side: 10.0.0.1, 10.0.0.0/8, 2001:db8::/32',
    kind: 'endpoint',
    addressOnly: true,
    read: (row) => [row.client, row.server],
    names: () => NONE,
  },
  {
    name: 'client',
    about: 'the client: address, CIDR block, address:port, or a part of it',
    kind: 'endpoint',
    addressOnly: false,
    read: (row) => [row.client],
    names: () => NONE,
  },
  {
    name: 'server',
    about: 'the server: address, CIDR block, address:port, name, or a part of it',
    kind: 'endpoint',
    addressOnly: false,
    read: (row) => [row.server],
    names: (row) => [row.serverName],
  },
  {
    name: 'host',
    about: 'name of the server: SNI, HTTP host or DNS name, or a part of it',
    kind: 'text',
    read: (row) => [row.serverName],
  },
  {
    name: 'port',
    about: 'port of either side',
    kind: 'number',
    unit: 'count',
    read: (row) => [portOf(row.client), portOf(row.server)],
  },
  {
    name: 'frame',
    about: 'number of the packet in its file',
    kind: 'number',
    unit: 'count',
    read: onEvent((row) => [row.frame]),
  },
  {
    name: 'flow',
    about: 'number of the flow',
    kind: 'number',
    unit: 'count',
    read: (row) => [isReset(row) ? row.flow : row.id],
  },
  {
    name: 'file',
    about: 'number of the file, from 0',
    kind: 'number',
    unit: 'count',
    read: (row) => [row.file],
  },
  {
    name: 'idle',
    about: 'silence before the reset: >60, >=5min, <200ms',
    kind: 'number',
    unit: 'seconds',
    read: onReset((row) => [known(row.idleSeconds)]),
  },
  {
    name: 'conf',
    about: 'confidence in the origin, or in the failure: >0.9, <60%',
    kind: 'number',
    unit: 'ratio',
    read: onEvent((row) => [row.confidence]),
  },
  {
    name: 'hops',
    about: 'routers between capture point and sender of the reset',
    kind: 'number',
    unit: 'count',
    read: onReset((row) => [known(row.hops)]),
  },
  {
    name: 'unacked',
    about: 'bytes sent and not acknowledged when the reset came',
    kind: 'number',
    unit: 'count',
    read: onReset((row) => [known(row.unacknowledged)]),
  },
  {
    name: 'label',
    about: 'who sent it, in words',
    kind: 'text',
    read: onReset((row) => [row.label]),
  },
  {
    name: 'state',
    about: 'state of the connection as Zeek names it: S0, SF, RSTO …',
    kind: 'text',
    read: onFlow((row) => [row.state]),
  },
  {
    name: 'app',
    about: 'application protocol: tls, http …',
    kind: 'text',
    read: onFlow((row) => [row.application]),
  },
  {
    name: 'proto',
    about: 'tcp or udp',
    kind: 'word',
    words: ['tcp', 'udp'],
    read: (row) => [isReset(row) ? 'tcp' : row.protocol],
  },
  {
    name: 'marks',
    about: 'marks of the flow: mid-stream, one-sided, duplicated …',
    kind: 'text',
    read: onFlow((row) => [row.marks]),
  },
  {
    name: 'resets',
    about: 'resets of the flow',
    kind: 'number',
    unit: 'count',
    read: onFlow((row) => [row.resets]),
  },
  {
    name: 'packets',
    about: 'packets of the flow',
    kind: 'number',
    unit: 'count',
    read: onFlow((row) => [row.packets]),
  },
  {
    name: 'bytes',
    about: 'payload bytes of the flow, both ways together',
    kind: 'number',
    unit: 'count',
    read: onFlow((row) => [row.clientBytes + row.serverBytes]),
  },
  {
    name: 'duration',
    about: 'time from the first to the last packet of the flow',
    kind: 'number',
    unit: 'seconds',
    read: onFlow((row) => [row.durationNs / 1e9]),
  },
  {
    name: 'rtt',
    about: 'round trip of the handshake: >200ms',
    kind: 'number',
    unit: 'seconds',
    read: onFlow((row) => [row.rttNs < 0 ? undefined : row.rttNs / 1e9]),
  },
  {
    name: 'tries',
    about: 'how often the failed connection sent what got no answer',
    kind: 'number',
    unit: 'count',
    read: onFailure((row) => [row.tries]),
  },
  {
    name: 'seconds',
    about: 'how long the failed connection tried or waited: >5, >1min',
    kind: 'number',
    unit: 'seconds',
    read: onFailure((row) => [row.seconds]),
  },
  {
    name: 'retransmissions',
    about: 'segments of the flow sent again',
    kind: 'number',
    unit: 'count',
    read: onFlow((row) => [row.retransmissions]),
  },
];

const BY_NAME: ReadonlyMap<string, Field> = new Map(FILTER_FIELDS.map((field) => [field.name, field]));

export function fieldNamed(name: string): Field | undefined {
  return BY_NAME.get(name);
}
